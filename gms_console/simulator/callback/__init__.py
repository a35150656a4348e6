"""The callback services: records, scenarios, states, slots."""
