"""The Form as a table: rows in wire order, every edit undoable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import IntEnum
from itertools import chain, count
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QUndoCommand, QUndoStack

from gms_console.model.form import Form, Row, RowGroup
from gms_console.wire.encode import row_content_type

from ..icons import icon

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole + 1
PROBLEM_ROLE = Qt.ItemDataRole.UserRole + 2


class Column(IntEnum):
    """The columns of the form table."""

    ENABLED = 0
    GROUP = 1
    KEY = 2
    VALUE = 3
    PROBLEM = 4


_TITLES = {
    Column.ENABLED: "Send",
    Column.GROUP: "Goes to",
    Column.KEY: "Key",
    Column.VALUE: "Value",
    Column.PROBLEM: "Problem",
}

GROUP_LABELS = {RowGroup.SERVICE_PARAMETER: "_ service", RowGroup.USER_DATA: "data"}
GROUP_MEANINGS = {
    RowGroup.SERVICE_PARAMETER: (
        "Service parameter: the key begins with _, so the service gets it. "
        "A value configured for the service may win over it."
    ),
    RowGroup.USER_DATA: "User data: GMS keeps it in its storage.",
}


def _free_file_key(taken: set[str]) -> str:
    """Give the first of FileKey, FileKey2, … that is not taken, and take it."""
    names = chain(["FileKey"], (f"FileKey{number}" for number in count(2)))
    free = next(name for name in names if name not in taken)
    taken.add(free)
    return free


class _ChangeForm(QUndoCommand):
    def __init__(self, model: FormModel, before: Form, after: Form, text: str) -> None:
        super().__init__(text)
        self._model = model
        self._before = before
        self._after = after

    def undo(self) -> None:
        self._model.show_form(self._before)

    def redo(self) -> None:
        self._model.show_form(self._after)


class FormModel(QAbstractTableModel):
    """A Form that can be edited. `form_changed` comes after every change, undo included."""

    form_changed = Signal()

    def __init__(self, form: Form | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._form = form or Form()
        self._problems: dict[int, str] = {}
        self.undo_stack = QUndoStack(self)

    @property
    def form(self) -> Form:
        """The Form as it stands."""
        return self._form

    # --- editing ---------------------------------------------------------------------

    def edit(self, after: Form, text: str) -> None:
        """Replace the Form in one step that can be undone; `text` names the step."""
        if after != self._form:
            self.undo_stack.push(_ChangeForm(self, self._form, after, text))

    def add_rows(self, rows: Iterable[Row], at: int | None = None) -> int:
        """Insert rows before `at` (the end by default); return the place of the first."""
        place = len(self._form) if at is None else at
        new = tuple(rows)
        self.edit(self._form.inserted(place, *new), "add rows" if len(new) > 1 else "add row")
        return place

    def attach(self, paths: Iterable[Path]) -> int:
        """Append a file row for each path; return the place of the first."""
        taken = {row.key for row in self._form}
        rows = [Row(key=_free_file_key(taken), file=path) for path in paths]
        place = len(self._form)
        self.edit(self._form.inserted(place, *rows), "attach file")
        return place

    def change_row(self, place: int, text: str, **values: Any) -> None:  # noqa: ANN401 - Row's fields
        """Change fields of one row."""
        self.edit(self._form.changed(place, replace(self._form.rows[place], **values)), text)

    def show_form(self, form: Form) -> None:
        """Show another Form, telling views no more than what differs."""
        old, new = self._form.rows, form.rows
        head = 0
        while head < min(len(old), len(new)) and old[head] == new[head]:
            head += 1
        tail = 0
        while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
            tail += 1
        self._problems.clear()
        self._replace_middle(form, head, len(old) - head - tail, len(new) - head - tail)
        self.form_changed.emit()

    def _replace_middle(self, form: Form, head: int, gone: int, come: int) -> None:
        kept = min(gone, come)
        if come > gone:
            self.beginInsertRows(QModelIndex(), head + kept, head + come - 1)
            self._form = form
            self.endInsertRows()
        elif gone > come:
            self.beginRemoveRows(QModelIndex(), head + kept, head + gone - 1)
            self._form = form
            self.endRemoveRows()
        self._form = form
        if len(form):
            self.dataChanged.emit(
                self.index(0, 0), self.index(len(form) - 1, self.columnCount() - 1)
            )

    def set_problems(self, problems: Mapping[int, str]) -> None:
        """Mark rows that cannot be sent, with the reason beside each."""
        if problems == self._problems:
            return
        self._problems = dict(problems)
        if len(self._form):
            self.dataChanged.emit(
                self.index(0, 0), self.index(len(self._form) - 1, self.columnCount() - 1)
            )

    @property
    def has_problems(self) -> bool:
        """Whether any row is marked."""
        return bool(self._problems)

    # --- what the view reads -----------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Give the number of rows."""
        return 0 if parent is not None and parent.isValid() else len(self._form)

    def columnCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Give the number of columns."""
        return 0 if parent is not None and parent.isValid() else len(Column)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401 - Qt's signature
        """Give a column's title or a row's number."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return _TITLES[Column(section)] if orientation is Qt.Orientation.Horizontal else section + 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Say what can be done with a cell."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        if index.column() == Column.ENABLED:
            return flags | Qt.ItemFlag.ItemIsUserCheckable
        if index.column() in {Column.KEY, Column.VALUE}:
            return flags | Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Give what a cell shows."""
        return self._shown(index, role) if index.isValid() else None

    def _shown(self, index: Index, role: int) -> Any:  # noqa: ANN401
        row = self._form.rows[index.row()]
        column = Column(index.column())
        if role == ROW_ROLE:
            return row
        if role == PROBLEM_ROLE:
            return self._problems.get(index.row(), "")
        if role == Qt.ItemDataRole.CheckStateRole and column is Column.ENABLED:
            return Qt.CheckState.Checked if row.enabled else Qt.CheckState.Unchecked
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole}:
            return self._text(row, column, index.row(), role)
        if role == Qt.ItemDataRole.DecorationRole and column is Column.VALUE and row.is_file:
            return icon("attach")
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tool_tip(row, column, index.row())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row, column, index.row())
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802, ANN401
        """Take an edit, as one undoable step."""
        place, row = index.row(), self._form.rows[index.row()]
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == Column.ENABLED:
            enabled = Qt.CheckState(value) is Qt.CheckState.Checked
            self.change_row(place, "switch row", enabled=enabled)
            return True
        if role != Qt.ItemDataRole.EditRole:
            return False
        if index.column() == Column.KEY:
            self.change_row(place, "change key", key=str(value))
        elif row.is_file:
            self.change_row(place, "change file", file=Path(str(value)))
        else:
            self.change_row(place, "change value", value=str(value))
        return True

    def _text(self, row: Row, column: Column, place: int, role: int) -> str:
        if column is Column.GROUP:
            return GROUP_LABELS[row.group]
        if column is Column.KEY:
            return row.key
        if column is Column.PROBLEM:
            problem = self._problems.get(place)
            return f"⚠ {problem}" if problem else ""
        if column is not Column.VALUE:
            return ""
        if row.file is None:
            shown = row.value.replace("\r\n", "\n").replace("\r", "\n").replace("\n", " ↵ ")
            return row.value if role == Qt.ItemDataRole.EditRole else shown
        return str(row.file) if role == Qt.ItemDataRole.EditRole else row.sent_filename

    def _tool_tip(self, row: Row, column: Column, place: int) -> str:
        problem = self._problems.get(place)
        if problem:
            return problem
        if column is Column.GROUP:
            return GROUP_MEANINGS[row.group]
        if column is Column.VALUE and row.file is not None:
            return f"{row.file}\nSent as {row.sent_filename}, {row_content_type(row)}"
        return row.note

    def _spoken(self, row: Row, column: Column, place: int) -> str:
        if column is Column.ENABLED:
            return f"row {place + 1}, {'sent' if row.enabled else 'not sent'}"
        if column is Column.GROUP:
            return row.group.value
        text = self._text(row, column, place, Qt.ItemDataRole.DisplayRole)
        return f"{_TITLES[column]}: {text or 'empty'}"
