"""The window of nodes, calendar, statistics and numbers."""
