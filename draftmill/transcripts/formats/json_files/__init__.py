"""Transcripts as JSON, of whichever program."""
