"""Two answers side by side, and a second place to send to."""
