"""The APIs beside services: storage, nodes, patterns, statistics, phone numbers."""
