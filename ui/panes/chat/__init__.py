"""The window of chats."""
