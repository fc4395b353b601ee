"""The writer without a model: an outline in the speaker's own words."""
