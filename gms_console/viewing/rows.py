"""A text as rows: what a view shows of each line, read only where it is looked at."""

from __future__ import annotations

import re
import threading
from bisect import bisect_left, bisect_right

from gms_console.json_text.shortening import (
    BASE64_SHOWN,
    LEAST_BASE64,
    LONGEST_LINE,
    base64_words,
    characters_more,
    shown_line,
)
from gms_console.viewing.lines import ROW, LineIndex, LongLine, flattened, whole_ends
from gms_console.viewing.stored_text import StoredText, whole_characters
from gms_console.viewing.types import Layout, Row

_STEP = 256 * 1024
"""Bytes that are read at a time."""

_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-"
_BASE64_TO_THE_END = re.compile(r'"([A-Za-z0-9+/_-]{64,}+)\Z')
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/_-]")
_END_OF_VALUE = re.compile(rb'={0,2}"[ \t,\]}]*+')
_LONGEST_END = 1_000
"""Bytes behind a value of base64 that may be left out with it."""


class RowText:
    """A text of UTF-8 with its line index; gives rows, for several threads at once."""

    def __init__(self, text: StoredText, index: LineIndex) -> None:
        self.text = text
        self.index = index
        self._lock = threading.Lock()
        self._first_rows: list[int] | None = None
        self._surplus: list[int] = []

    def layout(self, *, whole: bool) -> Layout:
        """Give its size. Raises OSError."""
        lines = self.index.lines
        return Layout(lines, lines + (self._measured() and self._surplus[-1] if whole else 0))

    def rows(self, first: int, count: int, *, whole: bool) -> list[Row]:
        """Give rows from `first` on. Raises OSError."""
        first = max(0, first)
        line, part = self._place(first) if whole else (first, 0)
        if line >= self.index.lines or count <= 0:
            return []
        rows: list[Row] = []
        longs = self.index.longs
        long_at = bisect_left(longs, line, key=lambda long: long.line)
        offset = self.index.start_of(line, self.text)
        while len(rows) < count and line < self.index.lines:
            room = count - len(rows)
            until = longs[long_at].line if long_at < len(longs) else self.index.lines
            if until == line:
                long = longs[long_at]
                rows += self._parts(long, part, room) if whole else [self._cut(long)]
                long_at, line, part, offset = long_at + 1, line + 1, 0, long.following
            else:
                texts, offset = self._short_lines(offset, min(until - line, room))
                rows += [_short_row(line + at, text, whole) for at, text in enumerate(texts)]
                line += len(texts)
        return rows

    def row_of(self, line: int, column: int, *, whole: bool) -> tuple[int, int]:
        """Give the row that shows a character of a line, and its place in it. Raises OSError."""
        if not whole or not self._measured():
            return line, column
        at = bisect_right(self.index.longs, line, key=lambda long: long.line) - 1
        if at < 0:
            return line, column
        long = self.index.longs[at]
        if long.line == line:
            assert self._first_rows is not None  # noqa: S101 - it has been measured
            return self._first_rows[at] + column // ROW, column % ROW
        return line + self._surplus[at], column

    def _place(self, row: int) -> tuple[int, int]:
        """Give line and part of a row when all is shown."""
        if not self._measured() or self._first_rows is None:
            return row, 0
        at = bisect_right(self._first_rows, row) - 1
        if at < 0:
            return row, 0
        long = self.index.longs[at]
        part = row - self._first_rows[at]
        return (long.line, part) if part < len(long.marks) else (row - self._surplus[at], 0)

    def _measured(self) -> int:
        """Find out how many rows long lines have; give how many such lines there are."""
        with self._lock:
            if self._first_rows is None:
                first_rows, surplus = [], 0
                for long in self.index.longs:
                    self._mark(long)
                    first_rows.append(long.line + surplus)
                    surplus += len(long.marks) - 1
                    self._surplus.append(surplus)
                self._first_rows = first_rows
        return len(self.index.longs)

    def _mark(self, long: LongLine) -> None:
        if long.characters >= 0:
            return
        characters, place, left = 0, long.start, 0
        while place < long.end:
            data = self._characters(place, min(place + _STEP, long.end))
            text = data.decode()
            at = ahead = 0
            while at + left < len(text):
                ahead += len(text[at : at + left].encode())
                at += left
                long.marks.append(place + ahead)
                left = ROW
            left -= len(text) - at
            characters += len(text)
            place += len(data)
        long.characters = characters

    def _characters(self, start: int, end: int) -> bytes:
        """Give the bytes of a stretch without the beginning of a character at its end."""
        data = self.text.read(start, end)
        if not data:
            raise OSError("The file has become shorter")
        return data[: whole_characters(data)]

    def _parts(self, long: LongLine, part: int, count: int) -> list[Row]:
        rows = []
        marks = [*long.marks, long.end]
        for at in range(part, min(part + count, len(long.marks))):
            text = self.text.read(marks[at], marks[at + 1]).decode("utf-8", "replace")
            rows.append(Row(long.line + 1, text, at * ROW, continues=at > 0))
        return rows

    def _cut(self, long: LongLine) -> Row:
        if long.shown is None:
            start = self._characters(long.start, min(long.start + 4 * LONGEST_LINE + 8, long.end))
            text = start.decode()
            if long.start + len(start) == long.end:
                long.shown = shown_line(text)
            else:
                long.shown = self._base64_line(long, text[:LONGEST_LINE]) or (
                    text[:LONGEST_LINE],
                    self._more(long),
                )
        return Row(long.line + 1, long.shown[0], cut=long.shown[1])

    def _more(self, long: LongLine) -> str:
        self._mark(long)
        return characters_more(long.characters - LONGEST_LINE)

    def _base64_line(self, long: LongLine, start: str) -> tuple[str, str] | None:
        """Give what is shown of a line that ends with a value of base64, or None."""
        found = _BASE64_TO_THE_END.search(start)
        if found is None:
            return None
        place = value = long.start + len(start[: found.start(1)].encode())
        while place < long.end:
            data = self.text.read(place, min(place + _STEP, long.end))
            if data.translate(None, _BASE64) or not data:
                break
            place += len(data)
        other = _NO_BASE64.search(self.text.read(place, min(place + _STEP, long.end)))
        place += other.start() if other is not None else 0
        size = place - value
        rest = self.text.read(place, min(place + _LONGEST_END + 1, long.end))
        if len(rest) > _LONGEST_END or not _END_OF_VALUE.fullmatch(rest) or size < LEAST_BASE64:
            return None
        size += len(rest) - len(rest.lstrip(b"="))
        return start[: found.start(1) + BASE64_SHOWN], base64_words(found[1], size)

    def _short_lines(self, offset: int, count: int) -> tuple[list[str], int]:
        """Give lines from a byte on, and where the one after them begins."""
        lines: list[str] = []
        while len(lines) < count and offset < self.text.size:
            data, last = whole_ends(self.text, offset, _STEP)
            flat = flattened(data)
            place = 0
            while len(lines) < count:
                end = flat.find(b"\n", place)
                if end == -1:
                    break
                stop = end - 1 if data[end - 1 : end + 1] == b"\r\n" and end > place else end
                lines.append(data[place:stop].decode("utf-8", "replace"))
                place = end + 1
            if place == 0 or (len(lines) < count and last and place < len(data)):
                lines.append(data[place:].decode("utf-8", "replace"))
                place = len(data)
            offset += place
        return lines, offset


def _short_row(line: int, text: str, whole: bool) -> Row:
    if whole:
        return Row(line + 1, text)
    shown, cut = shown_line(text)
    return Row(line + 1, shown, cut=cut)
