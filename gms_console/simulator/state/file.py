"""The state file: SQLite, one row for each thing that lives."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from gms_console.simulator.errors import SimulatorError
from gms_console.simulator.web.uploads import Upload

VERSION = 1
"""The version of the tables; the rows themselves need none, see `codec`."""

_APPLICATION = 0x474D5353
"""Tells a state file from other databases: GMSS."""

_TABLES = """
CREATE TABLE things (kind TEXT, id TEXT, place INTEGER, body TEXT, PRIMARY KEY (kind, id))
    WITHOUT ROWID;
CREATE TABLE vals (name TEXT PRIMARY KEY, body TEXT) WITHOUT ROWID;
CREATE TABLE files (id TEXT, part INTEGER, data BLOB, PRIMARY KEY (id, part));
"""


@dataclass(frozen=True)
class Thing:
    """Something that lives: its kind, id, place in the order of creation, and JSON."""

    kind: str
    id: str
    place: int
    body: str


@dataclass
class Changes:
    """What is to be written in one go."""

    things: list[Thing] = field(default_factory=list)
    gone: list[tuple[str, str]] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    files: list[tuple[str, Upload]] = field(default_factory=list)
    gone_files: list[str] = field(default_factory=list)


class DamagedError(Exception):
    """The file is no database, or one that is broken."""


class StateFile:
    """An open state file; it is locked against every other program."""

    def __init__(self, path: Path) -> None:
        """Open or create it.

        Raises DamagedError, and SimulatorError for a file that cannot be opened, is in use, is of
        a later version, or is a database of another program.
        """
        self.path = path
        if path.exists() and not path.is_file():
            # A device or a folder must not be moved aside as damaged either.
            raise SimulatorError(f"{path} is no file")
        try:
            # Others have no business with what customers sent.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            raise SimulatorError(f"{path}: {error.strerror or error}") from error
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        try:
            self._prepare()
        except sqlite3.DatabaseError as error:
            self.close()
            if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
                raise SimulatorError(f"{path} is in use by another program") from error
            raise DamagedError(str(error)) from error
        except BaseException:
            self.close()
            raise

    def _prepare(self) -> None:
        db = self._db
        db.execute("PRAGMA busy_timeout = 0")
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        # The journal's mode is written to the file, so first of all: whose is it?
        empty = self._is_empty()
        db.execute("PRAGMA journal_mode = WAL")
        # A commit need not reach the disk: it outlives the program, if not the machine.
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("BEGIN EXCLUSIVE")
        if empty:
            for statement in _TABLES.split(";"):
                db.execute(statement)
            db.execute(f"PRAGMA application_id = {_APPLICATION}")
            db.execute(f"PRAGMA user_version = {VERSION}")
        db.execute("COMMIT")
        found = db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise DamagedError(found)

    def _is_empty(self) -> bool:
        """Return whether there are no tables yet; raises SimulatorError for those of others."""
        if not self._db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            return True
        if self._pragma("application_id") != _APPLICATION:
            raise SimulatorError(f"{self.path} is a database of another program")
        if self._pragma("user_version") > VERSION:
            raise SimulatorError(f"{self.path} was written by a later version of the simulator")
        return False

    def _pragma(self, name: str) -> int:
        return int(self._db.execute(f"PRAGMA {name}").fetchone()[0])

    def things(self) -> list[Thing]:
        """Return everything in order of creation."""
        query = "SELECT kind, id, place, body FROM things ORDER BY place"
        return [Thing(*row) for row in self._db.execute(query)]

    def values(self) -> dict[str, str]:
        """Return what there is once only, by name."""
        return dict(self._db.execute("SELECT name, body FROM vals"))

    def files(self) -> set[str]:
        """Return the ids of all stored files."""
        return {row[0] for row in self._db.execute("SELECT DISTINCT id FROM files")}

    def content(self, file_id: str) -> Iterator[bytes]:
        """Yield the content of a stored file."""
        query = "SELECT data FROM files WHERE id = ? ORDER BY part"
        for row in self._db.execute(query, (file_id,)):
            yield row[0]

    def write(self, changes: Changes) -> set[str]:
        """Write changes, all or none; return the files that were gone meanwhile.

        Raises sqlite3.Error.
        """
        missing = set()
        with self._transaction():
            for file_id, upload in changes.files:
                if not self._write_file(file_id, upload):
                    missing.add(file_id)
            rows = [(each.kind, each.id, each.place, each.body) for each in changes.things]
            self._many("INSERT OR REPLACE INTO things VALUES (?, ?, ?, ?)", rows)
            self._many("DELETE FROM things WHERE kind = ? AND id = ?", changes.gone)
            self._many("INSERT OR REPLACE INTO vals VALUES (?, ?)", list(changes.values.items()))
            self._many("DELETE FROM files WHERE id = ?", [(each,) for each in changes.gone_files])
        return missing

    def _many(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        if rows:
            self._db.executemany(statement, rows)

    def _write_file(self, file_id: str, upload: Upload) -> bool:
        """Copy a file in; return whether it was still whole."""
        size = 0
        with contextlib.suppress(OSError):
            for part, chunk in enumerate(upload.chunks()):
                size += len(chunk)
                row = (file_id, part, chunk)
                self._db.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?)", row)
        if size != upload.size:
            self._db.execute("DELETE FROM files WHERE id = ?", (file_id,))
        return size == upload.size

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def close(self) -> None:
        """Close it; nothing else is to be called after."""
        with contextlib.suppress(sqlite3.Error):
            self._db.close()


def set_aside(path: Path) -> Path:
    """Give a damaged file another name, with its date, and return that; raises SimulatorError."""
    kept = path.with_name(f"{path.name}.damaged-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}")
    try:
        path.rename(kept)
        for ending in ("-wal", "-shm"):
            beside = path.with_name(path.name + ending)
            if beside.exists():
                beside.rename(kept.with_name(kept.name + ending))
    except OSError as error:
        raise SimulatorError(f"{path} is damaged and cannot be moved aside: {error}") from error
    return kept
