"""Deletes rows of the history so that nothing of them is left on the disk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial

from gms_console.history.bodies import delete_unused, unlink
from gms_console.history.codec import unpack
from gms_console.history.database import Database, damaged_files
from gms_console.history.indexes import INDEXES, take_words
from gms_console.history.rows import HistoryQuery
from gms_console.history.searching import condition_of

STEP = 200
"""Rows that are deleted at a time; what else is to be written comes in between."""

_DUE = "purge due"

Step = Iterator[None]
"""Work that takes long, in steps between which other things are written."""


def delete_rows(database: Database, numbers: Sequence[int]) -> int:
    """Delete rows within a transaction; give how many bytes that frees at least.

    Raises sqlite3.Error. What was written on the disk is still to be wiped: see `purge`.
    """
    connection = database.connection
    freed = 0
    bodies: dict[int, None] = {}
    for number in numbers:
        for exchange, body, record, words in connection.execute(
            "SELECT number, body, length(record), words FROM exchanges WHERE entry = ?", (number,)
        ).fetchall():
            take_words(connection, "exchange_words", exchange, unpack(words))
            freed += int(record) + len(words)
            if body is not None:
                bodies[body] = None
        found = connection.execute(
            "SELECT note FROM entries WHERE number = ?", (number,)
        ).fetchone()
        if found is not None and found[0]:
            take_words(connection, "note_words", number, found[0])
        connection.execute("DELETE FROM entries WHERE number = ?", (number,))
    names, of_bodies = delete_unused(connection, bodies)
    connection.execute("INSERT OR REPLACE INTO marks (name, value) VALUES (?, '')", (_DUE,))
    database.afterwards(partial(unlink, database.bodies, names))
    return freed + of_bodies


def delete_numbers(database: Database, numbers: Sequence[int]) -> Iterator[None]:
    """Delete rows step by step, and wipe what they leave. Raises sqlite3.Error."""
    for begin in range(0, len(numbers), STEP):
        with database.transaction():
            delete_rows(database, numbers[begin : begin + STEP])
        yield
    if purge_is_due(database):
        purge(database)


def found_by(database: Database, query: HistoryQuery) -> list[int]:
    """Give the numbers of all rows that a query finds. Raises sqlite3.Error."""
    connection = database.connection
    condition = condition_of(connection, query)
    return [
        number
        for (number,) in connection.execute(
            f"SELECT number FROM entries{condition.text}",  # noqa: S608 - names of ours
            condition.values,
        )
    ]


def forget_damaged(database: Database) -> None:
    """Delete databases that were moved aside: who deletes all means them too."""
    for path in damaged_files(database.folder):
        with suppress(OSError):
            path.unlink()


def purge_is_due(database: Database) -> bool:
    """Whether rows were deleted whose traces are still to be wiped. Raises sqlite3.Error."""
    query = "SELECT 1 FROM marks WHERE name = ?"
    return database.connection.execute(query, (_DUE,)).fetchone() is not None


def purge(database: Database) -> None:
    """Wipe what deleted rows leave on the disk: in the indexes, in free room and in the log.

    An index keeps deleted words until its parts are merged. The pages are written anew, since
    a row that once moved from one page to another leaves a copy behind. Where another console reads
    for long, the next start does it again. Raises sqlite3.Error.
    """
    connection = database.connection
    for index in INDEXES:
        connection.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")  # noqa: S608
    connection.execute("VACUUM")
    if empty_log(database):
        forget_purge(database)
        empty_log(database)


def forget_purge(database: Database) -> None:
    """Say that what deleted rows leave has been wiped. Raises sqlite3.Error."""
    database.connection.execute("DELETE FROM marks WHERE name = ?", (_DUE,))


def empty_log(database: Database) -> bool:
    """Move all from the log into the database, and empty it; tell whether that could be done.

    It cannot while another console reads what was there before. Raises sqlite3.Error.
    """
    (busy, *_) = database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
