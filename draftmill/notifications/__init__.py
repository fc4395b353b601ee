"""Telling a user what happened while nobody looked."""
