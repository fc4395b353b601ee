"""Rows, transactions, and what changed."""
