"""Keeps a text view filled with the rows round what is seen of a text of any length."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QScrollBar

from gms_console.viewing.reader import ViewingError
from gms_console.viewing.types import Row

from .text_view import TextView

_MOST, _FEWEST = 400, 60
"""Rows that are held at once."""

_CHARACTERS = 300_000
"""Characters that are held at once, where rows are long: to lay out more holds the window up."""

LoadRows = Callable[[int, int], Awaitable[Sequence[Row]]]
Start = Callable[[Coroutine[Any, Any, None]], None]


@dataclass(frozen=True, slots=True)
class _Target:
    """What is to be seen once its rows are here: a row at the top, the end, or one place.

    `stays`: what is seen by then, as one has scrolled on while the rows were under way.
    """

    row: int
    start: int = -1
    at_end: bool = False
    stays: bool = False
    moves_cursor: bool = False

    @property
    def is_place(self) -> bool:
        return self.start >= 0


class RowWindow(QObject):
    """Rows of a TextView and a scroll bar over all of them.

    `load` gives rows, `start` starts a task, `fail` is told why rows cannot be had. While rows
    are under way only the last place that was asked for is remembered, so that scrolling fast
    asks for little. `placed` comes when other rows are in the view.
    """

    placed = Signal()

    def __init__(
        self, view: TextView, bar: QScrollBar, start: Start, fail: Callable[[ViewingError], None]
    ) -> None:
        super().__init__(view)
        self._view = view
        self._bar = bar
        self._start = start
        self._fail = fail
        self._load: LoadRows | None = None
        self._json = False
        self._total = 0
        self._held = range(0)
        self._average = 0.0
        self._wanted: _Target | None = None
        self._latest: _Target | None = None
        self._loading = False
        self._still = False
        bar.valueChanged.connect(self._on_bar)
        self._listens = False

    @property
    def total(self) -> int:
        """All rows of the text; 0 while it is shown as it is."""
        return self._total

    def end(self) -> None:
        """Leave the view to a whole text."""
        self._load, self._total, self._held, self._wanted = None, 0, range(0), None
        self._bar.hide()
        self._view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)

    async def begin(self, load: LoadRows, total: int, top: int, *, json: bool) -> None:
        """Show the rows of a text, `top` at the top; nothing changes until they are here."""
        first, count = self._around(min(top, max(0, total - 1)), total)
        rows = await load(first, count)
        self._load, self._total, self._json = load, total, json
        self._wanted = None
        self._listen()
        view = self._view
        # The first part has the first rows of all: what is seen of it stays where it is.
        self._put(first, rows, _Target(top, stays=view.go_to_row is None))
        view.go_to_row = self.go_to
        view.jump_to_end = self.jump_to_end
        self._fit_bar()

    def go_to(self, row: int, start: int) -> None:
        """Bring a character of a row to sight, and put the cursor there."""
        self._want(_Target(row, start))

    def jump_to_end(self, end: bool) -> None:
        """Go to the last row, or the first."""
        place = self._total - 1 if end else 0
        self._want(_Target(place, at_end=end, moves_cursor=True))

    # --- loading --------------------------------------------------------------------------

    def _around(self, row: int, total: int) -> tuple[int, int]:
        """Give the first row and the count of what to hold when this row is to be seen."""
        count = _MOST
        if self._average:
            count = min(_MOST, max(_FEWEST, int(_CHARACTERS / self._average)))
        count = max(count, 3 * self._view.rows_in_sight() if self._average < 1000 else count)
        return max(0, min(row - count // 3, total - count)), min(count, total)

    def _want(self, target: _Target) -> None:
        self._latest = target
        if self._is_enough(target):
            self._wanted = None
            if not target.stays:
                self._show(target)
            return
        self._wanted = target
        if not self._loading:
            self._loading = True
            self._start(self._load_wanted())

    def _is_enough(self, target: _Target) -> bool:
        """Whether enough rows round it are here, so that one can scroll on from it."""
        room = min(self._view.rows_in_sight(), len(self._held) // 4)
        before = self._held.start == 0 or target.row - self._held.start >= room // 2
        behind = self._held.stop >= self._total or self._held.stop - target.row >= 2 * room
        return target.row in self._held and before and behind

    async def _load_wanted(self) -> None:
        try:
            while (target := self._wanted) is not None and (load := self._load) is not None:
                self._wanted = None
                first, count = self._around(target.row, self._total)
                rows = await load(first, count)
                if load is self._load and target is self._latest:
                    self._put(first, rows, target)
        except ViewingError as error:
            self._fail(error)
        finally:
            self._loading = False

    def _put(self, first: int, rows: Sequence[Row], target: _Target) -> None:
        """Have these rows in the view, with the cursor and selection where they were."""
        self._still = True
        try:
            anchor, cursor = self._place_of_cursor()
            all_selected = self._total > 0 and self._view.is_all_selected
            top = self._view.top_row()
            below = self._lines_below_top(top)
            self._held = range(first, first + len(rows))
            self._average = sum(len(row.text) for row in rows) / max(1, len(rows))
            self._view.show_rows(first, rows, json=self._json)
            if all_selected and not target.is_place and not target.moves_cursor:
                self._view.selectAll()
            else:
                self._put_cursor(anchor, cursor)
            if target.stays and top in self._held:
                self._view.scroll_to(top, below)
            else:
                self._show(target)
        finally:
            self._still = False
        self._fit_bar()
        self.placed.emit()

    def _show(self, target: _Target) -> None:
        view = self._view
        if target.is_place:
            view.show_place(target.row, target.start)
        elif target.at_end:
            bar = view.verticalScrollBar()
            bar.setValue(bar.maximum())
            if target.moves_cursor:
                view.moveCursor(QTextCursor.MoveOperation.End)
        else:
            view.scroll_to(target.row)
            if target.row == 0 and target.moves_cursor:
                view.moveCursor(QTextCursor.MoveOperation.Start)

    def _place_of_cursor(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Give where a selection begins and where the cursor is, as rows and columns."""
        cursor, document = self._view.textCursor(), self._view.document()
        places = []
        for position in (cursor.anchor(), cursor.position()):
            block = document.findBlock(position)
            row = self._view.first_row + block.blockNumber()
            places.append((row, position - block.position()))
        return places[0], places[1]

    def _put_cursor(self, anchor: tuple[int, int], cursor: tuple[int, int]) -> None:
        made = QTextCursor(self._view.document())
        made.setPosition(self._position(*anchor))
        made.setPosition(self._position(*cursor), QTextCursor.MoveMode.KeepAnchor)
        self._view.setTextCursor(made)

    def _position(self, row: int, column: int) -> int:
        """Give the position of a place; of one that is not here, the nearest end of what is."""
        document = self._view.document()
        if row < self._held.start:
            return 0
        block = document.findBlockByNumber(row - self._held.start)
        if not block.isValid():
            return document.characterCount() - 1
        return block.position() + min(column, block.length() - 1)

    # --- scrolling ------------------------------------------------------------------------

    def _listen(self) -> None:
        if not self._listens:
            self._listens = True
            self._view.verticalScrollBar().valueChanged.connect(self._on_scrolled)
            self._view.verticalScrollBar().rangeChanged.connect(lambda *_: self._fit_bar())

    def _fit_bar(self) -> None:
        if not self._total:
            return
        still, self._still = self._still, True
        # Where all rows are here, the view's own bar is the finer one.
        all_here = len(self._held) == self._total
        policy = Qt.ScrollBarPolicy
        wanted = policy.ScrollBarAsNeeded if all_here else policy.ScrollBarAlwaysOff
        self._view.setVerticalScrollBarPolicy(wanted)
        self._bar.setVisible(not all_here)
        room = self._view.rows_in_sight()
        self._bar.setRange(0, max(0, self._total - room))
        self._bar.setPageStep(room)
        self._bar.setValue(self._view.top_row())
        self._still = still

    def _on_bar(self, value: int) -> None:
        """Go where the outer bar was moved to."""
        if self._still or not self._total:
            return
        at_end = value >= self._bar.maximum()
        self._want(_Target(self._total - 1, at_end=True) if at_end else _Target(value))

    def _on_scrolled(self) -> None:
        """Follow what the view did by itself: by the wheel, by keys, by a selection."""
        if self._still or not self._total:
            return
        top = self._view.top_row()
        self._still = True
        self._bar.setValue(top)
        self._still = False
        here = _Target(top, stays=True)
        if not self._loading and not self._is_enough(here):
            self._want(here)

    def _lines_below_top(self, row: int) -> int:
        """Give how many lines of a wrapped row are above what is seen."""
        block = self._view.document().findBlockByNumber(row - self._view.first_row)
        return self._view.verticalScrollBar().value() - block.firstLineNumber()
