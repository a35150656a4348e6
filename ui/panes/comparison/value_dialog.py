"""A value whole, on both sides."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from ...theme import monospace
from ..common import label, named


class ValueDialog(QDialog):
    """Shows the left and the right value of one place, to be read and copied."""

    def __init__(self, title: str, left: str | None, right: str | None, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("comparisonValueDialog")
        self.setWindowTitle(title)
        self.resize(860, 360)
        grid = QGridLayout()
        for column, (side, text) in enumerate((("Left", left), ("Right", right))):
            edit = named(QPlainTextEdit(), f"comparison{side}Value", f"{side} value")
            edit.setReadOnly(True)
            edit.setFont(monospace())
            edit.setPlaceholderText(f"Not there on the {side.lower()}")
            edit.setTabChangesFocus(True)
            edit.setPlainText(text or "")
            name = label(f"&{side}", "muted")
            name.setBuddy(edit)
            grid.addWidget(name, 0, column)
            grid.addWidget(edit, 1, column)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column_of_all = QVBoxLayout(self)
        where = named(label(title, "muted"), "comparisonValuePath", "Place")
        where.setWordWrap(True)
        column_of_all.addWidget(where)
        column_of_all.addLayout(grid, 1)
        column_of_all.addWidget(buttons)
