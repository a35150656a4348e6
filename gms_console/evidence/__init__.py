"""Evidence: what was sent and came back, written for others, redacted before it is written."""
