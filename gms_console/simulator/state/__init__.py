"""What outlasts a stop: instances and what belongs to them, in SQLite."""
