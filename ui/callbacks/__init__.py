"""Listing, cancelling and moving callbacks, for their window."""
