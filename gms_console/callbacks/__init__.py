"""Callback records: reading them, finding, cancelling and moving them (domain 4.1)."""
