"""The History: what was sent and received, kept in a database between two starts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from gms_console.history.files import HistoryFiles
from gms_console.history.masking import KnownSecrets
from gms_console.history.promise import Promise
from gms_console.history.rows import (
    NO_FACTS,
    NO_PAGE,
    HistoryFacts,
    HistoryPage,
    HistoryQuery,
    HistorySettings,
    KeptExchange,
    KeptPoll,
)
from gms_console.history.standing import PollStanding, standing_of
from gms_console.model.reading import charset_of, known_charset

if TYPE_CHECKING:
    from gms_console.history.engine import Engine
    from gms_console.model.environment import Environment
    from gms_console.model.exchange import Exchange
    from gms_console.poll import Poll

PAGE = 100
"""Rows that a list asks for at a time."""

Early = Callable[["Engine"], None]


class History:
    """A database below `folder`, written by a thread of its own and read by others.

    `tell` hears, in the loop's thread, what a person has to know: that a damaged database was
    moved aside, or that nothing can be kept. No method blocks, and none raises for the database.
    `files` are where large bodies go.
    """

    def __init__(
        self, folder: Path, settings: HistorySettings, tell: Callable[[str], None] = lambda _: None
    ) -> None:
        self.folder = folder
        self.settings = settings
        self._known = KnownSecrets()
        self.files = HistoryFiles(folder / "bodies", self._known, passing=settings.private)
        self._tell = tell
        self._engine: Engine | None = None
        self._early: list[Early] = []
        self._begun = asyncio.Event()
        self._closed = False
        self._hastened = False
        self._noted: dict[str, int] = {}
        self._last_note: Promise[None] | None = None

    async def open(self) -> None:
        """Open the database; what was added before is written then."""
        if self._engine is None and not self._closed:
            await self._begin().kept()

    def _begin(self) -> Promise[None]:
        """Start the engine; what is promised comes once the database has been opened."""
        # SQLite takes time to load, which the first paint does not wait for.
        from gms_console.history.engine import Engine  # noqa: PLC0415

        loop = asyncio.get_running_loop()

        def tell(text: str) -> None:
            with suppress(RuntimeError):  # the loop has been closed
                loop.call_soon_threadsafe(self._tell, text)

        engine = self._engine = Engine(self.folder, self._known, tell, self._refuse)
        for early in self._early:
            early(engine)
        self._early.clear()
        self._begun.set()
        return engine.start(self.settings)

    def _refuse(self) -> None:
        self.files.passing = True

    def hasten(self) -> None:
        """Wait for `open` no longer, as the console ends: what is to be written opens it."""
        self._hastened = True
        if self._early and self._engine is None:
            self._begin()

    async def close(self) -> None:
        """Write what is left, and close the database."""
        if self._early:
            await self.open()
        closing, self._closed = not self._closed, True
        self._begun.set()
        if self._engine is not None and closing:
            await self._engine.close()

    async def use(self, settings: HistorySettings) -> None:
        """Keep by other settings from now on; what is too old or too much goes at once."""
        self.settings = settings
        self.files.passing = settings.private
        if self._engine is not None and not self._closed:
            await self._engine.use(settings)

    # --- writing -------------------------------------------------------------------------

    async def add(self, exchange: Exchange, environment: Environment) -> None:
        """Keep an Exchange, with the secrets of its Environment masked; returns once it is kept.

        Where nothing is to be kept or can be, it returns all the same. When it is cancelled, the
        Exchange is kept nevertheless.
        """
        if self.settings.private or self._closed:
            return
        if exchange.response is not None:
            # The writer needs it too, and no thread but this one imports.
            known_charset(charset_of(exchange.response))
        kept = Promise[None]()
        self._do(lambda engine: engine.put_exchange(exchange, environment, kept))
        await kept.kept()

    def note_poll(self, poll: Poll) -> None:
        """Keep how a Poll stands, without waiting: at its start, after each attempt, at its end."""
        standing = standing_of(poll, self._noted.get(poll.id, 0))
        if standing is None or self._closed:
            return
        self._noted[poll.id] = len(poll.timeline.attempts)
        if standing.ended is not None:
            del self._noted[poll.id]
        self.note_standing(standing)

    def note_standing(self, standing: PollStanding) -> None:
        """Keep how something stands that repeats a request, without waiting."""
        if not self.settings.private and not self._closed:
            noted = self._last_note = Promise[None]()
            self._do(lambda engine: engine.put_poll(standing, noted))

    def _do(self, early: Early) -> None:
        """Have something written, now or once the database has been opened."""
        if self._engine is not None:
            early(self._engine)
            return
        self._early.append(early)
        if self._hastened:
            self._begin()

    async def set_note(self, number: int, note: str) -> None:
        """Write a note on a row."""
        if self._closed:
            return
        kept = Promise[None]()
        self._do(lambda engine: engine.put_note(number, note, kept))
        await kept.kept()

    async def set_star(self, number: int, *, starred: bool) -> None:
        """Mark a row with a star, or take it away."""
        if self._closed:
            return
        kept = Promise[None]()
        self._do(lambda engine: engine.put_star(number, starred=starred, promise=kept))
        await kept.kept()

    async def delete(self, numbers: Sequence[int]) -> None:
        """Delete rows, of a Poll with all its attempts; nothing of them is left on the disk.

        That writes the whole database anew, some seconds for each 100 MB; what is sent
        meanwhile is kept right after.
        """
        engine = await self._opened()
        if engine is not None and numbers:
            await engine.delete(tuple(numbers))

    async def delete_all(self, query: HistoryQuery) -> int:
        """Delete all rows that a query finds; give how many there were.

        A query for everything takes along what was damaged and moved aside.
        """
        engine = await self._opened()
        return 0 if engine is None else await engine.delete_all(query)

    # --- reading -------------------------------------------------------------------------

    async def page(
        self, query: HistoryQuery, before: int | None = None, most: int = PAGE
    ) -> HistoryPage:
        """Give the newest rows that a query finds, or those that follow `before`.

        A later call for the first page ends an earlier one that still searches, which then gives
        no rows.
        """
        engine = await self._opened()
        return NO_PAGE if engine is None else await engine.page(query, before, most)

    async def count(self, query: HistoryQuery) -> int:
        """Give how many rows a query finds; a search that begins meanwhile goes first."""
        engine = await self._opened()
        return 0 if engine is None else await engine.count(query)

    async def load(self, exchange_id: str) -> KeptExchange | None:
        """Give an Exchange; None when it is not kept any more.

        Where a file of its body is missing, the answer is not `complete`.
        """
        engine = await self._opened()
        return None if engine is None else await engine.load(exchange_id)

    async def load_poll(self, poll_id: str) -> KeptPoll | None:
        """Give a Poll with its attempts; None when it is not kept any more."""
        engine = await self._opened()
        return None if engine is None else await engine.load_poll(poll_id)

    async def facts(self) -> HistoryFacts:
        """Give how much is kept, and the names to filter by."""
        engine = await self._opened()
        return NO_FACTS if engine is None else await engine.facts()

    async def _opened(self) -> Engine | None:
        """Wait for the database, and for what was noted of Polls; None when it is closed."""
        await self._begun.wait()
        if self._last_note is not None:
            await self._last_note.kept()
        return None if self._closed else self._engine
