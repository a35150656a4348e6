"""What carries a History out: a thread that writes, and two that read.

It is loaded with the database, once the window has been painted.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from uuid import uuid4

from gms_console.history.database import Database
from gms_console.history.deleting import Step, delete_numbers, forget_damaged, found_by
from gms_console.history.masking import KnownSecrets
from gms_console.history.promise import Promise
from gms_console.history.reader import Kind, Reader
from gms_console.history.reading import (
    count_rows,
    read_exchange,
    read_facts,
    read_page,
    read_poll,
)
from gms_console.history.retention import sweep
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
from gms_console.history.standing import PollStanding
from gms_console.history.writer import Job, LongJob, Writer, check
from gms_console.history.writing import write_exchange, write_note, write_poll, write_star
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange


class Engine:
    """The threads of one History. Its methods are called in the loop's thread."""

    def __init__(
        self,
        folder: Path,
        known: KnownSecrets,
        tell: Callable[[str], None],
        refuse: Callable[[], None],
    ) -> None:
        """`known`: secrets that are masked besides; for `tell` and `refuse` see Writer."""
        self._folder = folder
        self._bodies = folder / "bodies"
        self._known = known
        self._writer = Writer(folder, uuid4().hex, tell, refuse)
        # An Exchange is shown at once, also while a search goes on.
        self._lists, self._one = (Reader(self._writer, self._suspect) for _ in range(2))
        # What a thread needs is imported here: see docs/architecture.md, Start.
        for charset in ("utf-16", "latin-1", "cp1252"):
            codecs.lookup(charset)

    def start(self, settings: HistorySettings) -> Promise[None]:
        """Start the threads; what is promised comes once the database has been opened."""
        opened = Promise[None]()
        self._writer.start(settings, lambda: opened.give(None))
        self._lists.start()
        self._one.start()
        return opened

    async def close(self) -> None:
        """Write what is left, and end the threads."""
        for stop in (self._lists.stop, self._one.stop, self._writer.stop):
            stopped = Promise[None]()
            stop(partial(stopped.give, None))
            await stopped.kept()

    async def use(self, settings: HistorySettings) -> None:
        """Keep by other settings."""
        self._writer.use(settings)
        tidied = Promise[None]()
        self._writer.tidy(tidied)
        await tidied.kept()

    def _suspect(self) -> None:
        self._writer.put(Job(check, None))

    # --- writing -------------------------------------------------------------------------

    def put_exchange(
        self, exchange: Exchange, environment: Environment, promise: Promise[None]
    ) -> None:
        """Keep an Exchange."""
        self._put(
            lambda database: write_exchange(
                database, exchange, environment, known=self._known, owner=self._writer.name
            ),
            promise,
        )

    def put_poll(self, standing: PollStanding, promise: Promise[None]) -> None:
        """Keep how a Poll stands."""
        self._put(
            lambda database: write_poll(
                database, standing, known=self._known, owner=self._writer.name
            ),
            promise,
        )

    def put_note(self, number: int, note: str, promise: Promise[None]) -> None:
        """Put a note on a row."""
        self._put(lambda database: write_note(database, number, note), promise)

    def put_star(self, number: int, *, starred: bool, promise: Promise[None]) -> None:
        """Mark a row with a star, or take it away."""
        self._put(lambda database: write_star(database, number, starred=starred), promise)

    def _put(self, work: Callable[[Database], None], promise: Promise[None]) -> None:
        self._writer.put(Job(work, None, promise))

    async def delete(self, numbers: Sequence[int]) -> None:
        """Delete rows, and wipe what they leave."""
        await self._long(lambda database: delete_numbers(database, numbers))

    async def delete_all(self, query: HistoryQuery) -> int:
        """Delete what a query finds; give how many rows that were."""
        found: list[int] = []

        def begin(database: Database) -> Step:
            found.extend(found_by(database, query))
            if query == HistoryQuery():
                forget_damaged(database)
                sweep(database)
            return delete_numbers(database, found)

        await self._long(begin)
        return len(found)

    async def _long(self, begin: Callable[[Database], Step]) -> None:
        done = Promise[None]()
        self._writer.put(LongJob(begin, done))
        await done.kept()

    # --- reading -------------------------------------------------------------------------

    async def page(self, query: HistoryQuery, before: int | None, most: int) -> HistoryPage:
        """Give rows that a query finds."""
        return await self._lists.ask(
            lambda connection: read_page(connection, query, before, most),
            NO_PAGE,
            Kind.OTHER if before is not None else Kind.SEARCH,
        )

    async def count(self, query: HistoryQuery) -> int:
        """Give how many rows a query finds."""
        return await self._lists.ask(
            lambda connection: count_rows(connection, query), 0, Kind.COUNT
        )

    async def load(self, exchange_id: str) -> KeptExchange | None:
        """Give an Exchange."""
        return await self._one.ask(
            lambda connection: read_exchange(connection, self._bodies, exchange_id), None
        )

    async def load_poll(self, poll_id: str) -> KeptPoll | None:
        """Give a Poll."""
        return await self._one.ask(lambda connection: read_poll(connection, poll_id), None)

    async def facts(self) -> HistoryFacts:
        """Give how much is kept."""
        return await self._one.ask(
            lambda connection: read_facts(connection, self._folder), NO_FACTS
        )
