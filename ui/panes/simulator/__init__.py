"""The simulator's window."""
