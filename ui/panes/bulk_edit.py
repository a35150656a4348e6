"""All rows of the Form as text, to edit many at once."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from gms_console.model.form_text import (
    FormTextError,
    carry_over,
    form_from_text,
    form_to_text,
)

from ..models.form_model import FormModel
from ..theme import monospace
from .common import exact_text, label, named

_HELP = (
    "One row a line: key=value. # in front switches a row off; key=@path attaches a file.\n"
    "A row that is more than that is a JSON object, as in "
    '{"key": "a=b", "value": "two\\nlines"}.'
)


class BulkEdit(QDialog):
    """A text of rows; it stays open, with the line marked, until every line is a row."""

    def __init__(self, model: FormModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.setWindowTitle("Edit rows as text")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(640, 420)
        self.edit = named(QPlainTextEdit(), "bulkEdit", "Rows as text")
        self.edit.setFont(monospace())
        self.edit.setTabChangesFocus(True)
        self.edit.setPlainText(form_to_text(model.form))
        self.error_label = named(label("", "error"), "bulkErrorLabel", "Problem")
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        column = QVBoxLayout(self)
        column.addWidget(label(_HELP, "muted"))
        column.addWidget(self.edit, 1)
        column.addWidget(self.error_label)
        column.addWidget(buttons)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.edit.textChanged.connect(lambda: self.error_label.setText(""))

    def accept(self) -> None:
        """Take the rows over as one step that can be undone, or show the first wrong line."""
        try:
            form = form_from_text(exact_text(self.edit))
        except FormTextError as error:
            self.error_label.setText(str(error))
            cursor = QTextCursor(self.edit.document().findBlockByNumber(error.line - 1))
            cursor.select(QTextCursor.SelectionType.LineUnderCursor)
            self.edit.setTextCursor(cursor)
            self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._model.edit(carry_over(form, self._model.form), "edit as text")
        super().accept()
