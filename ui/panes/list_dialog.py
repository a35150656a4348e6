"""A dialog with a list of rows, in whose place a text stands while there is none."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..tips import plain_tip


class ListDialog(QDialog):
    """Its buttons, and one that closes it, stand below the list."""

    def __init__(self, rows: QTreeWidget, empty: QLabel, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.list = rows
        self._empty = empty
        empty.setWordWrap(True)
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setMargin(60)
        self._stack = QStackedWidget()
        self._stack.addWidget(rows)
        self._stack.addWidget(empty)

    def lay_out(self, above: QWidget, buttons: Sequence[QPushButton], *below: QWidget) -> None:
        """Lay it out; `below` stands between the list and the buttons."""
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        bottom = QHBoxLayout()
        for button in buttons:
            bottom.addWidget(button)
        bottom.addStretch(1)
        bottom.addWidget(close)
        # Enter on the list must do nothing.
        for button in (*buttons, *close.findChildren(QPushButton)):
            button.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.addWidget(above)
        column.addWidget(self._stack, 1)
        for widget in below:
            column.addWidget(widget)
        column.addLayout(bottom)

    def show_rows(self, rows: Sequence[QTreeWidgetItem], chosen: int) -> None:
        """Show other rows and choose one of them, the last where there are not as many."""
        self.list.clear()
        self.list.addTopLevelItems(rows)
        if rows:
            index = self.list.model().index(min(max(chosen, 0), len(rows) - 1), 0)
            self.list.setCurrentIndex(index)
        self._stack.setCurrentWidget(self.list if rows else self._empty)

    def row(self, texts: Sequence[str], data: object) -> QTreeWidgetItem:
        """Make a row of the list; `data` is what it stands for."""
        item = QTreeWidgetItem(texts)
        item.setData(0, Qt.ItemDataRole.UserRole, data)
        item.setSizeHint(0, QSize(0, self.fontMetrics().height() + 10))
        for column, text in enumerate(texts):
            item.setToolTip(column, plain_tip(text))
        return item
