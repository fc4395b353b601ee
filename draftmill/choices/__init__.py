"""What the owner chooses in the pages: over the defaults, below the environment."""
