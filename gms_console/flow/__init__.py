"""Flows: saved steps that a person or a job carries out again, and the files they live in."""
