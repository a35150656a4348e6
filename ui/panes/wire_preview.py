"""The live wire preview: the request exactly as Send will send it."""

from __future__ import annotations

import re

from PySide6.QtGui import QColor, QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from gms_console.sizes import size_text

from ..console import Console
from ..theme import colours, monospace
from .common import exact_text, label, named, set_label


class WirePreview(QWidget):
    """Shows the prepared request, or why there is none."""

    def __init__(self, console: Console, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._console = console
        self.view = named(
            QPlainTextEdit(), "wirePreview", "Wire preview: the request as it goes out"
        )
        self.view.setReadOnly(True)
        self.view.setTabChangesFocus(True)
        self.view.setFont(monospace())
        self.view.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._highlighter = WireHighlighter(self.view.document())
        self._size = label("", "muted")
        title = label("On the wire")
        title.setObjectName("paneTitle")
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self._size)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.view, 1)
        console.preview_changed.connect(self._show)
        self._show()

    def refresh_colours(self) -> None:
        """Colour the text anew, as after a change of scheme."""
        self._highlighter.rehighlight()

    def _show(self) -> None:
        preview = self._console.preview
        wrap = QPlainTextEdit.LineWrapMode
        # What is sent keeps its lines; a reason is a sentence.
        self.view.setLineWrapMode(wrap.WidgetWidth if preview.prepared is None else wrap.NoWrap)
        if preview.prepared is None:
            parts = [
                f"{count} {name}{'' if count == 1 else 's'}"
                for count, name in ((len(preview.fields), "field"), (len(preview.rows), "row"))
                if count
            ]
            wrong = f"{' and '.join(parts)} cannot be sent" if parts else ""
            set_label(self._size, wrong or "Nothing to send yet", "error" if wrong else "muted")
            text = preview.reason
        else:
            size = size_text(preview.prepared.body.size)
            set_label(self._size, f"Body {size}, {preview.prepared.body.kind.value}", "muted")
            text = preview.prepared.preview()
        if text.replace("\r\n", "\n") != exact_text(self.view):
            bar = self.view.verticalScrollBar()
            position = bar.value()
            self.view.setPlainText(text)
            bar.setValue(position)


class WireHighlighter(QSyntaxHighlighter):
    """Sets apart request lines, header names and the places of files."""

    _FIRST = re.compile(r"^[A-Z]+ \S+ HTTP/1\.1$|^HTTP/\S+ \d{3}.*$")
    _HEADER = re.compile(r"^[!#-'*+.^_`|~0-9A-Za-z-]+:")
    _PLACE = re.compile(r"«[^»]*»")

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)

    def highlightBlock(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Colour one line."""
        scheme = colours()
        if self._FIRST.match(text):
            self.setFormat(0, len(text), _format(scheme.accent, bold=True))
        elif match := self._HEADER.match(text):
            self.setFormat(0, match.end(), _format(scheme.muted))
        for place in self._PLACE.finditer(text):
            self.setFormat(place.start(), place.end() - place.start(), _format(scheme.data))


def _format(colour: str, *, bold: bool = False) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(QColor(colour))
    if bold:
        made.setFontWeight(QFont.Weight.Bold)
    return made
