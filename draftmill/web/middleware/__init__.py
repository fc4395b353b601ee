"""The door: who asks, from where, and what every answer carries."""
