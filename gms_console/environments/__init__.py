"""Environments as a person keeps them: profiles in files, and secrets out of them."""
