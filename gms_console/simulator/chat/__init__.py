"""Chats between an app and a played agent."""
