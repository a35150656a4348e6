"""A customer's journey: what happened, told step by step, live or from a recording."""
