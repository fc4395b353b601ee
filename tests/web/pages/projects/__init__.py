"""The list of projects, and one project."""
