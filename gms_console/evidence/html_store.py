"""Keeps pieces of a page on disk until their order is known, so that memory stays flat."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

Piece = tuple[int, int] | str
"""Where a piece lies in the store, or a short one itself."""


class PieceStore:
    """Text in a file without a name; what is known of a piece is where it lies."""

    def __init__(self, folder: Path | None) -> None:
        """`folder` is where there is room for it. Raises OSError."""
        where = None if folder is None else str(folder)
        self._file = tempfile.TemporaryFile("w+b", dir=where)  # noqa: SIM115 - kept open
        self._end = 0

    def put(self, text: str) -> Piece:
        """Keep a piece. Raises OSError."""
        data = text.encode("utf-8", "replace")
        self._file.seek(self._end)
        self._file.write(data)
        place = self._end, len(data)
        self._end += len(data)
        return place

    def bytes_of(self, piece: Piece) -> bytes:
        """Give a piece. Raises OSError."""
        if isinstance(piece, str):
            return piece.encode("utf-8", "replace")
        self._file.seek(piece[0])
        return self._file.read(piece[1])

    def close(self) -> None:
        """Forget all pieces."""
        self._file.close()


@dataclass(slots=True)
class Section:
    """A case or an instance as it stands in the page: its pieces in order, and its figures.

    `waiting` are Exchanges and polls whose step has not ended, each with its poll's id. `case` is
    the number of a case, by which cases are put in order; 0 for an instance.
    """

    number: int
    title: str
    pieces: list[Piece] = field(default_factory=list)
    waiting: list[tuple[str, Piece]] = field(default_factory=list)
    verdict: str = ""
    elapsed: float | None = None
    message: str = ""
    exchanges: int = 0
    steps: int = 0
    failed: int = 0
    rows: tuple[tuple[str, str], ...] = ()
    case: int = 0

    @property
    def ok(self) -> bool:
        """Whether all of it passed."""
        return self.failed == 0 and self.verdict in {"", "passed"}

    @property
    def word(self) -> str:
        """The verdict in a word; of what is no case, whether something went wrong."""
        if self.verdict:
            return self.verdict
        return f"{self.failed} with a problem" if self.failed else "no problem"

    def close_step(self, head: Piece, end: str) -> None:
        """Put all that waits below a step."""
        self.pieces += (head, *(piece for _, piece in self.waiting), end)
        self.waiting.clear()

    def close_poll(self, poll: str, head: Piece, end: str) -> None:
        """Put the Exchanges of a poll below it; it goes on waiting for its step."""
        own = [piece for of, piece in self.waiting if poll and of == poll]
        rest = [(of, piece) for of, piece in self.waiting if not poll or of != poll]
        self.waiting = [*rest, *(("", piece) for piece in (head, *own, end))]

    def in_order(self) -> Iterator[Piece]:
        """Give all pieces as they stand in the page."""
        yield from self.pieces
        yield from (piece for _, piece in self.waiting)
