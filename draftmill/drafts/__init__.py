"""Drafts and their versions."""
