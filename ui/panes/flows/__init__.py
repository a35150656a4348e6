"""The window of flows: their files, their steps, and what comes of a run."""
