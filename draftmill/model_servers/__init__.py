"""The servers that speak as OpenAI's does: how they are reached, what they say, how they fail."""
