"""What apps have stored for a while under an id of its own (domain: storage API)."""

import heapq
import uuid
from dataclasses import dataclass, field

from gms_console.simulator.web.uploads import Upload

MAX_ENTRIES = 10_000
"""How many entries are kept; the one that expires first goes to make room."""


@dataclass
class Entry:
    """Values by key, kept until `expires` on the clock.

    `user` is the `gms_user` of an entry with a custom id, which nobody else may touch; None for
    an entry that was given its id here.
    """

    id: str
    expires: float
    user: str | None = None
    data: dict[str, str | Upload] = field(default_factory=dict)

    def keep(self, rows: list[tuple[str, str | Upload]]) -> None:
        """Store values; of duplicate keys the last one wins."""
        for key, value in rows:
            self._drop(key)
            if isinstance(value, Upload):
                value.kept = True
            self.data[key] = value

    def clear(self) -> None:
        """Forget all values."""
        for key in list(self.data):
            self._drop(key)

    def _drop(self, key: str) -> None:
        value = self.data.pop(key, None)
        if isinstance(value, Upload):
            value.remove()


class EntryShelf:
    """The entries that have not expired."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._expiries: list[tuple[float, str]] = []

    def new_id(self) -> str:
        """Return an id that nothing has yet."""
        return str(uuid.uuid4())

    def put(self, entry: Entry, now: float) -> None:
        """Keep an entry, or note that its expiry has changed."""
        self._forget_expired(now)
        if entry.id not in self._entries and len(self._entries) >= MAX_ENTRIES:
            self.drop(min(self._entries.values(), key=lambda each: each.expires).id)
        self._entries[entry.id] = entry
        heapq.heappush(self._expiries, (entry.expires, entry.id))
        if len(self._expiries) > 2 * MAX_ENTRIES:
            # Each update has left one behind.
            self._expiries = [(each.expires, each.id) for each in self._entries.values()]
            heapq.heapify(self._expiries)

    def find(self, entry_id: str, now: float) -> Entry | None:
        """Return an entry that has not expired."""
        self._forget_expired(now)
        return self._entries.get(entry_id)

    def all(self, now: float) -> list[Entry]:
        """Return the entries in order of their creation."""
        self._forget_expired(now)
        return list(self._entries.values())

    def drop(self, entry_id: str) -> None:
        """Forget an entry and its files; without effect on one that is not there."""
        entry = self._entries.pop(entry_id, None)
        if entry is not None:
            entry.clear()

    def _forget_expired(self, now: float) -> None:
        while self._expiries and self._expiries[0][0] <= now:
            _, entry_id = heapq.heappop(self._expiries)
            entry = self._entries.get(entry_id)
            # An update may have put the expiry off; it has its own place in the heap.
            if entry is not None and entry.expires <= now:
                self.drop(entry_id)
