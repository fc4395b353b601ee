"""Starting, hearing and ending our own children. No domain."""
