"""What is asked about a body, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class View(StrEnum):
    """A text that a body is shown as: as it came, or JSON indented."""

    RAW = "raw"
    PRETTY = "pretty"


@dataclass(frozen=True, slots=True)
class Layout:
    """How long a view is: its lines as they end in the text, and the rows that show them.

    A line is one row that is cut where it is long; or, when all is shown, several rows.
    """

    lines: int
    rows: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a view. `line` counts from 1. `column` is that of its first character.

    `cut` says what was left out of its end in words, such as `48,000 more characters`, and is
    empty where nothing was. `continues`: the row goes on with the line of the one above.
    """

    line: int
    text: str
    column: int = 0
    cut: str = ""
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Find:
    """What is searched for. `regex`: as a Python expression, line by line."""

    text: str
    regex: bool = False
    match_case: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """Where something was found: a row (from 0), and characters of it.

    In a row that is cut, `start` may lie behind its end.
    """

    row: int
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search found: how many in all, and where the first of them are, in order."""

    count: int
    hits: tuple[Hit, ...]
