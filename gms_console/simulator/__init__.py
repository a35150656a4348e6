"""A GMS to talk to when there is none."""
