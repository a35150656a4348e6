"""Counts what has really arrived of a request, while the network sends it.

Bodies are handed over in large pieces, for speed. What of a piece waits in the buffers of the
connection and of the system is asked for when somebody looks, so being watched costs nothing.
"""

from __future__ import annotations

import socket
import struct
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from contextvars import ContextVar
from typing import Protocol

if sys.platform != "win32":
    import fcntl
    import termios


def queued(sock: socket.socket | None) -> int:
    """Give the bytes that the system has not yet got acknowledged; 0 where it does not tell.

    A slow line leaves some megabytes there, taken in steps of more than one: without them an
    upload would jump, and a line that moves would look like one that stands still.
    """
    if sys.platform == "win32" or sock is None:
        return 0
    try:
        answer = fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, struct.pack("i", 0))
    except (OSError, ValueError):
        return 0  # closed already
    size: int = struct.unpack("i", answer)[0]
    return size


class Line(Protocol):
    """A connection that knows how much of what it was given has not arrived yet."""

    @property
    def unsent(self) -> int:
        """Bytes that wait in this process and in the system."""
        ...

    async def arrived(self, patience: float | None) -> None:
        """Wait until little waits, for `patience` seconds without a movement at the most."""
        ...


class Meter:
    """Counts one request: the network tells it what it was handed, the sender of which piece.

    `looking_up` says that the network waits for a name server.
    """

    def __init__(self) -> None:
        self.looking_up = False
        self._line: Line | None = None
        self._handed = 0
        self._done = 0
        self._piece = 0
        self._handed_before = 0

    def hand(self, line: Line, size: int) -> None:
        """Take note that `size` bytes, of whatever kind, are handed to a connection now."""
        self._line = line
        self._handed += size

    async def pieces(
        self, chunks: AsyncGenerator[bytes, None], patience: float | None
    ) -> AsyncGenerator[bytes, None]:
        """Pass the pieces of a body on, know which one is under way, and see the last one off.

        `patience` is the longest silence in seconds.
        """
        async with aclosing(chunks):
            async for piece in chunks:
                self._piece, self._handed_before = len(piece), self._handed
                yield piece
                self._done += self._piece
                self._piece = 0
        if self._line is not None:
            await self._line.arrived(patience)

    @property
    def sent(self) -> int:
        """Bytes of the body that have arrived, as far as the system can tell."""
        handed = min(self._piece, self._handed - self._handed_before)
        waiting = self._line.unsent if self._line is not None else 0
        return max(0, self._done + handed - waiting)


METER: ContextVar[Meter | None] = ContextVar("METER", default=None)
"""The Meter of the request that this task sends."""
