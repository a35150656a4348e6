"""The customer's phone: what stands on it and what choosing sends."""
