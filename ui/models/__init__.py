"""Qt models that show the engine's data."""
