"""The simulator in this program, and what its window does to it."""
