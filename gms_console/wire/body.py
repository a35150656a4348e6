"""The Body: an encoded Form whose preview and whose bytes are the same object."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from gms_console.wire.refusal import FormRefusedError, RowProblem

CHUNK = 1024 * 1024
"""Bytes read from a file at a time; large enough that a 1 GB upload keeps up with curl."""

PREVIEW_TEXT = 64 * 1024
"""Bytes of literal text that a preview shows; the rest is counted, not shown."""


class BodyKind(StrEnum):
    """How a Form is encoded. `auto`: multipart when an enabled row is a file, else urlencoded.

    Source: reference page, Create: multipart carries strings and files, urlencoded strings only.
    JSON is what callback services take.
    """

    AUTO = "auto"
    MULTIPART = "multipart"
    URLENCODED = "urlencoded"
    JSON = "json"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class FileContent:
    """The place of a file's bytes in a Body; the file is read when the Body is sent."""

    path: Path
    size: int
    modified_ns: int
    row: int
    key: str

    @property
    def placeholder(self) -> str:
        """What a preview shows in the place of the bytes."""
        return f"«{self.size:,} bytes of {self.path.name}»"


Segment = bytes | FileContent

Progress = Callable[[int], None]
"""Told the number of bytes of each piece that goes out."""


@dataclass(frozen=True, slots=True)
class Body:
    """A Form as it goes out: `segments` are the bytes, in order.

    `content_type` is None for no body at all.
    """

    kind: BodyKind
    content_type: str | None
    segments: tuple[Segment, ...] = field(default=(), repr=False)

    @property
    def size(self) -> int:
        """Exact number of bytes, as Content-Length gives it."""
        return sum(len(s) if isinstance(s, bytes) else s.size for s in self.segments)

    @property
    def files(self) -> Iterator[FileContent]:
        """The files that the Body carries."""
        return (segment for segment in self.segments if isinstance(segment, FileContent))

    def preview(self, limit: int = PREVIEW_TEXT) -> str:
        """Show the bytes as text, each file's content as a placeholder.

        `limit` is in bytes of literal text; what is beyond it is counted in the last line.
        """
        shown: list[str] = []
        left = limit
        for place, segment in enumerate(self.segments):
            if isinstance(segment, FileContent):
                shown.append(segment.placeholder)
                continue
            shown.append(segment[:left].decode("utf-8", "replace"))
            if len(segment) > left:
                rest = Body(self.kind, None, self.segments[place:]).size - left
                shown.append(f"\n«{rest:,} more bytes not shown»")
                break
            left -= len(segment)
        return "".join(shown)

    def check_files(self) -> None:
        """Raise FormRefusedError when a file is gone or is no longer the one previewed."""
        problems = [problem for file in self.files if (problem := _file_problem(file)) is not None]
        if problems:
            raise FormRefusedError(problems)

    async def chunks(self, progress: Progress | None = None) -> AsyncGenerator[bytes, None]:
        """Yield the bytes, reading files in a thread; `progress` is told each chunk's size.

        Raises OSError when a file cannot be read to its announced size.
        """
        for segment in self.segments:
            pieces = _one(segment) if isinstance(segment, bytes) else _file_chunks(segment)
            async with aclosing(pieces):
                async for piece in pieces:
                    yield piece
                    if progress is not None:
                        progress(len(piece))


def _file_problem(file: FileContent) -> RowProblem | None:
    try:
        now = file.path.stat()
    except OSError as error:
        reason = error.strerror or "cannot be read"
        return RowProblem(file.row, file.key, f"{reason}: {file.path}", missing_file=True)
    if (now.st_size, now.st_mtime_ns) != (file.size, file.modified_ns):
        return RowProblem(file.row, file.key, f"{file.path} has changed since it was previewed")
    return None


async def _one(piece: bytes) -> AsyncGenerator[bytes, None]:
    yield piece


async def _file_chunks(file: FileContent) -> AsyncGenerator[bytes, None]:
    """Read ahead by one chunk, so that the disk and the network work at the same time."""
    left = file.size
    handle = await _opened(file.path)
    ahead: asyncio.Task[bytes] | None = None
    try:
        while left:
            if ahead is None:
                ahead = _read(handle, left)
            piece = await ahead
            ahead = None
            if not piece:
                raise OSError(f"{file.path} ended {left:,} bytes early")
            left -= len(piece)
            if left:
                ahead = _read(handle, left)
            yield piece
    finally:
        if ahead is not None:
            await asyncio.wait({ahead})
            if not ahead.cancelled():
                ahead.exception()
        handle.close()


async def _opened(path: Path) -> BinaryIO:
    """Open a file in a thread; it is closed again where nobody waits for it any more."""
    opening = asyncio.create_task(asyncio.to_thread(path.open, "rb", 0))
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        await asyncio.wait({opening})
        if not opening.cancelled() and opening.exception() is None:
            opening.result().close()
        raise


def _read(handle: BinaryIO, left: int) -> asyncio.Task[bytes]:
    return asyncio.create_task(asyncio.to_thread(handle.read, min(CHUNK, left)))
