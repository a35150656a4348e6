"""What is asked of a site: nodes, statistics, calendar, capacity, patterns, numbers."""
