"""Colours indented JSON: keys, texts, numbers and words."""

from __future__ import annotations

import re

from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat

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

    def highlightBlock(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Colour one line."""
        if len(text) > _LONGEST:
            return
        scheme = colours()
        inks = {
            "key": scheme.accent,
            "text": scheme.good,
            "number": scheme.parameter,
            "word": scheme.warning,
        }
        for match in _TOKEN.finditer(text):
            made = QTextCharFormat()
            made.setForeground(QColor(inks[match.lastgroup or "text"]))
            self.setFormat(match.start(), match.end() - match.start(), made)
