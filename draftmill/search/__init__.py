"""Titles, transcripts and drafts found by their words."""
