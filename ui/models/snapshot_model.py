"""A table over snapshots: what is shown anew every moment, without losing place or selection."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QModelIndex, QObject, Qt

from ..tips import plain_tip
from .headed_table import HeadedTable, Index

_R = TypeVar("_R")

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
"""The row itself, as the snapshot has it."""

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Column(Generic[_R]):
    """A column: its heading, the text of a row in it, and whether that is a number.

    `checked` makes it a box that is on or off.
    """

    head: str
    text: Callable[[_R], str]
    number: bool = False
    checked: Callable[[_R], bool] | None = None


class SnapshotModel(HeadedTable, Generic[_R]):
    """Rows of one kind, known by `key`: those that stay keep their place, and what is selected.

    `toggled` is called with a row whose box was clicked, and whether it is to be on.
    """

    def __init__(
        self,
        columns: Sequence[Column[_R]],
        key: Callable[[_R], Hashable],
        parent: QObject | None = None,
        toggled: Callable[[_R, bool], object] | None = None,
    ) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._key = key
        self._toggled = toggled
        self._rows: list[_R] = []
        self.heads = tuple(one.head for one in columns)

    @property
    def box(self) -> int | None:
        """The column that is a box; None where there is none."""
        return next((n for n, one in enumerate(self._columns) if one.checked is not None), None)

    def row(self, number: int) -> _R:
        """Give a row."""
        return self._rows[number]

    def show_rows(self, rows: Sequence[_R]) -> None:
        """Take another snapshot."""
        new = list(rows)
        wanted = {self._key(row) for row in new}
        for place in reversed(range(len(self._rows))):
            if self._key(self._rows[place]) not in wanted:
                self.beginRemoveRows(QModelIndex(), place, place)
                del self._rows[place]
                self.endRemoveRows()
        here = [self._key(row) for row in self._rows]
        known = set(here)
        if [key for key in map(self._key, new) if key in known] != here:
            self.beginResetModel()
            self._rows = new
            self.endResetModel()
            return
        for place, row in enumerate(new):
            if self._key(row) not in known:
                self.beginInsertRows(QModelIndex(), place, place)
                self._rows.insert(place, row)
                self.endInsertRows()
            elif self._rows[place] != row:
                self._rows[place] = row
                last = self.index(place, len(self.heads) - 1)
                self.dataChanged.emit(self.index(place, 0), last)

    # --- what Qt asks --------------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Give the number of rows."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Give what a cell shows; its tooltip has it whole."""
        row, column = self._rows[index.row()], self._columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == Qt.ItemDataRole.CheckStateRole and column.checked is not None:
            on = column.checked(row)
            return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(column.text(row))
        if role == Qt.ItemDataRole.TextAlignmentRole and column.number:
            return _RIGHT
        if role == ROW_ROLE:
            return row
        return None

    def headerData(  # noqa: N802 - Qt's name
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:  # noqa: ANN401
        """Name the columns, numbers to the right as their cells."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if self._columns[section].number else None
        return super().headerData(section, orientation, role)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let boxes be clicked."""
        flags = super().flags(index)
        if self._columns[index.column()].checked is not None:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def setData(  # noqa: N802 - Qt's name
        self,
        index: Index,
        value: Any,  # noqa: ANN401
        role: int = Qt.ItemDataRole.EditRole,
    ) -> bool:
        """Hand on that a box was clicked; the next snapshot shows what came of it."""
        if role != Qt.ItemDataRole.CheckStateRole or self._toggled is None:
            return False
        self._toggled(self._rows[index.row()], Qt.CheckState(value) is Qt.CheckState.Checked)
        return True
