"""The presenter layout."""
