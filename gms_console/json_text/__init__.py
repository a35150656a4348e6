"""JSON as text: read where it lies, never parsed whole, with every number as it was sent."""
