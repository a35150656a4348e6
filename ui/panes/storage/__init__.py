"""The window of stored data."""
