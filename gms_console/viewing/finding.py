"""Searches a text, piece by piece and line by line."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

from gms_console.viewing.errors import ViewingError
from gms_console.viewing.lines import flattened, whole_ends
from gms_console.viewing.rows import RowText
from gms_console.viewing.stored_text import StoredText, whole_characters
from gms_console.viewing.types import Find

MOST_HITS = 10_000

_STEP = 256 * 1024
_OVERLAP = 64 * 1024
"""Characters of a very long line that are searched once more with what follows them: a hit that
is longer may be cut there."""

_WITHIN_A_LINE = re.compile(
    r"""(?:
        [^\\\[(\x00-\x1f]         # a character
        | \\[dwSbB]              # no line end among them
        | \\[^\w\s]              # an escaped mark
        | \((?:\?:|(?!\?))       # a group, without any of the special ones
        | \[(?!\^)(?:[^\\\]\[\x00-\x1f]|\\[dw]|\\[^\w\s])+\]
        )*+""",
    re.VERBOSE,
)
"""Expressions of these parts find in many lines at once what they find line by line."""

Span = tuple[int, int]
Check = Callable[[], None]


@dataclass(slots=True)
class _Part:
    """Whole lines, or a part of a line too long to be read whole.

    `line` and `column` say where the text begins; one character of it, `ahead`, may have been
    searched before. Hits that begin at `until` or later belong to the next part.
    """

    line: int
    text: str
    column: int = 0
    ahead: int = 0
    until: int = -1


class Finder:
    """One search over a RowText; `check` is called between steps and may raise to end it."""

    def __init__(self, wanted: Find, check: Check) -> None:
        self._wanted = wanted
        self._check = check
        self._pattern = _compiled(wanted)
        folded = wanted.text if wanted.match_case else wanted.text.lower()
        exact = wanted.match_case or wanted.text.isascii()
        self._needle = folded if exact and not wanted.regex else ""
        self._by_line = wanted.regex and _may_cross_lines(wanted.text)
        self.count = 0
        self.hits: list[tuple[int, int, int]] = []
        """Line, column and length of the first ones."""

    def search(self, rows: RowText) -> None:
        """Go through all of it. Raises OSError."""
        if not self._wanted.text or self._is_of_lines():
            return
        resume = 0
        for part in _parts(rows.text):
            self._check()
            if part.until < 0:
                self._search_lines(part)
            else:
                resume = self._search_stretch(part, max(resume, part.column + part.ahead))
            if part.until == len(part.text):
                resume = 0

    def _is_of_lines(self) -> bool:
        """Whether a text with a line end is searched for, which is in no line."""
        return not self._wanted.regex and ("\n" in self._wanted.text or "\r" in self._wanted.text)

    def _search_lines(self, part: _Part) -> None:
        if not self._by_line:
            self._search_block(part)
            return
        search, find = self._pattern.search, self._pattern.finditer
        for line, content in enumerate(part.text.split("\n"), part.line):
            if search(content) is not None:
                for start, end in (one.span() for one in find(content)):
                    if end > start:
                        self._note(line, start, end - start)

    def _note(self, line: int, column: int, length: int) -> None:
        self.count += 1
        if len(self.hits) < MOST_HITS:
            self.hits.append((line, column, length))

    def _search_block(self, part: _Part) -> None:
        """Search many lines at once for what is never found across their ends."""
        if len(self.hits) >= MOST_HITS:
            self.count += self._counted(part.text)
            return
        text, line, counted, begun = part.text, part.line, 0, 0
        for start, end in self._spans(text, 0):
            ends = text.count("\n", counted, start)
            if ends:
                line += ends
                begun = text.rfind("\n", counted, start) + 1
            counted = start
            self._note(line, start - begun, end - start)

    def _spans(self, text: str, place: int) -> Iterator[Span]:
        """Give where something is found from `place` on, empty matches left out."""
        folded = self._folded(text)
        if folded is None:
            for found in self._pattern.finditer(text, place):
                start, end = found.span()
                if end > start:
                    yield start, end
            return
        needle = self._needle
        place = folded.find(needle, place)
        while place != -1:
            yield place, place + len(needle)
            place = folded.find(needle, place + len(needle))

    def _counted(self, text: str) -> int:
        folded = self._folded(text)
        return (
            sum(1 for _ in self._spans(text, 0)) if folded is None else folded.count(self._needle)
        )

    def _folded(self, text: str) -> str | None:
        """Give the text as the needle is found in it: many times faster than by an expression."""
        if not self._needle:
            return None
        if self._wanted.match_case:
            return text
        return text.lower() if text.isascii() else None

    def _search_stretch(self, part: _Part, resume: int) -> int:
        """Search a part of a long line from column `resume` on; give where the next may begin."""
        for start, end in self._spans(part.text, resume - part.column):
            if start >= part.until:
                break
            self.count += 1
            if len(self.hits) < MOST_HITS:
                self.hits.append((part.line, part.column + start, end - start))
            resume = part.column + end
        return resume


def _compiled(wanted: Find) -> re.Pattern[str]:
    text = wanted.text if wanted.regex else re.escape(wanted.text)
    try:
        return re.compile(text, (0 if wanted.match_case else re.IGNORECASE) | re.MULTILINE)
    except re.error as error:
        where = "" if error.pos is None else f"At character {error.pos + 1}: "
        raise ViewingError(f"{where}{error.msg}") from None
    except (RecursionError, OverflowError):
        raise ViewingError("This expression is too large") from None


def _may_cross_lines(expression: str) -> bool:
    """Whether an expression could match a line end, or tells the end of a line from others."""
    return _WITHIN_A_LINE.fullmatch(expression) is None


def _parts(text: StoredText) -> Iterator[_Part]:
    offset = line = 0
    while offset < text.size:
        data, last = whole_ends(text, offset, _STEP)
        flat = flattened(data)
        end = len(data) if last else flat.rfind(b"\n") + 1
        if end == 0:
            offset = yield from _long_line(text, offset, line)
            line += 1
            continue
        lines = flat[:end] if b"\r" not in data else _without_cr(data[:end])
        yield _Part(line, lines.decode("utf-8", "replace"))
        line += flat.count(b"\n", 0, end)
        offset += end


def _without_cr(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _long_line(text: StoredText, offset: int, line: int) -> Generator[_Part, None, int]:
    """Give a line in parts that overlap, and return where the next one begins."""
    kept, column, ahead = "", 0, 0
    while True:
        data, last = whole_ends(text, offset, _STEP)
        end = flattened(data).find(b"\n")
        if end == -1 and not last:
            data = data[: whole_characters(data)]
            characters = kept + data.decode("utf-8", "replace")
            until = max(ahead, len(characters) - _OVERLAP)
            yield _Part(line, characters, column, ahead, until)
            before = max(0, until - 1)
            kept, column, ahead = characters[before:], column + before, until - before
            offset += len(data)
            continue
        content = data if end == -1 else data[:end].removesuffix(b"\r")
        characters = kept + content.decode("utf-8", "replace")
        yield _Part(line, characters, column, ahead, len(characters))
        return offset + (len(data) if end == -1 else end + 1)
