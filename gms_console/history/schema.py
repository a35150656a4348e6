"""The tables of the history, and the steps by which an older database becomes a newer one."""

from __future__ import annotations

import sqlite3

from gms_console.history.indexes import INDEXES

_FIRST = """
CREATE TABLE entries (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    entry TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    started INTEGER NOT NULL,
    title TEXT NOT NULL,
    kind TEXT NOT NULL,
    service TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    node TEXT NOT NULL,
    method TEXT NOT NULL,
    url TEXT NOT NULL,
    status INTEGER,
    failure TEXT NOT NULL,
    ok INTEGER NOT NULL,
    state TEXT NOT NULL,
    elapsed REAL NOT NULL,
    size INTEGER NOT NULL,
    exchange TEXT NOT NULL
);
CREATE INDEX entries_by_service ON entries (service);
CREATE INDEX entries_by_environment ON entries (environment, node);
CREATE INDEX entries_by_instance ON entries (instance_id);
CREATE INDEX entries_by_start ON entries (started);

CREATE TABLE polls (
    number INTEGER PRIMARY KEY REFERENCES entries (number) ON DELETE CASCADE,
    every REAL NOT NULL,
    until TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    ended INTEGER,
    attempts INTEGER NOT NULL,
    owner TEXT NOT NULL
);

CREATE TABLE bodies (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    sha256 TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    place INTEGER NOT NULL,
    data BLOB,
    words BLOB
);

CREATE INDEX bodies_in_files ON bodies (sha256, size) WHERE place = 2;

CREATE TABLE exchanges (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    entry INTEGER NOT NULL REFERENCES entries (number) ON DELETE CASCADE,
    before TEXT NOT NULL,
    attempt INTEGER,
    state TEXT,
    fault TEXT,
    started INTEGER NOT NULL,
    elapsed REAL NOT NULL,
    body INTEGER REFERENCES bodies (number),
    record BLOB NOT NULL,
    words BLOB NOT NULL
);
CREATE INDEX exchanges_by_entry ON exchanges (entry, body);
CREATE INDEX exchanges_by_body ON exchanges (body, entry);

CREATE TABLE marks (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE VIRTUAL TABLE exchange_words USING fts5(
    words, content='', tokenize="unicode61 remove_diacritics 2"
);
CREATE VIRTUAL TABLE body_words USING fts5(
    words, content='', tokenize="unicode61 remove_diacritics 2"
);
"""

_SECOND = """
ALTER TABLE entries ADD COLUMN starred INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entries ADD COLUMN note TEXT NOT NULL DEFAULT '';
CREATE INDEX entries_with_star ON entries (starred) WHERE starred;
CREATE VIRTUAL TABLE note_words USING fts5(
    words, content='', tokenize="unicode61 remove_diacritics 2"
);
"""

_THIRD = """
ALTER TABLE bodies ADD COLUMN numbers INTEGER NOT NULL DEFAULT 0;
"""

STEPS = (_FIRST, _SECOND, _THIRD)
"""Each makes the next version of the one before: exchanges, polls and bodies; notes and stars;
whether a body is found by the endings of its numbers too."""

VERSION = len(STEPS)

_TABLES = frozenset({"entries", "polls", "bodies", "exchanges", "marks", *INDEXES})


class NewerDatabaseError(Exception):
    """A database that a newer console has made; what it holds must not be touched."""


class WrongSchemaError(Exception):
    """A database that is none of ours, or that lacks a table of ours."""


def version_of(connection: sqlite3.Connection) -> int:
    """Give the version of a database; 0 for an empty one."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def migrate(connection: sqlite3.Connection, to: int = VERSION) -> None:
    """Bring a database to a version, each step whole or not at all.

    Raises NewerDatabaseError, WrongSchemaError and sqlite3.Error.
    """
    if version_of(connection) == 0:
        # So that the file gets smaller after a deletion; it has to be said before the first table.
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    while (version := version_of(connection)) < to:
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Another console may have taken the step while this one waited.
            if version_of(connection) == version:
                _take(connection, version)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    if version > VERSION:
        raise NewerDatabaseError
    if to == VERSION:
        _check(connection)


def _take(connection: sqlite3.Connection, version: int) -> None:
    if version == 0 and _tables(connection):
        raise WrongSchemaError("it holds tables of another program")
    try:
        for statement in STEPS[version].split(";\n"):
            connection.execute(statement)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_ERROR:
            raise WrongSchemaError(str(error)) from None
        raise
    connection.execute(f"PRAGMA user_version = {version + 1}")


def _check(connection: sqlite3.Connection) -> None:
    missing = sorted(_TABLES - _tables(connection))
    if missing:
        raise WrongSchemaError(f"the table {missing[0]} is missing")
    for column in (
        "entries.note",
        "polls.owner",
        "bodies.words",
        "bodies.numbers",
        "exchanges.record",
    ):
        table, _, name = column.partition(".")
        try:
            connection.execute(f"SELECT {name} FROM {table} LIMIT 0")  # noqa: S608 - names of ours
        except sqlite3.OperationalError as error:
            raise WrongSchemaError(str(error)) from None


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {str(name) for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
