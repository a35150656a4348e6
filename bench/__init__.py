"""Benchmarks of GMS Console, each against a baseline that is measured in the same run."""
