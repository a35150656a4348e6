"""Tables of a flow: rows that are shown as they stand, and edits that are asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal

from ..theme import colours
from ..tips import plain_tip
from .headed_table import HeadedTable, Index

PROBLEM_HEAD = "Problem"
PATH_HEAD = "Path"

_R = TypeVar("_R")


class FlowRows(HeadedTable, Generic[_R]):
    """Rows of one field of a step or flow; the last column says what is wrong with each.

    It changes nothing itself: `edited` has the rows as they should be and names the step, and who
    listens shows them. `refused` says why a text was not taken.
    """

    edited = Signal(object, str)
    refused = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[_R, ...] = ()
        self._problems: dict[int, str] = {}

    # --- what subclasses say ---------------------------------------------------------------------

    def text(self, row: _R, column: int) -> str:
        """Give what a cell shows, and what its editor begins with."""
        raise NotImplementedError

    def changed(self, row: _R, column: int, text: str) -> _R:
        """Give the row with another text in a cell. Raises ValueError with the reason if not."""
        raise NotImplementedError

    def fresh(self) -> _R:
        """Give a new row."""
        raise NotImplementedError

    def fixed(self, row: _R, column: int) -> bool:
        """Whether a cell cannot be edited."""
        del row, column
        return False

    # --- rows ------------------------------------------------------------------------------------

    def show_rows(self, rows: Sequence[_R], problems: Mapping[int, str]) -> None:
        """Show rows, telling views no more than what differs."""
        old, new = self.rows, tuple(rows)
        self._problems = dict(problems)
        head = 0
        while head < min(len(old), len(new)) and old[head] == new[head]:
            head += 1
        gone, come = len(old) - head, len(new) - head
        kept = min(gone, come)
        if come > gone:
            self.beginInsertRows(QModelIndex(), head + kept, head + come - 1)
            self.rows = new
            self.endInsertRows()
        elif gone > come:
            self.beginRemoveRows(QModelIndex(), head + kept, head + gone - 1)
            self.rows = new
            self.endRemoveRows()
        self.rows = new
        if new:
            self.dataChanged.emit(
                self.index(0, 0), self.index(len(new) - 1, self.columnCount() - 1)
            )

    @property
    def has_problems(self) -> bool:
        """Whether something is wrong with any row."""
        return bool(self._problems)

    def problem(self, place: int) -> str:
        """Say what is wrong with a row; of the first that is wrong where that one is not."""
        first = self._problems[min(self._problems)] if self._problems else ""
        return self._problems.get(place, first)

    def add(self, below: int) -> int:
        """Ask for a new row below a place; return its place."""
        place = below + 1
        rows = (*self.rows[:place], self.fresh(), *self.rows[place:])
        self.edited.emit(rows, "add row")
        return place

    def remove(self, places: Sequence[int]) -> None:
        """Ask for rows to go."""
        gone = set(places)
        if gone:
            left = tuple(one for n, one in enumerate(self.rows) if n not in gone)
            self.edited.emit(left, "remove row" if len(gone) == 1 else "remove rows")

    def move(self, place: int, step: int) -> bool:
        """Ask for a row to go up (-1) or down (+1); False where it cannot."""
        target = place + step
        if not 0 <= place < len(self.rows) or not 0 <= target < len(self.rows):
            return False
        rows = list(self.rows)
        rows[place], rows[target] = rows[target], rows[place]
        self.edited.emit(tuple(rows), "move row")
        return True

    # --- what the view reads ---------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Give the number of rows."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    @property
    def problem_column(self) -> int:
        """The column that says what is wrong."""
        return len(self.heads) - 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Give what a cell shows."""
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        place, column = index.row(), index.column()
        problem = self._problems.get(place, "")
        if role == Qt.ItemDataRole.ForegroundRole and column == self.problem_column:
            from PySide6.QtGui import QColor  # noqa: PLC0415 - a cell that is painted has it

            return QColor(colours().error)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = problem or "none" if column == self.problem_column else ""
            return f"{self.heads[column]}: {said or self._shown(place, column) or 'empty'}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(problem or self._shown(place, column))
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole}:
            if column == self.problem_column:
                return f"⚠ {problem}" if problem else ""
            return self._shown(place, column)
        return None

    def _shown(self, place: int, column: int) -> str:
        return "" if column == self.problem_column else self.text(self.rows[place], column)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Say what can be done with a cell."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        column = index.column()
        if column == self.problem_column or self.fixed(self.rows[index.row()], column):
            return flags
        return flags | Qt.ItemFlag.ItemIsEditable

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802, ANN401
        """Ask for another text in a cell."""
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        place, column, text = index.row(), index.column(), str(value)
        row = self.rows[place]
        if text == self.text(row, column):
            self.refused.emit("")
            return True
        try:
            after = self.changed(row, column, text)
        except ValueError as error:
            self.refused.emit(str(error))
            return False
        self.refused.emit("")
        rows = (*self.rows[:place], after, *self.rows[place + 1 :])
        self.edited.emit(rows, f"change {self.heads[column].lower()}")
        return True
