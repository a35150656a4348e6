"""Colours indented JSON: keys, texts, numbers and words."""

from __future__ import annotations

import re
from collections.abc import Mapping

from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextBlock, QTextCharFormat, QTextDocument

from ..theme import colours

_TOKEN = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*")(?=\s*:)'
    r'|(?P<text>"(?:[^"\\]|\\.)*")'
    r"|(?P<number>-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b)"
    r"|(?P<word>\b(?:true|false|null)\b)"
)
_LONGEST = 2000

_AT_ONCE = 400
"""Lines that are coloured with their text; of more, those that come into sight."""


class JsonHighlighter(QSyntaxHighlighter):
    """Highlights one line at a time; very long lines stay plain, since they would be slow.

    `json` False colours nothing but `cuts`: by line, where what was left out of it is said.
    """

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._formats = _formats()
        self._waiting = False
        self._coloured: set[int] = set()
        self._json = True
        self._cuts: Mapping[int, int] = {}

    def prepare(self, lines: int, cuts: Mapping[int, int], *, json: bool = True) -> None:
        """Take in what the text will be that the document is about to have."""
        self._waiting = lines > _AT_ONCE
        self._coloured.clear()
        self._json = json
        self._cuts = cuts

    def colour(self, first: QTextBlock, count: int) -> None:
        """Colour lines that have come into sight, where they are not yet."""
        if not self._waiting:
            return
        self._waiting = False
        block = first
        for number in range(first.blockNumber(), first.blockNumber() + count):
            if not block.isValid():
                break
            if number not in self._coloured:
                self._coloured.add(number)
                self.rehighlightBlock(block)
            block = block.next()
        self._waiting = True

    def rehighlight(self) -> None:
        """Colour all lines anew, in the colours of the scheme in force."""
        self._formats = _formats()
        self._coloured.clear()
        super().rehighlight()

    def highlightBlock(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Colour one line. There may be tens of thousands, so nothing is asked for in here."""
        if self._waiting:
            return
        if self._cuts and (cut := self._cuts.get(self.currentBlock().blockNumber())) is not None:
            start = units(text[:cut])
            self.setFormat(start, units(text) - start, self._formats["cut"])
        if not self._json or len(text) > _LONGEST:
            return
        plain = text.isascii()
        for match in _TOKEN.finditer(text):
            start, end = match.span() if plain else (units(text[:at]) for at in match.span())
            self.setFormat(start, end - start, self._formats[match.lastgroup or "text"])


def units(text: str) -> int:
    """Give the length of a text as Qt counts it: characters beyond U+FFFF are two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _formats() -> dict[str, QTextCharFormat]:
    scheme = colours()
    inks = {
        "key": scheme.accent,
        "text": scheme.good,
        "number": scheme.parameter,
        "word": scheme.warning,
        "cut": scheme.muted,
    }
    made = {name: QTextCharFormat() for name in inks}
    for name, ink in inks.items():
        made[name].setForeground(QColor(ink))
    made["cut"].setFontItalic(True)
    return made
