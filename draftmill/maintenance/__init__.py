"""What keeps the house clean and finds what is wrong with it."""
