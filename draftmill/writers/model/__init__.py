"""The writer with a language model."""
