"""The note of a row of the history."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from gms_console.history.rows import HistoryRow

from ...models.history_words import moment
from ..common import exact_text, label, named


class NoteDialog(QDialog):
    """A few lines on a row, found by the search; Ctrl+Enter takes them over.

    `written` comes with the text; an empty one takes the note away.
    """

    written = Signal(str)

    def __init__(self, row: HistoryRow, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("noteDialog")
        self.setWindowTitle("Note")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(420, 220)
        about = label(f"On {row.title}, {moment(row.started)}", "muted")
        self.edit = named(QPlainTextEdit(row.note), "noteEdit", "Note")
        self.edit.setTabChangesFocus(True)
        self.edit.setPlaceholderText("Such as the number of a defect. The search finds it.")
        buttons = QDialogButtonBox.StandardButton
        box = QDialogButtonBox(buttons.Ok | buttons.Cancel)
        box.button(buttons.Ok).setShortcut("Ctrl+Return")
        box.button(buttons.Ok).setToolTip("Take the note over (Ctrl+Enter)")
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(about)
        column.addWidget(self.edit, 1)
        column.addWidget(box)
        self.edit.selectAll()
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def accept(self) -> None:
        """Tell of the note."""
        self.written.emit(exact_text(self.edit).strip())
        super().accept()
