"""The callbacks that are listed, as a table that sorts and marks what has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QIcon, QPainter, QPen, QPixmap

from gms_console.callbacks.record import CallbackRecord, further_keys

from ..theme import colours
from ..tips import plain_tip
from .headed_table import HeadedTable, Index

RECORD_ROLE = Qt.ItemDataRole.UserRole + 1
"""The CallbackRecord of a row."""

_HEADS = ("Service id", "Outcome", "Service", "State", "Desired time", "Customer", "Reason")
ID, OUTCOME, SERVICE, STATE, DESIRED, CUSTOMER, REASON = range(len(_HEADS))
_FIELDS = {ID: "id", SERVICE: "service", STATE: "state", CUSTOMER: "customer", REASON: "reason"}
_DOT = 10


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What came of an action on a callback, in words; `good` says whether it was done."""

    text: str
    good: bool


@dataclass(slots=True)
class _Line:
    """A row as it is shown: its record, its texts by column, and what they were before."""

    record: CallbackRecord
    texts: list[str]
    before: dict[int, str]
    is_new: bool = False


class CallbackModel(HeadedTable):
    """Rows by id. `show` marks what changed since the last time, until it is called again.

    While the same callbacks are listed the rows stay, and with them selection and place. The
    texts are made once, as a view asks for them again and again. `ground_of` gives the colour of
    a state by its name; a view sets it.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.heads = _HEADS
        self._lines: list[_Line] = []
        self._places: dict[str, int] = {}
        self._further: tuple[str, ...] = ()
        self._outcomes: Mapping[str, RowOutcome] = {}
        self._sorted_by = DESIRED
        self._order = Qt.SortOrder.AscendingOrder
        self._bold = QFont()
        self._bold.setBold(True)
        self.ground_of: Callable[[str], str] = lambda _: ""

    # --- what is there ---------------------------------------------------------------------------

    @property
    def records(self) -> tuple[CallbackRecord, ...]:
        """All records in the order in which they are shown."""
        return tuple(line.record for line in self._lines)

    @property
    def changed_count(self) -> int:
        """How many rows are new or changed since the list before."""
        return sum(1 for line in self._lines if line.is_new or line.before)

    def record(self, row: int) -> CallbackRecord | None:
        """Give the record of a row; None where there is no such row."""
        return self._lines[row].record if 0 <= row < len(self._lines) else None

    def row_of(self, callback_id: str) -> int:
        """Give the row of a callback, or -1."""
        return self._places.get(callback_id, -1)

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Give the number of callbacks."""
        return 0 if parent is not None and parent.isValid() else len(self._lines)

    # --- changes ---------------------------------------------------------------------------------

    def show(
        self,
        records: Sequence[CallbackRecord],
        outcomes: Mapping[str, RowOutcome],
        *,
        marking: bool,
    ) -> None:
        """List these callbacks; with `marking`, say what is different from the list before."""
        old = {line.record.id: line for line in self._lines} if marking and self._lines else None
        self._outcomes = outcomes
        further = further_keys(records)
        lines = [self._line(record, further, old) for record in records]
        self._sort(lines)
        same = further == self._further and [one.record.id for one in lines] == [
            one.record.id for one in self._lines
        ]
        if same:
            self._replace(lines)
            return
        self.beginResetModel()
        self._lines, self._further = lines, further
        self.heads = (*_HEADS, *further)
        self._number()
        self.endResetModel()

    def set_outcomes(self, outcomes: Mapping[str, RowOutcome]) -> None:
        """Show what came of actions, beside their rows."""
        before, self._outcomes = self._outcomes, outcomes
        for callback_id in before.keys() | outcomes.keys():
            row = self.row_of(callback_id)
            if row >= 0 and before.get(callback_id) is not outcomes.get(callback_id):
                line = self._lines[row]
                line.texts[OUTCOME] = self._outcome(line.record)
                place = self.index(row, OUTCOME)
                self.dataChanged.emit(place, place)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; times by time, and equal rows stay as they were."""
        self._sorted_by, self._order = column, order
        self.layoutAboutToBeChanged.emit()
        held = [(index, self._lines[index.row()]) for index in self.persistentIndexList()]
        self._sort(self._lines)
        self._number()
        places = {id(line): row for row, line in enumerate(self._lines)}
        self.changePersistentIndexList(
            [index for index, _ in held],
            [self.index(places[id(line)], index.column()) for index, line in held],
        )
        self.layoutChanged.emit()

    def _replace(self, lines: list[_Line]) -> None:
        width = len(self.heads) - 1
        for row, line in enumerate(lines):
            shown = self._lines[row]
            if (shown.texts, shown.before, shown.is_new) != (line.texts, line.before, line.is_new):
                self._lines[row] = line
                self.dataChanged.emit(self.index(row, 0), self.index(row, width))
            else:
                shown.record = line.record

    def _line(
        self,
        record: CallbackRecord,
        further: Sequence[str],
        old: Mapping[str, _Line] | None,
    ) -> _Line:
        texts = [""] * len(_HEADS) + [record.further(key) for key in further]
        for column, name in _FIELDS.items():
            texts[column] = getattr(record, name)
        texts[DESIRED] = desired_text(record)
        texts[OUTCOME] = self._outcome(record)
        line = _Line(record, texts, {})
        if old is not None and record.id not in old:
            line.is_new = True
        elif old is not None:
            was = old[record.id]
            before = was.texts[: len(_HEADS)] + [was.record.further(key) for key in further]
            line.before = {
                column: before[column]
                for column, text in enumerate(texts)
                if column != OUTCOME and before[column] != text
            }
        return line

    def _outcome(self, record: CallbackRecord) -> str:
        found = self._outcomes.get(record.id)
        return found.text if found is not None else ""

    def _sort(self, lines: list[_Line]) -> None:
        column = min(self._sorted_by, len(_HEADS) + len(self._further) - 1)

        def key(line: _Line) -> tuple[float, str]:
            at = line.record.desired_at
            if column == DESIRED and at is not None:
                return at.timestamp(), ""
            text = line.texts[column] if column < len(line.texts) else ""
            return 0.0, text.casefold()

        lines.sort(key=key, reverse=self._order is Qt.SortOrder.DescendingOrder)

    def _number(self) -> None:
        self._places = {line.record.id: row for row, line in enumerate(self._lines)}

    # --- what Qt asks ----------------------------------------------------------------------------

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Give what a cell shows, and how."""
        if not index.isValid():
            return None
        line, column = self._lines[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return line.texts[column]
            case Qt.ItemDataRole.DecorationRole if column == STATE and line.texts[STATE]:
                return _dot(self.ground_of(line.texts[STATE]), colours().strong_border)
            case Qt.ItemDataRole.FontRole if line.is_new or column in line.before:
                return self._bold
            case Qt.ItemDataRole.ForegroundRole if column == OUTCOME:
                return self._outcome_brush(line.record.id)
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(_tip(line, column)) or None
            case Qt.ItemDataRole.AccessibleTextRole:
                return _spoken(line, column)
            case _:
                return line.record if role == RECORD_ROLE else None

    def _outcome_brush(self, callback_id: str) -> QBrush | None:
        found = self._outcomes.get(callback_id)
        if found is None:
            return None
        return QBrush(QColor(colours().good if found.good else colours().error))


def desired_text(record: CallbackRecord) -> str:
    """Write the desired time in the reader's own zone, which is named; as it came otherwise."""
    if record.desired_at is None:
        return record.desired
    return record.desired_at.astimezone().strftime("%a %Y-%m-%d %H:%M:%S %Z")


def _tip(line: _Line, column: int) -> str:
    text = line.texts[column]
    if column == DESIRED and line.record.desired:
        text = f"As it came: {line.record.desired}"
    if column in line.before:
        return f"{text}\nBefore: {line.before[column] or 'nothing'}"
    return f"{text}\nNew in the list" if line.is_new else text


def _spoken(line: _Line, column: int) -> str:
    text = line.texts[column]
    if column in line.before:
        return f"{text}, changed from {line.before[column] or 'nothing'}"
    return f"{text}, new in the list" if line.is_new and column == ID else text


@lru_cache(maxsize=64)
def _dot(ground: str, ring: str) -> QIcon:
    """Paint the colour of a state, the same for a selected row; the name stands beside it."""
    pixmap = QPixmap(_DOT * 2, _DOT * 2)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(ground) if ground else Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(ring), 1))
    painter.drawEllipse(1, 1, _DOT - 2, _DOT - 2)
    painter.end()
    made = QIcon()
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
        made.addPixmap(pixmap, mode)
    return made
