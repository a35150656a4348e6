"""The list of the history, and what is done with its rows."""
