"""Writes Exchanges and Polls, notes and stars into the database."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from gms_console.history.bodies import keep_body
from gms_console.history.codec import Record, pack, record_of, to_number
from gms_console.history.database import Database
from gms_console.history.indexes import put_words, take_words
from gms_console.history.masking import KnownSecrets
from gms_console.history.numbers import with_numbers
from gms_console.history.rows import REDIRECTED, Entry
from gms_console.history.standing import PollStanding
from gms_console.history.words import as_bound, words_of
from gms_console.model.answer import read_answer
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange
from gms_console.model.timeline import Attempt
from gms_console.redaction import Masker

INTERRUPTED = "interrupted"
"""How a Poll ended whose console ended before it."""


def write_exchange(
    database: Database,
    exchange: Exchange,
    environment: Environment,
    *,
    known: KnownSecrets,
    owner: str,
) -> None:
    """Keep an Exchange; one that is kept already stays as it is. Raises OSError, sqlite3.Error."""
    connection = database.connection
    if _found(connection, "SELECT 1 FROM exchanges WHERE id = ?", exchange.id) is not None:
        return
    masker = known.masker_of(exchange, environment)
    record = record_of(exchange, masker)
    body, size = None, 0
    if exchange.response is not None:
        body, size = keep_body(connection, database.bodies, exchange.response, masker)
    seen = _seen(exchange, record, masker, size)
    poll = exchange.operation.poll
    if poll:
        entry = _entry_of_poll(connection, poll, seen, owner)
        _stand_on(connection, entry, exchange, seen)
    else:
        entry = _insert_entry(connection, Entry.EXCHANGE, exchange.id, seen)
    # The numbers last: the ending of a secret would no longer be known as one.
    words = with_numbers(as_bound(masker.mask(words_of(record, seen["state"], seen["title"]))))
    before = exchange.redirected_from
    cursor = connection.execute(
        "INSERT INTO exchanges (id, entry, before, state, started, elapsed, body, record, words)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            exchange.id,
            entry,
            "" if before is None else before.id,
            seen["state"] or None,
            seen["started"],
            seen["elapsed"],
            body,
            pack(json.dumps(record)),
            pack(words),
        ),
    )
    put_words(connection, "exchange_words", int(cursor.lastrowid or 0), words)
    if before is not None:
        connection.execute(
            "UPDATE entries SET ok = 1, state = ? WHERE key = ?", (REDIRECTED, before.id)
        )


def _seen(exchange: Exchange, record: Record, masker: Masker, size: int) -> dict[str, Any]:
    """Give the columns of a row of the list."""
    answer = read_answer(exchange)
    operation, response, failure = exchange.operation, exchange.response, exchange.failure
    return {
        "started": to_number(exchange.started),
        "title": as_bound(masker.mask(operation.title)),
        "kind": operation.kind.value,
        "service": as_bound(record["operation"]["service"]),
        "instance_id": as_bound(record["operation"]["instance_id"]),
        "environment": as_bound(exchange.environment),
        "node": as_bound(exchange.node),
        "method": as_bound(exchange.request.method),
        "url": as_bound(record["request"]["url"]),
        "status": None if response is None else response.status,
        "failure": "" if failure is None else failure.kind.value,
        "ok": answer.ok,
        "state": as_bound(masker.mask(answer.state or "")),
        "elapsed": exchange.timing.total,
        "size": size,
        "exchange": exchange.id,
    }


def _insert_entry(
    connection: sqlite3.Connection, entry: Entry, key: str, columns: dict[str, Any]
) -> int:
    columns = {"entry": entry.value, "key": key, **columns}
    places = ", ".join(f":{name}" for name in columns)
    cursor = connection.execute(
        f"INSERT INTO entries ({', '.join(columns)}) VALUES ({places})",  # noqa: S608 - our names
        columns,
    )
    return int(cursor.lastrowid or 0)


def _entry_of_poll(
    connection: sqlite3.Connection, poll: str, seen: dict[str, Any], owner: str
) -> int:
    """Give the row of a Poll; one is made where it was deleted while the Poll goes on."""
    found = _found(connection, "SELECT number FROM entries WHERE key = ?", poll)
    if found is not None:
        return int(found)
    number = _insert_entry(connection, Entry.POLL, poll, {**seen, "state": "", "exchange": ""})
    _insert_poll(connection, number, (0.0, "[]", "", "", None), owner)
    return number


def _insert_poll(
    connection: sqlite3.Connection, number: int, columns: tuple[Any, ...], owner: str
) -> None:
    connection.execute(
        "INSERT INTO polls (number, every, until, outcome, reason, ended, attempts, owner)"
        " VALUES (?, ?, ?, ?, ?, ?, 0, ?)",
        (number, *columns, owner),
    )


def _stand_on(
    connection: sqlite3.Connection, entry: int, exchange: Exchange, seen: dict[str, Any]
) -> None:
    """Let the row of a Poll stand on its latest Exchange."""
    connection.execute(
        "UPDATE entries SET status = :status, failure = :failure, ok = :ok, size = :size,"
        " exchange = :exchange, method = :method, url = :url,"
        " state = CASE :state WHEN '' THEN state ELSE :state END,"
        " elapsed = (:started - started) / 1000.0 + :elapsed WHERE number = :number",
        {**seen, "number": entry},
    )
    if exchange.redirected_from is None:
        connection.execute("UPDATE polls SET attempts = attempts + 1 WHERE number = ?", (entry,))


def write_poll(database: Database, poll: PollStanding, *, known: KnownSecrets, owner: str) -> None:
    """Keep how a Poll stands. Raises sqlite3.Error."""
    connection = database.connection
    masker = known.masker_for(poll.environment, poll.form)
    number = _found(connection, "SELECT number FROM entries WHERE key = ?", poll.id)
    ended = None if poll.ended is None else to_number(poll.ended)
    said = (
        poll.every,
        json.dumps([masker.mask(rule) for rule in poll.until]),
        poll.outcome,
        as_bound(masker.mask(poll.reason)),
        ended,
    )
    if number is None:
        number = _insert_entry(connection, Entry.POLL, poll.id, _begun(poll, masker))
        _insert_poll(connection, number, said, owner)
    else:
        connection.execute(
            "UPDATE polls SET every = ?, until = ?, outcome = ?, reason = ?, ended = ?, owner = ?"
            " WHERE number = ?",
            (*said, owner, number),
        )
    for attempt in poll.attempts:
        _write_attempt(connection, int(number), attempt, masker)
    if ended is not None:
        elapsed = (ended - to_number(poll.started)) / 1000
        connection.execute("UPDATE entries SET elapsed = ? WHERE number = ?", (elapsed, number))


def _begun(poll: PollStanding, masker: Masker) -> dict[str, Any]:
    """Give the row of a Poll before its first attempt."""
    return {
        "started": to_number(poll.started),
        "title": as_bound(masker.mask(poll.request)),
        "kind": "request",
        "service": as_bound(poll.service),
        "instance_id": as_bound(poll.instance_id),
        "environment": as_bound(poll.environment.name),
        "node": as_bound(poll.environment.node),
        "method": as_bound(poll.method),
        "url": "",
        "status": None,
        "failure": "",
        "ok": True,
        "state": "",
        "elapsed": 0.0,
        "size": 0,
        "exchange": "",
    }


def _write_attempt(
    connection: sqlite3.Connection, number: int, attempt: Attempt, masker: Masker
) -> None:
    state = None if attempt.state is None else as_bound(masker.mask(attempt.state))
    fault = None if attempt.fault is None else as_bound(masker.mask(attempt.fault))
    connection.execute(
        "UPDATE exchanges SET attempt = ?, state = ?, fault = ? WHERE id = ?",
        (attempt.number, state, fault, attempt.exchange_id),
    )
    if state is not None:
        connection.execute("UPDATE entries SET state = ? WHERE number = ?", (state, number))


def write_note(database: Database, number: int, note: str) -> None:
    """Put a note on a row. Raises sqlite3.Error."""
    connection, note = database.connection, as_bound(note)
    before = _found(connection, "SELECT note FROM entries WHERE number = ?", number)
    if before is None or before == note:
        return
    if before:
        take_words(connection, "note_words", number, before)
    connection.execute("UPDATE entries SET note = ? WHERE number = ?", (note, number))
    if note:
        put_words(connection, "note_words", number, note)


def write_star(database: Database, number: int, *, starred: bool) -> None:
    """Mark a row with a star or not. Raises sqlite3.Error."""
    database.connection.execute(
        "UPDATE entries SET starred = ? WHERE number = ?", (starred, number)
    )


def owners_of_running_polls(database: Database) -> list[str]:
    """Give the starts whose Polls have not ended. Raises sqlite3.Error."""
    query = "SELECT DISTINCT owner FROM polls WHERE outcome = ''"
    return [owner for (owner,) in database.connection.execute(query)]


def interrupt_polls(database: Database, owner: str) -> None:
    """Say of the Polls of a start that has ended that they were interrupted."""
    database.connection.execute(
        "UPDATE polls SET outcome = ? WHERE outcome = '' AND owner = ?", (INTERRUPTED, owner)
    )


def _found(connection: sqlite3.Connection, query: str, value: object) -> Any:  # noqa: ANN401
    row = connection.execute(query, (value,)).fetchone()
    return None if row is None else row[0]
