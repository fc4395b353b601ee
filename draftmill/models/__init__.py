"""Models that lie in the data folder: which there are, how they come here, and how one is run."""
