"""A model or a server tried out before anybody relies on it: each time in a child of its own."""
