"""What shall go wrong: plans, their file, and their counting."""
