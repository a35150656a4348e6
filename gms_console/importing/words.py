"""A script of bash, cmd or PowerShell as words and operators, quotes undone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gms_console.importing.types import UnreadableImportError

_PLAIN = re.compile(r"[\w.,:/+@=\-]+", re.ASCII)
CONTINUED = "\ufdd1"
"""Stands where a line was continued, in a text without the signs for that."""


@dataclass(slots=True)
class Word:
    """A word as the program would get it; variables in it are marks.

    `script` is what a command substitution holds that is all of the word, and `quoted` says
    whether any of it stood in quotes.
    """

    text: str
    line: int
    column: int
    quoted: bool = False
    script: str = ""


@dataclass(frozen=True, slots=True)
class Operator:
    """What stands between words: `|`, `;`, `&&`, `>`, or a line break as `;`."""

    text: str
    line: int


Token = Word | Operator


class Reader:
    """Goes through a text character by character, and knows where it is."""

    def __init__(self, text: str, first_line: int = 1) -> None:
        self.text = text
        self.at = 0
        self._first_line = first_line
        self._counted = 0
        self._line = first_line

    def __bool__(self) -> bool:
        return self.at < len(self.text)

    @property
    def line(self) -> int:
        """The line that comes next, counted from 1."""
        for end in ("\n", CONTINUED):
            self._line += self.text.count(end, self._counted, self.at)
        self._counted = self.at
        return self._line

    @property
    def column(self) -> int:
        """The column that comes next, counted from 1."""
        starts = (self.text.rfind(end, 0, self.at) for end in ("\n", CONTINUED))
        return self.at - max(starts)

    @property
    def next(self) -> str:
        """The next character, empty at the end."""
        return self.text[self.at : self.at + 1]

    def take(self, count: int = 1) -> str:
        """Go on by some characters, and give them."""
        found = self.text[self.at : self.at + count]
        self.at += count
        return found

    def sees(self, text: str) -> bool:
        """Whether that text comes next."""
        return self.text.startswith(text, self.at)

    def takes(self, text: str) -> bool:
        """Go past that text if it comes next; say whether it did."""
        found = self.sees(text)
        if found:
            self.at += len(text)
        return found

    def plain(self) -> str:
        """Take the next character, and what follows it that means nothing to any shell."""
        found = _PLAIN.match(self.text, self.at + 1)
        return self.take(1 if found is None else found.end() - self.at)

    def until(self, end: str, what: str) -> str:
        """Take all up to `end` and go past it. Raises UnreadableImportError without one."""
        place = self.text.find(end, self.at)
        if place < 0:
            raise self.unreadable("the end of the text", f"{end} at the end of {what}")
        found = self.text[self.at : place]
        self.at = place + len(end)
        return found

    def skip_line(self) -> None:
        """Go to the end of the line."""
        place = self.text.find("\n", self.at)
        self.at = len(self.text) if place < 0 else place

    def unreadable(self, found: str, expected: str) -> UnreadableImportError:
        """Make the error that says what was found here, and what was expected."""
        return UnreadableImportError(
            f"{self.line}:{self.column}: found {found}, expected {expected}"
        )


class Tokens:
    """The tokens as they grow; a word begins with its first piece."""

    def __init__(self, reader: Reader) -> None:
        self.done: list[Token] = []
        self._reader = reader
        self._word: Word | None = None
        self._pieces: list[str] = []

    @property
    def within(self) -> bool:
        """Whether a word has begun."""
        return self._word is not None

    def begin(self) -> Word:
        """Give the word that has begun, or begin one."""
        if self._word is None:
            self._word = Word("", self._reader.line, self._reader.column)
        return self._word

    def add(self, text: str, *, quoted: bool = False) -> None:
        """Add a piece to the word."""
        word = self.begin()
        word.quoted |= quoted
        self._pieces.append(text)

    @property
    def so_far(self) -> str:
        """The text of the word that has begun."""
        return "".join(self._pieces)

    def end(self) -> None:
        """End the word, if one has begun."""
        if self._word is not None:
            # Bytes that were written one by one become the characters that they make.
            data = self.so_far.encode("utf-8", "surrogateescape")
            self._word.text = data.decode("utf-8", "surrogateescape")
            self.done.append(self._word)
            self._word = None
            self._pieces.clear()

    def operator(self, text: str) -> None:
        """End the word and add an operator."""
        self.end()
        self.done.append(Operator(text, self._reader.line))
