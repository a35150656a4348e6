"""F1: every action with its keys."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..actions import keys_text
from .common import named

IN_THE_TABLE = (
    ("Enter or F2", "In the rows: edit key or value"),
    ("Tab", "While editing: on to the value, then to the next row"),
    ("Shift+Enter", "While editing a value: break the line"),
    ("Space", "In the rows: switch the selected rows on or off; in a boolean's value, the value"),
    ("Alt+N, Alt+M, Alt+Z", "While editing a time: now, in 15 minutes, its time zone"),
    ("Alt+A", "While editing the value of a file: attach one"),
    ("Delete", "In the rows, attachments and live services: remove what is selected"),
    ("Delete", "In the history: delete what is selected, when asked"),
    ("Down", "In the search field of the history: go to what was found"),
    ("Ctrl+C, Ctrl+V", "In the rows: copy and paste lines like key=value"),
    ("Left, Right", "In the state timeline: go from attempt to attempt"),
    ("F7, Shift+F7", "In a comparison: the next difference, and the one before"),
    ("Alt+D", "In a comparison: only differences, or all there is"),
    ("Alt+S", "In a comparison: swap left and right"),
    ("Alt+I", "In a comparison: what is ignored"),
    ("Enter", "In a comparison: the chosen value, whole on both sides"),
    ("Enter", "In the history: show the row"),
    ("Delete", "In the history: delete the selected rows"),
    ("Enter, Shift+Enter", "While searching an answer: the next hit, and the one before"),
    ("Alt+C", "While searching an answer: match case"),
    ("Alt+R", "While searching an answer: take the text as an expression"),
    ("Enter", "In the tree of an answer: open or close the row"),
    ("*", "In the tree of an answer: open all below the row"),
    ("Ctrl+C", "In the tree of an answer: copy the value"),
    ("Ctrl+Shift+C", "In the tree of an answer: copy the path (JMESPath)"),
    ("Insert, Delete", "In the tables of a flow: add a row, remove the selected ones"),
    ("Alt+Up, Alt+Down", "In the steps and tables of a flow: move the step or row"),
    ("Enter", "In the list of flows: open the flow"),
    ("M, R, N, C, Esc", "In demo mode: masks, record, start over, next customer, leave"),
    ("Space, Left, Right", "In a replay: play or pause, the step before, the next one"),
    ("Home, End, +, -", "In a replay: to its start, to its end, faster, slower"),
    ("W, L", "In a replay: no long waits, back to the live session"),
    ("Ctrl+Shift+[, Ctrl+Shift+]", "In the text of an answer: fold and unfold"),
)


class ShortcutsHelp(QDialog):
    """A table of keys with a filter."""

    def __init__(self, actions: Iterable[QAction], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("shortcutsHelp")
        self.setWindowTitle("Keyboard shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(560, 560)
        self._filter = named(QLineEdit(), "shortcutsFilterEdit", "Filter shortcuts")
        self._filter.setPlaceholderText("Filter")
        rows = [(keys_text(one), str(one.property("label")).replace("&", "")) for one in actions]
        rows = [row for row in rows if row[0]] + list(IN_THE_TABLE)
        self.table = named(QTableWidget(len(rows), 2), "shortcutsTable", "Keyboard shortcuts")
        self.table.setHorizontalHeaderLabels(["Keys", "What it does"])
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.verticalHeader().setVisible(False)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        for place, row in enumerate(rows):
            for column, text in enumerate(row):
                self.table.setItem(place, column, QTableWidgetItem(text))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column_box = QVBoxLayout(self)
        column_box.addWidget(self._filter)
        column_box.addWidget(self.table, 1)
        column_box.addWidget(buttons)
        self._filter.textChanged.connect(self._on_filter)

    def _on_filter(self, text: str) -> None:
        for place in range(self.table.rowCount()):
            items = [self.table.item(place, column) for column in range(2)]
            shown = " ".join(item.text() for item in items if item is not None).lower()
            self.table.setRowHidden(place, text.lower() not in shown)
