"""The line that a message is typed into; Enter sends it, Shift+Enter begins another line."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit

from ..common import exact_text, named

_MOST_LINES = 6
_MARGIN = 7


class InputLine(QPlainTextEdit):
    """Grows with its text up to a few lines; what is pasted comes as plain text.

    `files_dropped` carries the paths of files that were dropped or pasted here.
    """

    send_wanted = Signal()
    typed = Signal(str)
    files_dropped = Signal(list)

    def __init__(self) -> None:
        super().__init__()
        named(self, "chatInput", "Message")
        self.setProperty("prose", True)
        self.setPlaceholderText("Write a message; Enter sends it, Shift+Enter begins a new line")
        self.setTabChangesFocus(True)
        self.textChanged.connect(self._on_text)
        self._loading = False
        self.document().setDocumentMargin(_MARGIN)
        self._fit()

    def text(self) -> str:
        """Give what is typed, exactly."""
        return exact_text(self)

    def load(self, text: str) -> None:
        """Show what was typed before; that is no typing."""
        if text != self.text():
            self._loading = True
            self.setPlainText(text)
            self._loading = False

    def _on_text(self) -> None:
        self._fit()
        if not self._loading:
            self.typed.emit(self.text())

    def _fit(self) -> None:
        lines = max(1, min(_MOST_LINES, int(self.document().size().height())))
        room = 2 * (_MARGIN + self.frameWidth())
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + room + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep room for the text as it wraps now."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Keep room for text of another size."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Send by Enter."""
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.send_wanted.emit()
        elif enter:
            self.insertPlainText("\n")
        else:
            super().keyPressEvent(event)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:  # noqa: N802 - Qt's name
        """Take files and plain text."""
        return source.hasText() or any(url.isLocalFile() for url in source.urls())

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802 - Qt's name
        """Take files as files, all else as plain text."""
        paths = [url.toLocalFile() for url in source.urls() if url.isLocalFile()]
        if paths:
            self.files_dropped.emit(paths)
        else:
            self.insertPlainText(source.text())
