"""Sends requests to GMS and records what came of them."""
