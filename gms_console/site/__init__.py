"""What is asked of a site: nodes, statistics, calendar, capacity, patterns, numbers (domain 4.6, 4.7)."""
