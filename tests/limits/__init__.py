"""Limits: what strangers send is bounded in time and memory, and freezes nobody else."""
