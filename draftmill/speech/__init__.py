"""From sound to sentences with times."""
