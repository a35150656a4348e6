"""Lets go what is too old or too much, in small steps."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gms_console.body_files import PART_SUFFIX
from gms_console.history.bodies import OF_FILES, size_of_files
from gms_console.history.codec import to_number
from gms_console.history.database import Database, damaged_files
from gms_console.history.deleting import delete_rows, empty_log, forget_purge, purge_is_due
from gms_console.history.indexes import INDEXES
from gms_console.history.rows import HistorySettings

_STEP = 100
_MERGED_PAGES = 500
_FREED_PAGES = 500
_DAY = 86_400.0


def keep_within(database: Database, settings: HistorySettings) -> Iterator[None]:
    """Delete the rows that are older or more than wanted, but for those with a star.

    Raises sqlite3.Error.
    """
    deleted, due = False, purge_is_due(database)
    for rows in (_too_old(database, settings), _too_much(database, settings)):
        for _ in rows:
            deleted = True
            yield
    if deleted:
        yield from _merge(database)
        yield from _shrink(database)
        if not due:
            # All has been wiped but what only writing the database anew would, which takes too
            # long for what happens at every start.
            forget_purge(database)
        empty_log(database)


def _too_old(database: Database, settings: HistorySettings) -> Iterator[None]:
    if not settings.days:
        return
    oldest = to_number(datetime.now(UTC) - timedelta(days=settings.days))
    query = "SELECT number FROM entries WHERE started < ? AND NOT starred LIMIT ?"
    while numbers := _numbers(database, query, oldest, _STEP):
        with database.transaction():
            delete_rows(database, numbers)
        yield


def _too_much(database: Database, settings: HistorySettings) -> Iterator[None]:
    if not settings.most_bytes:
        return
    excess = used(database) - settings.most_bytes
    query = "SELECT number FROM entries WHERE NOT starred ORDER BY started LIMIT ?"
    while excess > 0 and (numbers := _numbers(database, query, _rows_for(database, excess))):
        with database.transaction():
            excess -= delete_rows(database, numbers)
        yield


def _rows_for(database: Database, excess: int) -> int:
    """Give how many rows to delete at once, so that no more go than have to."""
    (rows,) = database.connection.execute("SELECT count(*) FROM entries").fetchone()
    each = max(1, used(database) // max(1, rows))
    return int(max(1, min(_STEP, excess // each)))


def _numbers(database: Database, query: str, *values: int) -> list[int]:
    return [number for (number,) in database.connection.execute(query, values)]


def used(database: Database) -> int:
    """Give the bytes that the database and the files of bodies use. Raises sqlite3.Error."""
    connection = database.connection
    pages, free, size = (
        int(connection.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("page_count", "freelist_count", "page_size")
    )
    return (pages - free) * size + size_of_files(connection)


def _merge(database: Database) -> Iterator[None]:
    """Merge the parts of the indexes step by step, by which deleted words get out of them."""
    for index in INDEXES:
        pages = -_MERGED_PAGES  # the first time: whatever the number of parts
        while True:
            before = database.connection.total_changes
            database.connection.execute(
                f"INSERT INTO {index} ({index}, rank) VALUES ('merge', ?)",  # noqa: S608
                (pages,),
            )
            yield
            if database.connection.total_changes - before < 2:
                break
            pages = _MERGED_PAGES


def _shrink(database: Database) -> Iterator[None]:
    while True:
        (free,) = database.connection.execute("PRAGMA freelist_count").fetchone()
        if not free:
            return
        database.connection.execute(f"PRAGMA incremental_vacuum({_FREED_PAGES})").fetchall()
        (left,) = database.connection.execute("PRAGMA freelist_count").fetchone()
        if left >= free:
            return
        yield


def sweep(database: Database) -> None:
    """Delete files of bodies that no row knows and that were left half written.

    Younger ones than a day stay: another console may be receiving them. All stay while there is a
    damaged database that was moved aside, which may know them. Raises sqlite3.Error.
    """
    if damaged_files(database.folder):
        return
    query = f"SELECT sha256 FROM bodies WHERE {OF_FILES}"  # noqa: S608
    known = {name for (name,) in database.connection.execute(query)}
    young = time.time() - _DAY
    with suppress(OSError):
        for path in list(database.bodies.iterdir()):
            if path.name not in known or path.suffix == PART_SUFFIX:
                _sweep(path, young)


def _sweep(path: Path, young: float) -> None:
    with suppress(OSError):
        if path.stat().st_mtime < young:
            path.unlink()
