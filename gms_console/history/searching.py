"""From a query to what the database is asked: which rows are found, newest first."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field

from gms_console.history.codec import to_number
from gms_console.history.rows import HistoryQuery
from gms_console.history.words import patterns

FEW = 1000
"""Rows of a word that are gone through; those of a more common one are looked for in the list."""

_IN_EXCHANGES = (
    "SELECT exchanges.entry FROM exchange_words CROSS JOIN exchanges"
    " ON exchanges.number = exchange_words.rowid WHERE exchange_words MATCH :word LIMIT :most"
)
_IN_BODIES = (
    "SELECT exchanges.entry FROM body_words CROSS JOIN exchanges"
    " ON exchanges.body = body_words.rowid WHERE body_words MATCH :word LIMIT :most"
)
_IN_NOTES = "SELECT rowid FROM note_words WHERE note_words MATCH :word LIMIT :most"

_IN_LIST = (
    "(EXISTS (SELECT 1 FROM exchanges WHERE exchanges.entry = entries.number AND"
    " (exchanges.number IN (SELECT rowid FROM exchange_words WHERE exchange_words MATCH :{0})"
    " OR exchanges.body IN (SELECT rowid FROM body_words WHERE body_words MATCH :{0})))"
    " OR entries.number IN (SELECT rowid FROM note_words WHERE note_words MATCH :{0}))"
)
"""SQLite makes each of the sets once, and then looks into them row by row."""


@dataclass(slots=True)
class Condition:
    """What stands behind WHERE, with its values."""

    parts: list[str] = field(default_factory=list)
    values: dict[str, object] = field(default_factory=dict)

    def add(self, part: str, **values: object) -> None:
        """Restrict it further."""
        self.parts.append(part)
        self.values.update(values)

    @property
    def text(self) -> str:
        """The condition, from WHERE on; empty when all is wanted."""
        return f" WHERE {' AND '.join(self.parts)}" if self.parts else ""


def condition_of(connection: sqlite3.Connection, query: HistoryQuery) -> Condition:
    """Make the condition on `entries` that a query is. Raises sqlite3.Error."""
    condition = Condition()
    if query.service:
        condition.add("entries.service = :service", service=query.service)
    if query.environment is not None:
        condition.add("entries.environment = :environment", environment=query.environment)
    if query.node is not None:
        condition.add("entries.node = :node", node=query.node)
    if query.instance_id:
        condition.add("entries.instance_id = :instance_id", instance_id=query.instance_id)
    if query.ok is not None:
        condition.add("entries.ok = :ok", ok=query.ok)
    if query.entry is not None:
        condition.add("entries.entry = :entry", entry=query.entry.value)
    if query.starred:
        condition.add("entries.starred")
    if query.since is not None:
        condition.add("entries.started >= :since", since=to_number(query.since))
    if query.until is not None:
        condition.add("entries.started < :until", until=to_number(query.until))
    _add_words(connection, query.text, condition)
    return condition


def _add_words(connection: sqlite3.Connection, text: str, condition: Condition) -> None:
    found: set[int] | None = None
    common: list[str] = []
    for word in patterns(text):
        rows = _rows_of(connection, word)
        if rows is None:
            common.append(word)
        else:
            found = rows if found is None else found & rows
    if found is not None:
        condition.add(
            "entries.number IN (SELECT value FROM json_each(:found))",
            found=json.dumps(sorted(found)),
        )
    if found != set():
        for place, word in enumerate(common):
            condition.add(_IN_LIST.format(f"word{place}"), **{f"word{place}": word})


def _rows_of(connection: sqlite3.Connection, word: str) -> set[int] | None:
    """Give the rows that have a word; None when there are many."""
    found: set[int] = set()
    for query in (_IN_NOTES, _IN_EXCHANGES, _IN_BODIES):
        rows = connection.execute(query, {"word": word, "most": FEW}).fetchall()
        if len(rows) == FEW:
            return None
        found.update(number for (number,) in rows)
    return found
