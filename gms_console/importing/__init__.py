"""Flows made of what other tools wrote."""
