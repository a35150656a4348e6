"""Chats under way, for their window."""
