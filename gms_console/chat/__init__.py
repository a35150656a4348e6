"""Chats with an agent: chat API v1 on an instance and chat API v2, behind one Conversation."""
