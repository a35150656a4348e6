"""Where the lines of a text begin, kept for one in many, and where long ones lie."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass, field

from gms_console.viewing.stored_text import StoredText

ROW = 4_000
"""Characters of a row when all of a long line is shown. A line of more bytes than that is noted."""

_STEP = 32 * 1024
"""Bytes for which it is kept how many lines end before them."""


@dataclass(slots=True)
class LongLine:
    """A line of more than ROW bytes: its number from 0, its bytes, and where the next begins.

    `marks` are the bytes at which its rows begin, and `characters` how many it has; both are
    found out when first asked for.
    """

    line: int
    start: int
    end: int
    following: int
    characters: int = -1
    marks: array[int] = field(default_factory=lambda: array("Q"))
    shown: tuple[str, str] | None = None


def flattened(data: bytes) -> bytes:
    """Give the same bytes with each line end being a LF, at the place of its last byte."""
    if b"\r" not in data:
        return data
    return data.replace(b"\r\n", b"\0\n").replace(b"\r", b"\n")


def whole_ends(text: StoredText, offset: int, most: int) -> tuple[bytes, bool]:
    """Give bytes from `offset` on that cut no line end in two, and whether they are the last.

    Raises OSError, also where none are left.
    """
    data = text.read(offset, offset + most)
    if not data:
        raise OSError("The file has become shorter")
    last = offset + len(data) >= text.size
    return (data, True) if last else (data.removesuffix(b"\r"), False)


class LineIndex:
    """Is fed a text from its beginning to its end, and knows then where each line begins.

    LF, CR LF and CR end a line. What stands behind the last of them is a line too.
    """

    def __init__(self) -> None:
        self.lines = 0
        self.longs: list[LongLine] = []
        self._starts = array("Q")
        self._before = array("Q")
        self._size = 0
        self._line_start = 0
        self._held = b""

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        data = self._held + data
        self._held = b""
        if data.endswith(b"\r"):  # an LF may follow
            data, self._held = data[:-1], b"\r"
        self._take(data)

    def finish(self) -> None:
        """Take note that this was all."""
        self._take(self._held)
        self._held = b""
        if self._size - self._line_start > ROW:
            self.longs.append(LongLine(self.lines, self._line_start, self._size, self._size))
        self.lines += self._line_start < self._size

    def _take(self, data: bytes) -> None:
        flat = flattened(data)
        self._find_longs(data, flat)
        for at in range(0, len(flat), _STEP):
            self._starts.append(self._size + at)
            self._before.append(self.lines)
            self.lines += flat.count(b"\n", at, at + _STEP)
        self._size += len(flat)

    def _find_longs(self, data: bytes, flat: bytes) -> None:
        start = self._line_start - self._size  # below 0 where it began in an earlier piece
        line, counted = self.lines, 0
        while True:
            most = start + ROW + 1
            last = flat.rfind(b"\n", max(start, 0), max(most, 0))
            if last != -1:
                start = last + 1
                continue
            end = flat.find(b"\n", max(most, 0)) if most < len(flat) else -1
            if end == -1:
                break
            line += flat.count(b"\n", counted, end)
            counted = end
            stop = end - 1 if data[end - 1 : end + 1] == b"\r\n" else end
            base = self._size
            self.longs.append(LongLine(line, base + start, base + stop, base + end + 1))
            start = end + 1
        self._line_start = self._size + start

    def start_of(self, line: int, text: StoredText) -> int:
        """Give the byte at which a line begins. Raises OSError."""
        if line == 0:
            return 0
        chunk = bisect_left(self._before, line) - 1
        start = self._starts[chunk]
        end = self._starts[chunk + 1] if chunk + 1 < len(self._starts) else self._size
        # One more byte says whether a CR at its end is half of a line end.
        flat = flattened(text.read(start, min(end + 1, self._size)))[: end - start]
        place = 0
        for _ in range(line - self._before[chunk]):
            place = flat.find(b"\n", place) + 1
        return start + place
