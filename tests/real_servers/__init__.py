"""Model servers as they really are: what the protocol is tried against, offline."""
