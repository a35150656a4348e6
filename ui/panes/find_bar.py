"""Find in a text: as one types, with a count, next and previous."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QKeyEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from ..theme import colours
from .common import icon_button, label, named

_MOST = 2000
"""Hits that are marked; more are counted as "2000+" so that typing stays fast."""


class FindBar(QWidget):
    """Searches the view it is pointed at; Escape closes it and gives the view the cursor."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: QPlainTextEdit | None = None
        self._hits: list[QTextCursor] = []
        self._current = -1
        self.edit = named(QLineEdit(), "findEdit", "Find in answer")
        self.edit.setPlaceholderText("Find in answer")
        self.count_label = named(label("", "muted"), "findCountLabel", "Hits")
        previous = icon_button("up", "Previous hit (Shift+Enter)")
        following = icon_button("down", "Next hit (Enter)")
        close = icon_button("close", "Close (Esc)")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for widget in (self.edit, self.count_label, previous, following, close):
            row.addWidget(widget)
        self.edit.textChanged.connect(self.search)
        previous.clicked.connect(lambda: self._step(-1))
        following.clicked.connect(lambda: self._step(1))
        close.clicked.connect(self.close_bar)
        self.hide()

    def open_for(self, view: QPlainTextEdit) -> None:
        """Search in `view`, beginning with what is selected there."""
        self.point_at(view)
        selected = view.textCursor().selectedText()
        if selected and "\u2029" not in selected:
            self.edit.setText(selected)
        self.show()
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.edit.selectAll()
        self.search()

    def point_at(self, view: QPlainTextEdit) -> None:
        """Search in another view from now on."""
        if self._view is not None and self._view is not view:
            self._view.setExtraSelections([])
        self._view = view
        if self.isVisible():
            self.search()

    def search(self) -> None:
        """Find all hits again, as after the text has changed."""
        self._hits = self._find_all()
        self._current = 0 if self._hits else -1
        self._show()

    def _find_all(self) -> list[QTextCursor]:
        text, view = self.edit.text(), self._view
        if not text or view is None:
            return []
        document = view.document()
        hits: list[QTextCursor] = []
        cursor = document.find(text, 0, QTextDocument.FindFlag(0))
        while not cursor.isNull() and len(hits) < _MOST:
            hits.append(cursor)
            cursor = document.find(text, cursor, QTextDocument.FindFlag(0))
        return hits

    def _step(self, by: int) -> None:
        if self._hits:
            self._current = (self._current + by) % len(self._hits)
            self._show()

    def _show(self) -> None:
        view = self._view
        if view is None:
            return
        marks = []
        for place, hit in enumerate(self._hits):
            mark = QTextEdit.ExtraSelection()
            mark.cursor = hit
            scheme = colours()
            here = place == self._current
            mark.format.setBackground(QColor(scheme.accent if here else scheme.warning_soft))
            mark.format.setForeground(QColor(scheme.accent_text if here else scheme.text))
            marks.append(mark)
        view.setExtraSelections(marks)
        if self._current >= 0:
            shown = QTextCursor(self._hits[self._current])
            shown.setPosition(shown.selectionStart())
            view.setTextCursor(shown)
            view.ensureCursorVisible()
        more = "+" if len(self._hits) == _MOST else ""
        found = f"{self._current + 1} of {len(self._hits)}{more}" if self._hits else "no hit"
        self.count_label.setText(found if self.edit.text() else "")

    def close_bar(self) -> None:
        """Close, unmark, and give the view the cursor."""
        self.hide()
        if self._view is not None:
            self._view.setExtraSelections([])
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def event(self, event: QEvent) -> bool:
        """Keep Escape from cancelling a request while the find bar has the cursor."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.ShortcutOverride
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter and Shift+Enter step, Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._step(-1 if back else 1)
        else:
            super().keyPressEvent(event)
