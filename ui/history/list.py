"""The HistoryList: brings the rows of a query into their model, page by page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from gms_console.history import HistoryPage, HistoryQuery, HistoryRow
from gms_console.poll import Poll

from ..models.history_model import HistoryModel
from ..models.history_words import is_poll
from ..simulator.embedded import SIMULATOR

if TYPE_CHECKING:
    from ..console import Console
    from .desk import HistoryDesk

_BURST_MS = 60
"""How long what comes is collected before the list is brought up to date."""

_POLLS_KEPT = 200
"""Polls of this start that are asked how they stand; the history knows the older ones."""

_ALL, _NEWEST, _OLDER = "all", "newest", "older"


class HistoryList(QObject):
    """What the list of the history shows: the rows of `query`, as far as they were scrolled to.

    What is sent meanwhile joins it by itself while it is `watched`. `changed` comes when rows
    were read, `about_to_join` and `joined` around new ones at the top.
    """

    changed = Signal()
    about_to_join = Signal()
    joined = Signal()

    def __init__(self, console: Console, desk: HistoryDesk) -> None:
        super().__init__(desk)
        self._console = console
        self._desk = desk
        self.query = HistoryQuery()
        self.read = False
        self.model = HistoryModel(self)
        self.model.more_wanted.connect(lambda: self._want(_OLDER))
        self._before: int | None = None
        self._wanted: set[str] = set()
        self._generation = 0
        self._working = -1
        self._watched = False
        self._polls: dict[str, Poll] = {}
        self._unfolded: set[int] = set()
        self._soon = QTimer(self, singleShot=True, interval=_BURST_MS)
        self._soon.timeout.connect(lambda: self._want(_NEWEST))
        console.bridge.exchange_recorded.connect(self.refresh)
        console.bridge.poll_changed.connect(self._on_poll)
        desk.rows_gone.connect(self._on_gone)
        desk.row_changed.connect(self._on_changed)
        desk.opened.connect(self.reload)

    # --- what is shown -------------------------------------------------------------------

    @property
    def reading(self) -> bool:
        """Whether rows of the query are under way."""
        return self._working == self._generation

    @property
    def filtered(self) -> bool:
        """Whether the query leaves anything out."""
        return self.query != HistoryQuery()

    def search(self, query: HistoryQuery) -> None:
        """Show the rows of another query; a search that still runs gives way."""
        if query != self.query:
            self.query = query
            self.reload()

    def reload(self) -> None:
        """Read the rows anew, from the newest."""
        self._generation += 1
        self._wanted = set()
        self._want(_ALL)

    def refresh(self) -> None:
        """Bring the newest rows up to date, once for all that comes within a moment."""
        if self._watched and not self._soon.isActive():
            self._soon.start()

    def watch(self, *, on: bool) -> None:
        """Keep up with what is sent, or leave that until the list is in sight again."""
        self._watched = on
        if not on:
            self._soon.stop()
        elif self.read:
            self._want(_NEWEST)
        else:
            self.reload()

    def stop(self) -> None:
        """Read nothing any more: the console ends."""
        self._watched = False
        self._generation += 1
        self._soon.stop()

    # --- reading -------------------------------------------------------------------------

    def _want(self, what: str) -> None:
        self._wanted.add(what)
        if self._desk.engine is None or self._desk.ended or self._working == self._generation:
            return
        self._working = self._generation
        self._desk.start(self._work(self._generation), "read the history")

    async def _work(self, generation: int) -> None:
        """Read one thing after the other; a newer generation does so at once, beside this one."""
        engine = self._desk.engine
        while generation == self._generation and self._wanted and engine is not None:
            what = next(one for one in (_ALL, _NEWEST, _OLDER) if one in self._wanted)
            self._wanted.discard(what)
            if what == _OLDER and self._before is None:
                continue
            before = self._before if what == _OLDER else None
            page = await engine.page(self.query, before)
            if generation == self._generation:
                self._take(what, page)
        if generation == self._working:
            self._working = -1

    def _take(self, what: str, page: HistoryPage) -> None:
        rows = [self._fresh(row) for row in page.rows]
        if what == _OLDER:
            self._before = page.before
            self.model.append(rows, more=page.before is not None)
        elif what == _ALL or not self.read:
            self._before = page.before
            self.model.show(rows, more=page.before is not None)
        else:
            self._join(rows, page.before)
        self.read = True
        self.changed.emit()

    def _join(self, rows: list[HistoryRow], before: int | None) -> None:
        """Put the newest rows on top; where none of them is known, the list begins anew."""
        known = self.model.numbers
        if before is None or not any(row.number in known for row in rows):
            self._before = before
        self.about_to_join.emit()
        self.model.merge(rows, more=self._before is not None)
        self.joined.emit()

    # --- polls ---------------------------------------------------------------------------

    def _on_poll(self, poll: Poll) -> None:
        """Keep a poll of this start in mind: it knows how it stands before the history does."""
        self._polls[poll.id] = poll
        while len(self._polls) > _POLLS_KEPT:
            del self._polls[next(iter(self._polls))]
        row = self.model.poll(poll.id)
        if row is None:
            self.refresh()
            return
        self.model.update(self._fresh(row))
        if row.number in self._unfolded:
            self.model.set_attempts(row.number, poll.timeline.attempts)

    def _fresh(self, row: HistoryRow) -> HistoryRow:
        """Give a row as it is by now, where it is a poll of this start; name the simulator."""
        if self._console.simulator.has(row.url) and not row.environment:
            row = replace(row, environment=SIMULATOR)
        poll = self._polls.get(row.key) if is_poll(row) else None
        if poll is None or not poll.timeline.attempts:
            return row
        last = poll.timeline.attempts[-1]
        since = poll.started or row.started
        elapsed = (last.started - since).total_seconds() * 1000 + last.elapsed
        return replace(
            row,
            attempts=last.number,
            state=poll.timeline.state or "",
            outcome=str(poll.outcome or ""),
            exchange=last.exchange_id,
            elapsed=max(elapsed, row.elapsed),
        )

    def unfold(self, number: int) -> None:
        """Show the attempts of a poll below it."""
        row = self.model.row(number)
        if row is None or not is_poll(row):
            return
        self._unfolded.add(number)
        poll = self._polls.get(row.key)
        if poll is not None:
            self.model.set_attempts(number, poll.timeline.attempts)
        elif self._desk.engine is not None:
            self._desk.start(self._read_attempts(row), "read a poll")

    def fold(self, number: int) -> None:
        """Leave the attempts of a poll alone."""
        self._unfolded.discard(number)

    async def _read_attempts(self, row: HistoryRow) -> None:
        if self._desk.engine is not None:
            kept = await self._desk.engine.load_poll(row.key)
            self.model.set_attempts(row.number, kept.attempts if kept is not None else ())

    # --- changes by hand -----------------------------------------------------------------

    def _on_gone(self, numbers: Collection[int]) -> None:
        self.model.remove(numbers)
        self._want(_NEWEST)
        self.changed.emit()

    def _on_changed(self, row: HistoryRow) -> None:
        self.model.update(row)
        self.refresh()
