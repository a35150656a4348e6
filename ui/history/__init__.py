"""What is listed of the history, and what is done with it."""
