"""Rows to what a template shows. Nothing here sees a request."""
