"""The History: what was sent and received, kept in a database between two starts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from gms_console.body_files import BodyFiles
from gms_console.history.rows import (
    HistoryFacts,
    HistoryPage,
    HistoryQuery,
    HistorySettings,
    KeptExchange,
    KeptPoll,
)
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange
from gms_console.poll import Poll

PAGE = 100
"""Rows that a list asks for at a time."""


class History:
    """A database below `folder`, written by a thread of its own and read by another one.

    `tell` hears, in the loop's thread, what a person has to know: that a damaged database was
    moved aside, or that nothing can be kept. No method blocks, and none raises for the database.
    """

    def __init__(
        self, folder: Path, settings: HistorySettings, tell: Callable[[str], None] = lambda _: None
    ) -> None:
        self.folder = folder
        self.settings = settings
        self._tell = tell
        self.files = BodyFiles(folder / "bodies")

    async def open(self) -> None:
        """Open the database; what was added before is written then."""
        raise NotImplementedError

    async def close(self) -> None:
        """Write what is left, and close the database."""
        raise NotImplementedError

    async def use(self, settings: HistorySettings) -> None:
        """Keep by other settings from now on; what is too old or too much goes at once."""
        raise NotImplementedError

    # --- writing -------------------------------------------------------------------------

    async def add(self, exchange: Exchange, environment: Environment) -> None:
        """Keep an Exchange, with the secrets of its Environment masked; returns once it is kept."""
        raise NotImplementedError

    def note_poll(self, poll: Poll) -> None:
        """Keep how a Poll stands, without waiting: at its start, after each attempt, at its end."""
        raise NotImplementedError

    async def set_note(self, number: int, note: str) -> None:
        """Write a note on a row."""
        raise NotImplementedError

    async def set_star(self, number: int, *, starred: bool) -> None:
        """Mark a row with a star, or take it away."""
        raise NotImplementedError

    async def delete(self, numbers: Sequence[int]) -> None:
        """Delete rows, of a Poll with all its attempts; nothing of them is left on the disk."""
        raise NotImplementedError

    async def delete_all(self, query: HistoryQuery) -> int:
        """Delete all rows that a query finds; give how many there were."""
        raise NotImplementedError

    # --- reading -------------------------------------------------------------------------

    async def page(
        self, query: HistoryQuery, before: int | None = None, most: int = PAGE
    ) -> HistoryPage:
        """Give the newest rows that a query finds, or those that follow `before`.

        A later call for the first page ends an earlier one that still searches, which then gives
        no rows.
        """
        raise NotImplementedError

    async def count(self, query: HistoryQuery) -> int:
        """Give how many rows a query finds."""
        raise NotImplementedError

    async def load(self, exchange_id: str) -> KeptExchange | None:
        """Give an Exchange; None when it is not kept any more."""
        raise NotImplementedError

    async def load_poll(self, poll_id: str) -> KeptPoll | None:
        """Give a Poll with its attempts; None when it is not kept any more."""
        raise NotImplementedError

    async def facts(self) -> HistoryFacts:
        """Give how much is kept, and the names to filter by."""
        raise NotImplementedError
