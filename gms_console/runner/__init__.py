"""Carries out Flows: one engine for the window and the command line."""
