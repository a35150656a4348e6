"""The indexes of words, which hold no text of their own."""

from __future__ import annotations

import sqlite3

INDEXES = ("exchange_words", "body_words", "note_words")


def put_words(connection: sqlite3.Connection, index: str, number: int, words: str) -> None:
    """Let what has that number be found by words. Raises sqlite3.Error."""
    connection.execute(f"INSERT INTO {index} (rowid, words) VALUES (?, ?)", (number, words))  # noqa: S608


def take_words(connection: sqlite3.Connection, index: str, number: int, words: str) -> None:
    """Let it be found no more; an index has to be told the very words that were put into it.

    Raises sqlite3.Error.
    """
    connection.execute(
        f"INSERT INTO {index} ({index}, rowid, words) VALUES ('delete', ?, ?)",  # noqa: S608
        (number, words),
    )
