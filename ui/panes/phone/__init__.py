"""The phone: what the customer would see, and what a choice on it sends."""
