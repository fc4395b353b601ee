"""Writers: each turns a project's material into one draft."""
