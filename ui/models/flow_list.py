"""The flow files of a folder, and flows that were never saved, as a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from ..tips import plain_tip
from .flow_steps import DETAIL_ROLE, MISTAKES_ROLE

if TYPE_CHECKING:
    from ..flows.document import FlowDocument

Index = QModelIndex | QPersistentModelIndex

PROBLEM_ROLE = MISTAKES_ROLE + 1

UNSAVED = "•"
"""What stands before a flow that has unsaved edits."""


@dataclass(frozen=True, slots=True)
class FlowRow:
    """A row of the explorer: a file, or a document that has none yet; its `path` is empty.

    `problem` says why the file cannot be read as a flow, as far as that is known.
    """

    title: str
    detail: str
    path: str = ""
    document: FlowDocument | None = None
    modified: bool = False
    conflict: bool = False
    changed_at: float = 0.0
    problem: str = ""

    @property
    def file(self) -> Path | None:
        """The file, made when it is asked for; thousands of rows are compared by their text."""
        return Path(self.path) if self.path else None

    @property
    def text(self) -> str:
        """What the row shows."""
        sign = f"{UNSAVED} " if self.modified else ""
        return f"{sign}{self.title}"


class FlowListModel(QAbstractListModel):
    """Rows that hold what is typed in the filter, those without a file first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[FlowRow, ...] = ()
        self.rows: tuple[FlowRow, ...] = ()
        self._filter = ""

    @property
    def total(self) -> int:
        """How many rows there are without the filter."""
        return len(self._all)

    def show_rows(self, rows: Iterable[FlowRow]) -> None:
        """Show rows."""
        self._all = tuple(rows)
        self._apply()

    def set_filter(self, text: str) -> None:
        """Show the rows alone that have all words of a text in title or path."""
        if text != self._filter:
            self._filter = text
            self._apply()

    def _apply(self) -> None:
        words = self._filter.casefold().split()
        new = self._all
        if words:
            new = tuple(one for one in new if _holds(one, words))
        if [_key(one) for one in new] == [_key(one) for one in self.rows]:
            self.rows = new
            if new:
                self.dataChanged.emit(self.index(0), self.index(len(new) - 1))
            return
        self.beginResetModel()
        self.rows = new
        self.endResetModel()

    def place_of(self, document: FlowDocument | None) -> int:
        """Give the row of an open flow; -1 for none."""
        if document is None:
            return -1
        path = str(document.file or "")
        for place, row in enumerate(self.rows):
            if row.document is document or (path and row.path == path):
                return place
        return -1

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Give the number of rows."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Give one column; Qt's own answer cannot be asked for."""
        return 0 if parent is not None and parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Give what a row shows."""
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role == DETAIL_ROLE:
            return row.detail
        if role == PROBLEM_ROLE:
            return row.problem
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(_tip(row))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            edits = ", unsaved edits" if row.modified else ""
            clash = ", changed on the disk" if row.conflict else ""
            unread = ", cannot be read as a flow" if row.problem else ""
            return f"{row.title}, {row.detail}{edits}{clash}{unread}"
        return None


def _key(row: FlowRow) -> object:
    return row.path or id(row.document)


def _holds(row: FlowRow, words: Sequence[str]) -> bool:
    text = f"{row.title} {row.detail}".casefold()
    return all(word in text for word in words)


def _tip(row: FlowRow) -> str:
    if not row.path:
        return "Not saved yet"
    when = datetime.fromtimestamp(row.changed_at).astimezone() if row.changed_at else None
    place = f"{row.path}\nchanged {when:%Y-%m-%d %H:%M:%S}" if when else row.path
    return f"{row.problem}\n{place}" if row.problem else place
