"""What was said, and how it is read, corrected and written."""
