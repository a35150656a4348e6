"""The guided tour: where a person is on it, and what it says and points at."""
