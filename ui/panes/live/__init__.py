"""The cards of the live services."""
