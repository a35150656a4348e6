"""Colours indented JSON: keys, texts, numbers and words."""

from __future__ import annotations

import re

from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from ..theme import colours

_TOKEN = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*")(?=\s*:)'
    r'|(?P<text>"(?:[^"\\]|\\.)*")'
    r"|(?P<number>-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b)"
    r"|(?P<word>\b(?:true|false|null)\b)"
)
_LONGEST = 2000


class JsonHighlighter(QSyntaxHighlighter):
    """Highlights one line at a time; very long lines stay plain, since they would be slow."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._formats = _formats()

    def rehighlight(self) -> None:
        """Colour all lines anew, in the colours of the scheme in force."""
        self._formats = _formats()
        super().rehighlight()

    def highlightBlock(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Colour one line. There may be tens of thousands, so nothing is asked for in here."""
        if len(text) > _LONGEST:
            return
        for match in _TOKEN.finditer(text):
            start, end = match.span()
            self.setFormat(start, end - start, self._formats[match.lastgroup or "text"])


def _formats() -> dict[str, QTextCharFormat]:
    scheme = colours()
    inks = {
        "key": scheme.accent,
        "text": scheme.good,
        "number": scheme.parameter,
        "word": scheme.warning,
    }
    made = {name: QTextCharFormat() for name in inks}
    for name, ink in inks.items():
        made[name].setForeground(QColor(ink))
    return made
