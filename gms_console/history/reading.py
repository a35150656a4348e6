"""Reads the history: pages of its list, Exchanges and Polls."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

from gms_console.history.bodies import OF_FILES, load_body
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

_COLUMNS = (
    "entries.number, entry, key, started, title, kind, service, instance_id, environment, node,"
    " method, url, status, failure, ok, state, elapsed, size, exchange, starred, note,"
    " coalesce(attempts, 0), coalesce(outcome, '')"
)
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
    (number, entry, key, started, title, kind, service, instance_id, environment, node,
     method, url, status, failure, ok, state, elapsed, size, exchange, starred, note,
     attempts, outcome) = columns  # fmt: skip
    return HistoryRow(
        number=number,
        entry=Entry(entry),
        key=key,
        started=to_moment(started),
        title=title,
        kind=OperationKind(kind),
        service=service,
        instance_id=instance_id,
        environment=environment,
        node=node,
        method=method,
        url=url,
        status=status,
        failure=failure,
        ok=bool(ok),
        state=state,
        elapsed=elapsed,
        size=size,
        attempts=attempts,
        outcome=outcome,
        exchange=exchange,
        starred=bool(starred),
        note=note,
    )


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
    return HistoryFacts(
        rows,
        _size(connection, folder),
        *(_names(connection, column) for column in ("service", "environment", "node")),
    )


def _names(connection: sqlite3.Connection, column: str) -> tuple[str, ...]:
    # From one name to the next one in the index: there are few, in many rows.
    query = f"SELECT DISTINCT {column} FROM entries WHERE {column} <> ''"  # noqa: S608
    return tuple(sorted((name for (name,) in connection.execute(query)), key=str.casefold))


def _size(connection: sqlite3.Connection, folder: Path) -> int:
    (files,) = connection.execute(
        f"SELECT coalesce(sum(size), 0) FROM bodies WHERE {OF_FILES}"  # noqa: S608
    ).fetchone()
    size = int(files)
    for name in (FILE_NAME, f"{FILE_NAME}-wal"):
        try:
            size += (folder / name).stat().st_size
        except OSError:
            continue
    return size
