"""The tables of the simulator's window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ...models.snapshot_model import ROW_ROLE, SnapshotModel
from ..common import Hint, named

_R = TypeVar("_R")


class SnapshotTable(QTableView, Generic[_R]):
    """A table of snapshots whose rows are chosen whole.

    `widths` has a text for each column to be as wide as; the empty one takes the rest. `hint` is
    what it says while it is empty.
    """

    def __init__(
        self, rows: SnapshotModel[_R], widths: Sequence[str], name: str, spoken: str, hint: str
    ) -> None:
        super().__init__()
        self.rows = rows
        self._widths = tuple(widths)
        named(self, name, spoken)
        self.setModel(rows)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(self._widths.index(""), QHeaderView.ResizeMode.Stretch)
        self._fit()
        Hint(self, hint, below=header.height())

    def chosen(self) -> list[_R]:
        """Give the selected rows, from the top."""
        places = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self.rows.row(place) for place in places]

    def current(self) -> _R | None:
        """Give the row at hand, if there is one."""
        index = self.currentIndex()
        return index.data(ROW_ROLE) if index.isValid() else None

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Switch the boxes of the selected rows on Space, wherever in a row the keys are."""
        box = self.rows.box
        index = self.currentIndex()
        if event.key() != Qt.Key.Key_Space or box is None or not index.isValid():
            super().keyPressEvent(event)
            return
        on = Qt.CheckState(self.rows.index(index.row(), box).data(Qt.ItemDataRole.CheckStateRole))
        wanted = Qt.CheckState.Unchecked if on is Qt.CheckState.Checked else Qt.CheckState.Checked
        places = {one.row() for one in self.selectionModel().selectedRows()} or {index.row()}
        for place in sorted(one for one in places if one < self.rows.rowCount()):
            self.rows.setData(self.rows.index(place, box), wanted, Qt.ItemDataRole.CheckStateRole)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Take over another font."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._fit()

    def _fit(self) -> None:
        metrics = self.fontMetrics()
        rows = self.verticalHeader()
        rows.setMinimumSectionSize(metrics.height() + 2)
        rows.setDefaultSectionSize(metrics.height() + 8)
        header = self.horizontalHeader()
        header.setFixedHeight(metrics.height() + 9)
        for column, text in enumerate(self._widths):
            if text:
                width = max(metrics.horizontalAdvance(text) + 16, header.sectionSizeHint(column))
                self.setColumnWidth(column, width)
