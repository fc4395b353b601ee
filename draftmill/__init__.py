"""Draftmill turns a recording into drafts worth publishing."""

__version__ = "0.1.0"
