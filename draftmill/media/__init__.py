"""What a file holds: its kind, its length, its sound and its pictures."""
