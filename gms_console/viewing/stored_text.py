"""Where the UTF-8 text of a view is: in memory, or in a file that is read piece by piece."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Protocol


class StoredText(Protocol):
    """Bytes that can be read anywhere, by several threads."""

    @property
    def size(self) -> int:
        """All bytes of it."""

    def read(self, start: int, end: int) -> bytes:
        """Give the bytes of a stretch. Raises OSError."""

    def close(self) -> None:
        """Let go of it."""


class TextInMemory:
    """A small text."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.size = len(data)

    def read(self, start: int, end: int) -> bytes:
        """Give the bytes of a stretch."""
        return self.data[start:end]

    def close(self) -> None:
        """Nothing is held."""


class TextInFile:
    """A file; it is deleted with `close` where it was made for this."""

    def __init__(self, path: Path, *, passing: bool) -> None:
        self.path = path
        self._passing = passing
        self._stream = path.open("rb", buffering=0)
        self._lock = threading.Lock()
        self.size = path.stat().st_size

    def read(self, start: int, end: int) -> bytes:
        """Give the bytes of a stretch. Raises OSError, and ValueError once closed."""
        with self._lock:
            self._stream.seek(start)
            wanted = min(end, self.size) - start
            data = self._stream.read(max(0, wanted))
            while data and len(data) < wanted and (more := self._stream.read(wanted - len(data))):
                data += more
            return data

    def close(self) -> None:
        """Close it, and delete what was made for this."""
        self._stream.close()
        if self._passing:
            self.path.unlink(missing_ok=True)


def whole_characters(data: bytes) -> int:
    """Give the bytes of whole characters: less than all where the last has only begun."""
    last = len(data) - 1
    while last > 0 and last > len(data) - 4 and data[last] & 0xC0 == 0x80:
        last -= 1
    lead = data[last] if data else 0
    length = 1 if lead < 0xC0 else 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
    return len(data) if last + length <= len(data) else last
