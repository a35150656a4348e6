"""The rows of the history as a tree: days, exchanges, and polls that unfold to their attempts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel

from gms_console.history.rows import HistoryRow
from gms_console.model.timeline import Attempt

from ..tips import plain_tip
from .history_words import attempt_details, attempt_title, clock, day_name, is_poll, spoken, tip

Index = QModelIndex | QPersistentModelIndex

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
"""The HistoryRow of a row, and of an attempt that of its poll; None for a day."""

ATTEMPT_ROLE = Qt.ItemDataRole.UserRole + 2
"""The Attempt of a row below a poll."""

DAY_ROLE = Qt.ItemDataRole.UserRole + 3
"""The date of a heading, as Python counts days."""

_READING = "Reading the attempts …"


class HistoryModel(QStandardItemModel):
    """Rows under the headings of their days, newest first, as many as were asked for so far.

    The items are Qt's own, so that a view of many thousand rows asks Python for none of them but
    those that it paints. `more_wanted` comes when a view has reached the end and there is more.
    """

    more_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: dict[int, QStandardItem] = {}
        self._polls: dict[str, int] = {}
        self._more = False

    # --- what is there -------------------------------------------------------------------

    @property
    def numbers(self) -> Collection[int]:
        """The numbers of all rows that are there."""
        return self._items.keys()

    def row(self, number: int) -> HistoryRow | None:
        """Give a row by its number; None where it is not there."""
        item = self._items.get(number)
        return _row_of(item) if item is not None else None

    def poll(self, key: str) -> HistoryRow | None:
        """Give the row of a poll by its id; None where it is not there."""
        number = self._polls.get(key)
        return self.row(number) if number is not None else None

    def index_of(self, number: int) -> QModelIndex:
        """Give the place of a row by its number."""
        item = self._items.get(number)
        return item.index() if item is not None else QModelIndex()

    def canFetchMore(self, parent: Index) -> bool:  # noqa: N802 - Qt's name
        """Whether older rows follow."""
        return self._more and not parent.isValid()

    def fetchMore(self, parent: Index) -> None:  # noqa: N802 - Qt's name
        """Ask for the older rows; they come later."""
        if not parent.isValid():
            self.more_wanted.emit()

    # --- changes -------------------------------------------------------------------------

    def show(self, rows: Sequence[HistoryRow], *, more: bool) -> None:
        """Have these rows in the place of all others; `more`: older ones follow."""
        self.clear()
        self._items.clear()
        self._polls.clear()
        self.append(rows, more=more)

    def append(self, rows: Sequence[HistoryRow], *, more: bool) -> None:
        """Add older rows at the end."""
        self._more = more
        root, items = self.invisibleRootItem(), []
        last = root.child(root.rowCount() - 1)
        day = _day_of(last) if last is not None else None
        for row in rows:
            if row.number in self._items:
                continue
            if _day(row) != day:
                day = _day(row)
                items.append(_heading(day))
            items.append(self._new(row))
        if items:
            root.appendRows(items)

    def merge(self, rows: Sequence[HistoryRow], *, more: bool) -> None:
        """Take the newest rows as they are now: new ones come, and those that are gone go."""
        if not any(row.number in self._items for row in rows):
            self.show(rows, more=more)
            return
        self._remove_others(rows, to_the_end=not more)
        before: QStandardItem | None = None
        for row in rows:
            item = self._items.get(row.number)
            if item is None:
                item = self._insert_behind(before, row)
            else:
                self.update(row)
            before = item
        self._name_days()

    def update(self, row: HistoryRow) -> None:
        """Show a row as it is now."""
        item = self._items.get(row.number)
        if item is not None and _row_of(item) != row:
            _fill(item, row)

    def remove(self, numbers: Collection[int]) -> None:
        """Take rows away, and days that have none left."""
        root = self.invisibleRootItem()
        for number in numbers:
            item = self._items.pop(number, None)
            if item is None:
                continue
            place = item.row()
            root.removeRow(place)
            above, here = root.child(place - 1), root.child(place)
            alone = here is None or here.data(DAY_ROLE) is not None
            if above is not None and above.data(DAY_ROLE) is not None and alone:
                root.removeRow(place - 1)

    def set_attempts(self, number: int, attempts: Sequence[Attempt]) -> None:
        """Show the attempts of a poll below it, the newest first; those that are there stay."""
        item = self._items.get(number)
        if item is None:
            return
        there = item.rowCount()
        first = item.child(0)
        if first is not None and first.data(ATTEMPT_ROLE) is None:
            item.removeRow(0)
            there = 0
        row = _row_of(item)
        new = [_attempt(one, row) for one in reversed(attempts[there:])]
        if new:
            item.insertRows(0, new)
        elif not item.rowCount():
            item.appendRow(_plain("No attempts were kept."))

    # --- parts ---------------------------------------------------------------------------

    def _new(self, row: HistoryRow) -> QStandardItem:
        item = QStandardItem()
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        _fill(item, row)
        if is_poll(row):
            item.appendRow(_plain(_READING))
            self._polls[row.key] = row.number
        self._items[row.number] = item
        return item

    def _insert_behind(self, before: QStandardItem | None, row: HistoryRow) -> QStandardItem:
        """Put a row behind another one, or first; below the heading of its day in any case."""
        root, item, day = self.invisibleRootItem(), self._new(row), _day(row)
        place, new = 0 if before is None else before.row() + 1, [item]
        if before is None or _day_of(before) != day:
            following = root.child(place)
            if following is not None and _heading_day(following) == day:
                place += 1
            else:
                new.insert(0, _heading(day))
        # Not insertRow(): PySide leaves what that takes to Python, which throws it away.
        root.insertRows(place, new)
        return item

    def _remove_others(self, rows: Sequence[HistoryRow], *, to_the_end: bool) -> None:
        """Take away what stands among these rows, or behind them, and is none of them."""
        root, wanted = self.invisibleRootItem(), {row.number for row in rows}
        known = [self._items[number].row() for number in wanted if number in self._items]
        end = root.rowCount() if to_the_end else max(known, default=-1)
        gone = []
        for place in range(end):
            row = root.child(place).data(ROW_ROLE)
            if row is not None and row.number not in wanted:
                gone.append(row.number)
        self.remove(gone)

    def _name_days(self) -> None:
        """Name the days anew: what was today is yesterday after midnight."""
        root, today = self.invisibleRootItem(), _today()
        for place in range(min(root.rowCount(), 2)):
            day = _heading_day(root.child(place))
            if day is not None and root.child(place).text() != day_name(day, today):
                self._rename_all(today)
                return

    def _rename_all(self, today: date) -> None:
        root = self.invisibleRootItem()
        for place in range(root.rowCount()):
            day = _heading_day(root.child(place))
            if day is not None:
                root.child(place).setText(day_name(day, today))


def _today() -> date:
    return datetime.now().astimezone().date()


def _day(row: HistoryRow) -> date:
    return row.started.astimezone().date()


def _row_of(item: QStandardItem) -> HistoryRow:
    row = item.data(ROW_ROLE)
    if not isinstance(row, HistoryRow):
        raise TypeError("a row of the history is expected here")
    return row


def _heading_day(item: QStandardItem) -> date | None:
    day = item.data(DAY_ROLE)
    return None if day is None else date.fromordinal(day)


def _day_of(item: QStandardItem) -> date:
    return _heading_day(item) or _day(_row_of(item))


def _fill(item: QStandardItem, row: HistoryRow) -> None:
    item.setData(row, ROW_ROLE)
    item.setText(row.title)
    item.setToolTip(plain_tip(tip(row)))
    item.setData(spoken(row), Qt.ItemDataRole.AccessibleTextRole)


def _heading(day: date) -> QStandardItem:
    item = QStandardItem(day_name(day, _today()))
    item.setData(day.toordinal(), DAY_ROLE)
    # Not enabled: the arrow keys go from row to row.
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    return item


def _plain(text: str) -> QStandardItem:
    item = QStandardItem(text)
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    return item


def _attempt(attempt: Attempt, row: HistoryRow) -> QStandardItem:
    item = QStandardItem(attempt_title(attempt))
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
    item.setData(attempt, ATTEMPT_ROLE)
    item.setData(row, ROW_ROLE)
    said = ", ".join((attempt_title(attempt), clock(attempt.started), attempt_details(attempt)))
    item.setData(said, Qt.ItemDataRole.AccessibleTextRole)
    return item
