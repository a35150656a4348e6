"""What differs between two exchanges row by row: headers, lines of text, phases of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt

from gms_console.comparison import Change

from ..tips import plain_tip
from .diff_words import CHANGE_ROLE, OWN_ROLE, SIGNS, WORDS, value_tip
from .headed_table import HeadedTable, Index


@dataclass(frozen=True, slots=True)
class DiffRow:
    """A row of a plain comparison: how its cells relate, and what they say."""

    change: Change
    cells: tuple[str, ...]


class DiffRows(HeadedTable):
    """Rows with a sign in one of their cells.

    `signed` is the column that the sign stands in; None for no sign.
    """

    def __init__(
        self, heads: Sequence[str], parent: QObject | None = None, *, signed: int | None = 0
    ) -> None:
        super().__init__(parent)
        self.heads = tuple(heads)
        self._signed = signed
        self._rows: list[DiffRow] = []

    def show_rows(self, rows: Sequence[DiffRow], *, only_differences: bool) -> None:
        """Show rows, all of them or those that differ."""
        self.beginResetModel()
        self._rows = [row for row in rows if row.change.counts or not only_differences]
        self.endResetModel()

    def row(self, place: int) -> DiffRow:
        """Give a row."""
        return self._rows[place]

    def following(self, place: int, step: int) -> int:
        """Give the next row that differs from `place` on, forwards or backwards; -1 for none."""
        stop = len(self._rows) if step > 0 else -1
        rows = range(place + step, stop, step)
        return next((one for one in rows if self._rows[one].change.counts), -1)

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Give the number of rows."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Give what a cell shows."""
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], index.column()
        if role == CHANGE_ROLE:
            return row.change.value
        if role == OWN_ROLE:
            return row.change.counts
        text = row.cells[column]
        if role == Qt.ItemDataRole.DisplayRole:
            sign = SIGNS[row.change] if column == self._signed else ""
            return f"{sign} {text}".rstrip() if sign else text
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(value_tip(text))
        if role == Qt.ItemDataRole.AccessibleTextRole and column == 0:
            return f"{text}, {WORDS[row.change]}"
        return None
