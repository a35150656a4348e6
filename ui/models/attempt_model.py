"""A poll's timeline as tables: its changes of state, and all its attempts. Both only grow."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Qt

from gms_console.model.timeline import Attempt, StateSpan
from gms_console.poll import Poll
from gms_console.presentation import milliseconds, seconds_text

from ..tips import plain_tip
from .headed_table import HeadedTable, Index

StatusOf = Callable[[str], int | None]

FAULT_ROLE = Qt.ItemDataRole.UserRole + 1
"""Whether the row is of an attempt that went wrong."""

STATE_ROLE = Qt.ItemDataRole.UserRole + 2
"""The name of the state that the cell is about; None for other cells."""

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class PollTable(HeadedTable):
    """Rows of one poll, which come one after the other. Subclasses say what they are."""

    numbers: frozenset[int] = frozenset()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._poll: Poll | None = None
        self._rows = 0

    @property
    def poll(self) -> Poll | None:
        """The poll that the rows are of."""
        return self._poll

    def show_poll(self, poll: Poll | None) -> None:
        """Show a poll; for the one that is shown, add what has come since."""
        if poll is not self._poll:
            self.beginResetModel()
            self._poll = poll
            self._rows = 0
            self._begin()
            self._rows = self._known()
            self.endResetModel()
            return
        known = self._known()
        if known > self._rows:
            self.beginInsertRows(QModelIndex(), self._rows, known - 1)
            self._rows = known
            self.endInsertRows()

    def _begin(self) -> None:
        """Forget what was kept of another poll."""

    def _known(self) -> int:
        """Give how many rows there are by now; a table of nothing has none."""
        return 0

    def _text(self, row: int, column: int) -> str:
        """Give what a cell shows."""
        del row, column
        return ""

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Give the number of rows."""
        return 0 if parent is not None and parent.isValid() else self._rows

    def headerData(  # noqa: N802 - Qt's name
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:  # noqa: ANN401
        """Name the columns, and write numbers to the right."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section in self.numbers else _LEFT
        return super().headerData(section, orientation, role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Give what a cell shows."""
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(index.row(), index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in self.numbers:
            return _RIGHT
        return None

    def row_text(self, row: int) -> str:
        """Give a row as it is copied: its cells with tabs between."""
        return "\t".join(self._text(row, column) for column in range(len(self.heads)))


class AttemptModel(PollTable):
    """All attempts of a poll. `status_of` gives the HTTP status of an exchange that is kept."""

    heads = ("#", "Time", "Took", "State, error", "HTTP")
    numbers = frozenset({0, 2, 4})

    def __init__(self, status_of: StatusOf, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._status_of = status_of

    def _known(self) -> int:
        return len(self._poll.timeline.attempts) if self._poll is not None else 0

    def attempt(self, row: int) -> Attempt:
        """Give the attempt of a row."""
        if self._poll is None:
            raise IndexError(row)
        return self._poll.timeline.attempts[row]

    def _text(self, row: int, column: int) -> str:
        attempt = self.attempt(row)
        match column:
            case 0:
                return str(attempt.number)
            case 1:
                return clock_text(attempt.started)
            case 2:
                return milliseconds(attempt.elapsed)
            case 3 if attempt.fault is not None:
                return f"✕ {attempt.fault}"
            case 3:
                return attempt.state or "–"
            case _:
                status = self._status_of(attempt.exchange_id)
                return str(status) if status is not None else "–"

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Give what a cell shows; a fault can be read whole in the tooltip."""
        attempt = self.attempt(index.row())
        if role == FAULT_ROLE:
            return attempt.fault is not None
        if role == STATE_ROLE:
            return attempt.state if index.column() == 3 else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(attempt.fault or attempt.state or "")
        return super().data(index, role)


class ChangeModel(PollTable):
    """The states that a poll came through: since when, for how long, and seen how often."""

    heads = ("State", "From", "To", "For", "Seen")
    numbers = frozenset({3, 4})

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._begins: list[int] = []
        self._read = 0
        self._state: str | None = None

    def _begin(self) -> None:
        self._begins, self._read, self._state = [], 0, None

    def _known(self) -> int:
        """Take over new attempts, and note with which of them a state began."""
        if self._poll is None:
            return 0
        attempts = self._poll.timeline.attempts
        for place in range(self._read, len(attempts)):
            state = attempts[place].state
            if state is not None and state != self._state:
                self._begins.append(place)
                self._state = state
        self._read = len(attempts)
        return len(self._begins)

    def show_poll(self, poll: Poll | None) -> None:
        """Show a poll; the last state of the one that is shown goes on with each attempt."""
        before, same = self._rows, poll is self._poll
        super().show_poll(poll)
        if same and before:
            last = len(self.heads) - 1
            self.dataChanged.emit(self.index(before - 1, 0), self.index(before - 1, last))

    def state_span(self, row: int) -> StateSpan:
        """Give the state of a row."""
        if self._poll is None:
            raise IndexError(row)
        return self._poll.timeline.spans[row]

    def first_attempt(self, row: int) -> int:
        """Give the place of the attempt that saw this state first."""
        return self._begins[row]

    def row_of(self, place: int) -> int:
        """Give the row of the state that stood at an attempt; -1 before the first."""
        return bisect_right(self._begins, place) - 1

    def _text(self, row: int, column: int) -> str:
        span = self.state_span(row)
        until = self._until(row)
        match column:
            case 0:
                return span.state
            case 1:
                return clock_text(span.first)[:-4]
            case 2:
                return clock_text(until)[:-4] if until is not None else "…"
            case 3:
                return duration_text(((until or span.last) - span.first).total_seconds())
            case _:
                return str(span.attempts)

    def _until(self, row: int) -> datetime | None:
        """Give when another state was seen, or the poll ended; None while it goes on."""
        if self._poll is None:
            return None
        if row + 1 < self._rows:
            return self.state_span(row + 1).first
        return self._poll.ended

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Give what a cell shows."""
        if role == STATE_ROLE:
            return self.state_span(index.row()).state if index.column() == 0 else None
        if role == Qt.ItemDataRole.ToolTipRole:
            span = self.state_span(index.row())
            seen = f"{clock_text(span.first)} to {clock_text(span.last)}"
            return plain_tip(f"{span.state}, {seen}")
        return super().data(index, role)


def clock_text(moment: datetime) -> str:
    """Write a moment as the clock here shows it, with milliseconds."""
    local = moment.astimezone()
    return f"{local:%H:%M:%S}.{local.microsecond // 1000:03}"


def duration_text(seconds: float) -> str:
    """Write how long a state stood; below ten seconds with a tenth."""
    return f"{max(0.0, seconds):.1f} s" if seconds < 9.95 else seconds_text(round(seconds))
