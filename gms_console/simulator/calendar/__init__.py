"""Office hours, capacity, and dates on the wire."""
