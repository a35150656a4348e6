"""The body of an answer as it comes: in memory while it is small, in a file when it is large."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from gms_console.body_files import BodyFile, BodyFiles
from gms_console.client.errors import TransportError
from gms_console.client.failures import BodyTooLargeError
from gms_console.json_text.digest import digested
from gms_console.model.exchange import FailureKind, StoredBody
from gms_console.redaction import Masker

HELD = 1024 * 1024
"""Bytes of a body that are held in memory; a larger one goes to a file."""

_PIECE = 256 * 1024
"""Bytes that are written at a time, in a thread; fewer are left for the loop when it is cut off."""


class ReceivedBody:
    """Takes the pieces of a body, up to `most` bytes; `masker` is asked for only with a file.

    `files` None: all of it is held in memory.
    """

    def __init__(self, most: int, files: BodyFiles | None, masker: Callable[[], Masker]) -> None:
        self._most = most
        self._files = files
        self._masker = masker
        self._size = 0
        self._first = bytearray()
        self._to_write = bytearray()
        self._file: BodyFile | None = None
        self._stored: StoredBody | None = None

    async def add(self, piece: bytes) -> None:
        """Take a piece. Raises BodyTooLargeError, and TransportError when it cannot be written."""
        room = self._most - self._size
        self._take(piece[:room])
        if len(self._to_write) >= _PIECE:
            await _in_thread(self._write)
        if len(piece) > room:
            most = self._most
            limit = f"{most // 1024 // 1024} MiB" if most >= 1024**2 else f"{most:,} bytes"
            raise BodyTooLargeError(f"The answer is larger than {limit}; reading stopped there")

    def _take(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._files is None or (self._file is None and self._size <= HELD):
            self._first += piece
            return
        if self._file is None:
            self._file = self._begin(self._files)
            self._to_write += self._first
        self._to_write += piece

    def _begin(self, files: BodyFiles) -> BodyFile:
        try:
            return files.begin(self._masker())
        except OSError as error:
            raise _not_written(error) from None

    async def end(self, charset: str) -> None:
        """Say that it is whole; a file gets its name, and is read for what it says."""
        if self._file is not None:
            await _in_thread(lambda: self._finish(charset))

    def _write(self) -> None:
        if self._file is None:
            return
        data = bytes(self._to_write)
        self._to_write.clear()
        try:
            self._file.write(data)
        except OSError as error:
            # What follows would be taken for the next part of what is missing.
            file, self._file, self._files = self._file, None, None
            file.discard()
            raise _not_written(error) from None

    def _finish(self, charset: str) -> None:
        self._write()
        if self._file is None:
            return
        try:
            stored = self._file.finish()
        except OSError as error:
            raise _not_written(error) from None
        self._file = None
        self._stored = stored
        self._stored = digested(stored, charset)

    def taken(self) -> tuple[bytes, StoredBody | None]:
        """Give what is held in memory, and the file that has all of it if there is one.

        A body that could not be written whole is what is held of it.
        """
        if self._file is not None:
            file, self._file = self._file, None
            try:
                file.write(bytes(self._to_write))
                self._stored = file.finish()
            except (OSError, ValueError):  # a ValueError where it has been closed
                file.discard()
        return bytes(self._first), self._stored


async def _in_thread(work: Callable[[], None]) -> None:
    """Do it in a thread, and wait for its end also when cancelled: it has the file in hand."""
    task = asyncio.ensure_future(asyncio.to_thread(work))
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled
    task.result()


def _not_written(error: OSError) -> TransportError:
    reason = error.strerror or str(error)
    return TransportError(
        FailureKind.NOT_STORED,
        f"The answer is large, and no file could be written for it: {reason}",
    )
