"""The Form as a table: rows in wire order, every edit undoable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QUndoCommand, QUndoStack

from gms_console.model.form import Form, Row

from .form_cell import TITLES, Cell, Column

if TYPE_CHECKING:
    from gms_console.catalogue import Parameter

Index = QModelIndex | QPersistentModelIndex


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
    """A Form that can be edited. `form_changed` comes after every change, undo included.

    Beside it stands what others know of it: parameters by key, problems and advice by row.
    """

    form_changed = Signal()

    def __init__(self, form: Form | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._form = form or Form()
        self._problems: dict[int, str] = {}
        self._advice: dict[int, str] = {}
        self._parameters: dict[str, Parameter] = {}
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
        # What is known of rows that are still there is known until it is looked at again.
        kept = {place: place for place in range(head)} | {
            len(old) - step: len(new) - step for step in range(1, tail + 1)
        }
        self._problems = _moved(self._problems, kept)
        self._advice = _moved(self._advice, kept)
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
        if problems != self._problems:
            self._problems = dict(problems)
            self._tell_notes()

    def set_advice(self, advice: Mapping[int, str]) -> None:
        """Put a hint beside rows; it stops nothing."""
        if advice != self._advice:
            self._advice = dict(advice)
            self._tell_notes()

    def set_parameters(self, parameters: Iterable[Parameter]) -> None:
        """Take what the catalogue knows of the keys, whether they are in the Form or not."""
        known = {one.name: one for one in parameters}
        if known != self._parameters:
            self._parameters = known
            self._tell_notes()

    def _tell_notes(self) -> None:
        """Have all cells read again; no text in them is another one."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, Column.PROBLEM, Column.PROBLEM)
        if len(self._form):
            self.dataChanged.emit(
                self.index(0, 0), self.index(len(self._form) - 1, self.columnCount() - 1)
            )

    @property
    def has_problems(self) -> bool:
        """Whether any row is marked."""
        return bool(self._problems)

    @property
    def advised(self) -> int:
        """How many rows have a hint beside them."""
        return len(self._advice)

    def note(self, place: int) -> str:
        """Give what stands beside a row; empty for nothing."""
        return self._cell(place, Column.PROBLEM).note

    @property
    def mandatory_off(self) -> list[int]:
        """The first row of each mandatory parameter whose rows are all switched off."""
        keys = [row.key for row in self._form]
        return [keys.index(one.name) for one in self._unsent() if one.name in keys]

    @property
    def mandatory_missing(self) -> list[Parameter]:
        """The mandatory parameters that have no row."""
        keys = {row.key for row in self._form}
        return [one for one in self._unsent() if one.name not in keys]

    def _unsent(self) -> list[Parameter]:
        sent = {row.key for _, row in self._form.enabled()}
        return [one for one in self._parameters.values() if one.mandatory and one.name not in sent]

    def supply_mandatory(self, instance_id: str = "") -> None:
        """Switch on the mandatory rows that are off, and add those that are missing."""
        form = self._form
        for place in self.mandatory_off:
            form = form.changed(place, replace(form.rows[place], enabled=True))
        rows = [one.row(instance_id) for one in self.mandatory_missing]
        self.edit(form.inserted(len(form), *rows), "supply mandatory rows")

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
        if orientation is not Qt.Orientation.Horizontal:
            return section + 1
        advice = section == Column.PROBLEM and not self._problems and bool(self._advice)
        return "Advice" if advice else TITLES[Column(section)]

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Say what can be done with a cell."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        if index.column() == Column.ENABLED:
            return flags | Qt.ItemFlag.ItemIsUserCheckable
        column = Column(index.column())
        if column is Column.VALUE and self._cell(index.row(), column).box is not None:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        if index.column() in {Column.KEY, Column.VALUE}:
            return flags | Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Give what a cell shows."""
        if not index.isValid():
            return None
        return self._cell(index.row(), Column(index.column())).read(role)

    def _cell(self, place: int, column: Column) -> Cell:
        row = self._form.rows[place]
        return Cell(
            row,
            column,
            place,
            self._parameters.get(row.key),
            self._problems.get(place, ""),
            self._advice.get(place, ""),
        )

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802, ANN401
        """Take an edit, as one undoable step."""
        place, row = index.row(), self._form.rows[index.row()]
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == Column.ENABLED:
            enabled = Qt.CheckState(value) is Qt.CheckState.Checked
            self.change_row(place, "switch row", enabled=enabled)
            return True
        if (
            role == Qt.ItemDataRole.CheckStateRole
            and self._cell(place, Column.VALUE).box is not None
        ):
            on = Qt.CheckState(value) is Qt.CheckState.Checked
            self.change_row(place, "change value", value="true" if on else "false")
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


def _moved(notes: Mapping[int, str], kept: Mapping[int, int]) -> dict[int, str]:
    """Give the notes of the rows that are kept, at their new places."""
    return {kept[place]: text for place, text in notes.items() if place in kept}
