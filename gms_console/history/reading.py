"""Reads the history: pages of its list, Exchanges and Polls."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from gms_console.history.bodies import load_body, size_of_files
from gms_console.history.codec import exchange_from, to_moment, unpack
from gms_console.history.database import FILE_NAME
from gms_console.history.rows import (
    Entry,
    HistoryFacts,
    HistoryPage,
    HistoryQuery,
    HistoryRow,
    KeptExchange,
    KeptPoll,
)
from gms_console.history.searching import condition_of
from gms_console.model.exchange import Exchange, OperationKind
from gms_console.model.timeline import Attempt

_FIELDS = tuple(one.name for one in fields(HistoryRow))
_OTHERWISE = {
    "number": "entries.number",
    "attempts": "coalesce(attempts, 0)",
    "outcome": "coalesce(outcome, '')",
}
"""What a field is read from that is not a column of its name."""

_COLUMNS = ", ".join(_OTHERWISE.get(name, name) for name in _FIELDS)
_LIST = f"SELECT {_COLUMNS} FROM entries LEFT JOIN polls ON polls.number = entries.number"  # noqa: S608
_MOST_HOPS = 100


def read_page(
    connection: sqlite3.Connection, query: HistoryQuery, before: int | None, most: int
) -> HistoryPage:
    """Give the rows that follow `before`. Raises sqlite3.Error."""
    condition = condition_of(connection, query)
    if before is not None:
        condition.add("entries.number < :before", before=before)
    found = connection.execute(
        f"{_LIST}{condition.text} ORDER BY entries.number DESC LIMIT :most",
        {**condition.values, "most": most + 1},
    ).fetchall()
    rows = tuple(_row(one) for one in found[:most])
    return HistoryPage(rows, rows[-1].number if len(found) > most else None)


def count_rows(connection: sqlite3.Connection, query: HistoryQuery) -> int:
    """Give how many rows there are. Raises sqlite3.Error."""
    condition = condition_of(connection, query)
    (count,) = connection.execute(
        f"SELECT count(*) FROM entries{condition.text}",  # noqa: S608 - names of ours
        condition.values,
    ).fetchone()
    return int(count)


def _row(columns: tuple[Any, ...]) -> HistoryRow:
    row = dict(zip(_FIELDS, columns, strict=True))
    row |= {
        "entry": Entry(row["entry"]),
        "started": to_moment(row["started"]),
        "kind": OperationKind(row["kind"]),
        "ok": bool(row["ok"]),
        "starred": bool(row["starred"]),
    }
    return HistoryRow(**row)


def read_exchange(
    connection: sqlite3.Connection, bodies: Path, exchange_id: str
) -> KeptExchange | None:
    """Give an Exchange with those that redirected to it; None when it is gone.

    Raises sqlite3.Error.
    """
    found = connection.execute(
        f"{_LIST} WHERE entries.number = (SELECT entry FROM exchanges WHERE id = ?)",  # noqa: S608
        (exchange_id,),
    ).fetchone()
    exchange = _exchange(connection, bodies, exchange_id)
    if found is None or exchange is None:
        return None
    return KeptExchange(row=_row(found), exchange=exchange)


def _exchange(connection: sqlite3.Connection, bodies: Path, exchange_id: str) -> Exchange | None:
    way: list[tuple[int | None, bytes]] = []
    while exchange_id and len(way) < _MOST_HOPS:
        found = connection.execute(
            "SELECT body, record, before FROM exchanges WHERE id = ?", (exchange_id,)
        ).fetchone()
        if found is None:
            break
        way.append(found[:2])
        exchange_id = found[2]
    exchange: Exchange | None = None
    for body, packed in reversed(way):
        record = json.loads(unpack(packed))
        data, stored, whole = load_body(connection, bodies, body, record)
        exchange = exchange_from(record, data, stored, exchange)
        if not whole and exchange.response is not None:
            exchange = replace(exchange, response=replace(exchange.response, complete=False))
    return exchange


def read_poll(connection: sqlite3.Connection, poll_id: str) -> KeptPoll | None:
    """Give a Poll with its attempts; None when it is gone. Raises sqlite3.Error."""
    found = connection.execute(
        f"{_LIST} WHERE entries.key = ? AND entry = 'poll'", (poll_id,)
    ).fetchone()
    if found is None:
        return None
    row = _row(found)
    every, until, reason, ended = connection.execute(
        "SELECT every, until, reason, ended FROM polls WHERE number = ?", (row.number,)
    ).fetchone()
    return KeptPoll(
        row=row,
        request=row.title,
        every=every,
        until=tuple(json.loads(until)),
        reason=reason,
        ended=None if ended is None else to_moment(ended),
        attempts=_attempts(connection, row.number),
    )


def _attempts(connection: sqlite3.Connection, number: int) -> tuple[Attempt, ...]:
    """Give the attempts of a Poll; of one that was redirected, its last Exchange."""
    rows = connection.execute(
        "SELECT id, attempt, started, elapsed, state, fault FROM exchanges WHERE entry = :entry"
        " AND id NOT IN (SELECT before FROM exchanges WHERE entry = :entry) ORDER BY number",
        {"entry": number},
    )
    return tuple(
        Attempt(
            number=attempt or place,
            started=to_moment(started),
            elapsed=elapsed,
            exchange_id=exchange_id,
            state=state,
            fault=fault,
        )
        for place, (exchange_id, attempt, started, elapsed, state, fault) in enumerate(rows, 1)
    )


def read_facts(connection: sqlite3.Connection, folder: Path) -> HistoryFacts:
    """Give how much is kept, and the names to filter by. Raises sqlite3.Error."""
    (rows,) = connection.execute("SELECT count(*) FROM entries").fetchone()
    environments = _names(connection, "environment")
    nodes = {
        node
        for environment in ("", *environments)
        for node in _names(connection, "node", environment)
    }
    return HistoryFacts(
        rows,
        _size(connection, folder),
        services=_sorted(_names(connection, "service")),
        environments=_sorted(environments),
        nodes=_sorted(nodes),
    )


def _names(
    connection: sqlite3.Connection, column: str, environment: str | None = None
) -> list[str]:
    """Give the different names of a column, from one to the next one in its index.

    There are few of them in many rows, all of which a DISTINCT would go through.
    """
    within = "" if environment is None else "environment = :environment AND"
    query = f"SELECT min({column}) FROM entries WHERE {within} {column} > :name"  # noqa: S608
    names: list[str] = []
    name = ""
    while True:
        values = {"environment": environment, "name": name}
        (name,) = connection.execute(query, values).fetchone()
        if name is None:
            return names
        names.append(name)


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names, key=str.casefold))


def _size(connection: sqlite3.Connection, folder: Path) -> int:
    size = size_of_files(connection)
    for name in (FILE_NAME, f"{FILE_NAME}-wal"):
        try:
            size += (folder / name).stat().st_size
        except OSError:
            continue
    return size
