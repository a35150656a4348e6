"""A History in a folder of the test, Exchanges to keep in it, and what its files hold."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gms_console.history import History, HistoryPage, HistoryQuery, HistorySettings
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange, Response
from tests.engine.helpers import exchange_with

PLACE = Environment.parse("http://gms.example:8080", name="qa")
DATABASE = "history.sqlite"


@contextlib.asynccontextmanager
async def open_history(
    folder: Path, *, said: list[str] | None = None, **settings: Any
) -> AsyncIterator[History]:
    """A History that is open, and closed in the end; with `said` None it must have no complaint."""
    heard: list[str] = []
    history = History(folder, HistorySettings(**settings), heard.append)
    async with asyncio.timeout(20):
        await history.open()
        try:
            yield history
        finally:
            await history.close()
    await asyncio.sleep(0)
    if said is None:
        assert heard == []
    else:
        said += heard


def exchange(body: bytes = b"{}", **changes: Any) -> Exchange:
    """An Exchange that began now, as far as `changes` do not say otherwise."""
    made = exchange_with(body)
    of_response = {name: changes.pop(name) for name in list(changes) if name in Response.__slots__}
    of_request = {name: changes.pop(name) for name in ("url", "method", "form") if name in changes}
    of_operation = {
        name: changes.pop(name) for name in ("service", "instance_id", "poll") if name in changes
    }
    assert made.response is not None
    return replace(
        made,
        **{
            "started": datetime.now(UTC),
            "environment": "qa",
            "response": replace(made.response, **of_response),
            "request": replace(made.request, **of_request),
            "operation": replace(made.operation, **of_operation),
            **changes,
        },
    )


async def titles(history: History, text: str = "", **query: Any) -> list[str]:
    """The services of the rows that a query finds, newest first."""
    page = await history.page(HistoryQuery(text=text, **query))
    return [row.service for row in page.rows]


async def all_rows(history: History) -> HistoryPage:
    """All rows."""
    return await history.page(HistoryQuery(), most=10_000)


async def loaded(history: History, exchange_id: str) -> Exchange:
    """An Exchange that must be kept."""
    kept = await history.load(exchange_id)
    assert kept is not None
    assert kept.exchange.id == exchange_id
    return kept.exchange


def names(folder: Path, pattern: str = "*") -> list[str]:
    """The names of what is in a folder, in order."""
    return sorted(one.name for one in folder.glob(pattern))


def files_with(folder: Path, text: str | bytes) -> list[str]:
    """The files below a folder that hold a text."""
    data = text.encode() if isinstance(text, str) else text
    return [one.name for one in folder.rglob("*") if one.is_file() and data in one.read_bytes()]


def look(folder: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    """What the database holds, read by nothing of ours."""
    connection = sqlite3.connect(folder / DATABASE)
    try:
        return connection.execute(query, values).fetchall()
    finally:
        connection.close()


def change(folder: Path, script: str) -> None:
    """Change the database by hand."""
    connection = sqlite3.connect(folder / DATABASE)
    connection.executescript(script)
    connection.close()
