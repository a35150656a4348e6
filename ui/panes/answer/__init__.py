"""The answer: what came back, in all its views."""
