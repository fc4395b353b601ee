"""The pages: what a browser sends, checked, and what it is shown."""
