"""The window of callbacks."""
