"""Conversations with an agent, by chat API version 1 and 2 (domain 4.2, 4.3)."""
