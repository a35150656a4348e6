"""Flows as scripts and collections of other tools."""
