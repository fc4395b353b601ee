"""Handlers of the pages, a file a noun."""
