"""Environments in the window: bar, settings, questions before a send."""
