"""The storage API: stored data by id and key (domain 4.4)."""
