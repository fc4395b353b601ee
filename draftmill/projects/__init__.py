"""Projects: brought, found, listed, renamed, deleted."""
