"""One cell of the form table: what it shows, tells and lets be edited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from textwrap import fill
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon

from gms_console.model.form import Row, RowGroup
from gms_console.wire.encode import row_content_type

from ..icons import icon
from ..tips import plain_tip

if TYPE_CHECKING:
    from gms_console.catalogue import Parameter

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
PROBLEM_ROLE = Qt.ItemDataRole.UserRole + 2
ADVICE_ROLE = Qt.ItemDataRole.UserRole + 3
PARAMETER_ROLE = Qt.ItemDataRole.UserRole + 4

PROBLEM_SIGN, ADVICE_SIGN = "⚠", "ℹ"

_BOXES = {"true": Qt.CheckState.Checked, "false": Qt.CheckState.Unchecked}
_TOOL_TIP_WIDTH = 84


class Column(IntEnum):
    """The columns of the form table."""

    ENABLED = 0
    GROUP = 1
    KEY = 2
    VALUE = 3
    PROBLEM = 4


TITLES = {
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


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell, with what others know of its row: its parameter, a problem, a hint."""

    row: Row
    column: Column
    place: int
    parameter: Parameter | None = None
    problem: str = ""
    advice: str = ""

    @property
    def note(self) -> str:
        """Why the row cannot be sent, else a hint; empty for neither."""
        if self.problem:
            return f"{PROBLEM_SIGN} {self.problem}"
        return f"{ADVICE_SIGN} {self.advice}" if self.advice else ""

    @property
    def box(self) -> Qt.CheckState | None:
        """The state of a boolean value's check box; None when the value has none."""
        boolean = self.parameter is not None and self.parameter.type.value == "boolean"
        return _BOXES.get(self.row.value) if boolean and not self.row.is_file else None

    @property
    def checked(self) -> Qt.CheckState | None:
        """The state of the cell's check box; None when it has none."""
        if self.column is Column.ENABLED:
            return Qt.CheckState.Checked if self.row.enabled else Qt.CheckState.Unchecked
        return self.box if self.column is Column.VALUE else None

    @property
    def text(self) -> str:
        """What the cell shows, in one line."""
        row = self.row
        match self.column:
            case Column.GROUP:
                return GROUP_LABELS[row.group]
            case Column.KEY:
                return row.key
            case Column.VALUE if row.is_file:
                return row.sent_filename
            case Column.VALUE:
                return row.value.replace("\r\n", "\n").replace("\r", "\n").replace("\n", " ↵ ")
            case Column.PROBLEM:
                return self.note
            case _:
                return ""

    @property
    def edited(self) -> str:
        """The exact text, as an editor begins with it."""
        if self.column is Column.VALUE:
            return self.row.value if self.row.file is None else str(self.row.file)
        return self.text

    @property
    def picture(self) -> QIcon | None:
        """A clip before the name of a file."""
        return icon("attach") if self.column is Column.VALUE and self.row.is_file else None

    @property
    def meaning(self) -> str:
        """What is known of the row's key: by the catalogue, else as the row came."""
        if self.parameter is None:
            return self.row.note
        from gms_console.catalogue import describe  # noqa: PLC0415 - it is loaded by now

        return describe(self.parameter)

    @property
    def tool_tip(self) -> str:
        """What the cell says when the pointer rests on it."""
        row, column = self.row, self.column
        if self.problem:
            return _wrapped(self.problem)
        if column is Column.GROUP:
            return _wrapped(GROUP_MEANINGS[row.group])
        if column is Column.PROBLEM:
            return _wrapped(self.advice)
        if column is Column.VALUE and row.file is not None:
            return f"{row.file}\nSent as {row.sent_filename}, {row_content_type(row)}"
        return _wrapped("\n\n".join(line for line in (self.advice, self.meaning) if line))

    @property
    def spoken(self) -> str:
        """What is read out."""
        match self.column:
            case Column.ENABLED:
                return f"row {self.place + 1}, {'sent' if self.row.enabled else 'not sent'}"
            case Column.GROUP:
                return self.row.group.value
            case Column.PROBLEM if not self.problem:
                return f"Advice: {self.advice or 'none'}"
            case Column.PROBLEM:
                return f"Problem: {self.problem}"
            case _:
                must = self.parameter is not None and self.parameter.mandatory
                star = ", mandatory" if must and self.column is Column.KEY else ""
                return f"{TITLES[self.column]}: {self.text or 'empty'}{star}"

    def read(self, role: int) -> Any:  # noqa: ANN401 - as Qt has it
        """Give what the view asks for."""
        reader = _READERS.get(role)
        return reader(self) if reader is not None else None


_READERS: dict[int, Callable[[Cell], Any]] = {
    ROW_ROLE: lambda cell: cell.row,
    PARAMETER_ROLE: lambda cell: cell.parameter,
    PROBLEM_ROLE: lambda cell: cell.problem,
    ADVICE_ROLE: lambda cell: cell.advice,
    Qt.ItemDataRole.CheckStateRole: lambda cell: cell.checked,
    Qt.ItemDataRole.DisplayRole: lambda cell: cell.text,
    Qt.ItemDataRole.EditRole: lambda cell: cell.edited,
    Qt.ItemDataRole.DecorationRole: lambda cell: cell.picture,
    Qt.ItemDataRole.ToolTipRole: lambda cell: cell.tool_tip,
    Qt.ItemDataRole.AccessibleTextRole: lambda cell: cell.spoken,
    Qt.ItemDataRole.AccessibleDescriptionRole: lambda cell: (
        cell.meaning if cell.column is Column.KEY else ""
    ),
}


def _wrapped(text: str) -> str:
    """Break the lines of a tooltip; Qt would show each of them whole, however long."""
    return plain_tip("\n".join(fill(line, _TOOL_TIP_WIDTH) for line in text.split("\n")))
