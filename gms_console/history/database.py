"""Opens the database of the history, and moves a damaged one aside."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from gms_console.history.schema import WrongSchemaError, migrate

FILE_NAME = "history.sqlite"
DAMAGED = "history-damaged-"
"""Begins the name of a database that was moved aside."""

_PATIENCE = 10.0
"""Seconds that a console waits for another one that writes."""

_CHECKED_AT_ONCE = 32 * 1024 * 1024
"""Bytes of a database that is checked whole at each start; a larger one after a crash only."""

_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_COMPANIONS = ("-wal", "-shm", "-journal")


class DamagedError(Exception):
    """A database that cannot be read; the text says what is wrong with it."""


def is_damage(error: BaseException) -> bool:
    """Whether an error says that the database itself is broken."""
    if isinstance(error, DamagedError | WrongSchemaError):
        return True
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(error, sqlite3.DatabaseError) and code is not None and code & 0xFF in _BROKEN


class Database:
    """The connection that writes. It belongs to the thread that opened it."""

    def __init__(self, folder: Path, *, thorough: bool) -> None:
        """Open it, made if need be. `thorough`: check all of it, whatever its size.

        Raises DamagedError, NewerDatabaseError, WrongSchemaError, OSError and sqlite3.Error.
        """
        self.folder = folder
        self.bodies = folder / "bodies"
        self.path = folder / FILE_NAME
        self._after: list[Callable[[], None]] = []
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # SQLite gives its other files the permissions of this one.
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        self.connection = sqlite3.connect(self.path, timeout=_PATIENCE, isolation_level=None)
        try:
            self._prepare(thorough=thorough)
        except BaseException:
            self.connection.close()
            raise
        self.identity = identity(self.path)

    def _prepare(self, *, thorough: bool) -> None:
        run = self.connection.execute
        migrate(self.connection)
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = NORMAL")
        run("PRAGMA secure_delete = ON")
        run("PRAGMA foreign_keys = ON")
        if thorough or self.path.stat().st_size <= _CHECKED_AT_ONCE:
            self.check()

    def check(self) -> None:
        """Look at all that is on the disk. Raises DamagedError and sqlite3.Error."""
        # The pages that this connection holds in memory may be better than those on the disk.
        fresh = sqlite3.connect(self.path, timeout=_PATIENCE)
        try:
            (verdict,) = fresh.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            fresh.close()
        if verdict != "ok":
            raise DamagedError(verdict)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write all that is done within, or nothing of it. Raises sqlite3.Error."""
        connection = self.connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            self._after.clear()
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        after, self._after = self._after, []
        for work in after:
            work()

    def afterwards(self, work: Callable[[], None]) -> None:
        """Do something once what is under way has been written."""
        self._after.append(work)

    @property
    def is_in_place(self) -> bool:
        """Whether the file is still the one that was opened."""
        return identity(self.path) == self.identity

    def close(self) -> None:
        """Close it; the last one to do so empties its log."""
        with suppress(sqlite3.Error):
            self.connection.close()


def identity(path: Path) -> tuple[int, int] | None:
    """Say which file a path leads to, None for none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def move_aside(folder: Path) -> Path:
    """Move the database out of the way, with all that belongs to it; give where it is now.

    Raises OSError.
    """
    path = folder / FILE_NAME
    stem = f"{DAMAGED}{datetime.now(UTC):%Y%m%d-%H%M%S}"
    aside = folder / f"{stem}.sqlite"
    number = 2
    while aside.exists():
        aside = folder / f"{stem}-{number}.sqlite"
        number += 1
    path.replace(aside)
    for suffix in _COMPANIONS:
        with suppress(FileNotFoundError):
            Path(f"{path}{suffix}").replace(f"{aside}{suffix}")
    return aside


def damaged_files(folder: Path) -> list[Path]:
    """Give the files of databases that were moved aside."""
    return [one for one in folder.glob(f"{DAMAGED}*") if one.is_file()]
