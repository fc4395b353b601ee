"""Bytes on their way to the disk."""
