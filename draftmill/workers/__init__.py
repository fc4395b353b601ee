"""The processes that do jobs."""
