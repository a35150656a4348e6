"""The settings of environments as they are edited: what is typed, what is wrong, what is kept."""
