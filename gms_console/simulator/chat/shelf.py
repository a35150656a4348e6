"""Where the chats of the world are kept."""

from collections.abc import Iterator

from gms_console.simulator.chat.talk import Chat

MAX_CHATS = 10_000
"""How many chats are kept; one that has ended goes first, else the oldest."""


class ChatShelf:
    """Chats by id: that of API v2 is its `chatId`, that of API v1 the id of its instance."""

    def __init__(self) -> None:
        self._chats: dict[str, Chat] = {}
        self._open: dict[str, Chat] = {}

    def add(self, chat: Chat) -> Chat | None:
        """Keep a chat; return the one that had to go for it, if any."""
        gone = None
        if len(self._chats) >= MAX_CHATS:
            gone = next(self._over(), next(iter(self._chats.values())))
            self.drop(gone.id)
        self._chats[chat.id] = chat
        if not chat.released:
            self._open[chat.id] = chat
        return gone

    def find(self, chat_id: str) -> Chat | None:
        """Return a chat."""
        return self._chats.get(chat_id)

    def all(self) -> list[Chat]:
        """Return all chats in order of their beginning."""
        return list(self._chats.values())

    def open(self) -> list[Chat]:
        """Return the chats that are not over, and those whose agent is still to be freed."""
        self._open = {name: chat for name, chat in self._open.items() if not chat.released}
        return list(self._open.values())

    def drop(self, chat_id: str) -> None:
        """Forget a chat and its files; without effect on one that is not there."""
        chat = self._chats.pop(chat_id, None)
        self._open.pop(chat_id, None)
        if chat is not None:
            chat.attachments.clear()

    def _over(self) -> Iterator[Chat]:
        return (chat for chat in self._chats.values() if chat.released)
