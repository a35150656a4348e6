"""What a comparison tells."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """One of the two that are compared."""

    LEFT = "left"
    RIGHT = "right"


class Change(StrEnum):
    """How a value on the left relates to the one on the right."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    IGNORED = "ignored"

    @property
    def counts(self) -> bool:
        """Whether it is counted as a difference."""
        return self is not Change.SAME and self is not Change.IGNORED


@dataclass(frozen=True, slots=True)
class DiffNode:
    """A value of either document, or of both, with what is within it.

    `label` is its key or index, empty at the root; `path` leads there in JMESPath, in the right
    document unless it was removed. `left` and `right` are the values as they were sent (numbers
    with all their digits: 1.0 and 1.00 are a change), cut where they are long; None on the side
    that has none, and a summary such as `{3}` or `[12]` for an object or array. `moved_from` is
    the index that a MOVED element of an array had on the left.

    `differences` counts those within it and its own; what is IGNORED is not counted. What is on
    one side only is one difference, however much is in it: its children are there to be read, and
    count none. An object or array is CHANGED where something within it differs, and IGNORED where
    all that differs within is ignored. The order of members is no difference.
    """

    label: str
    path: str
    change: Change
    left: str | None
    right: str | None
    children: tuple[DiffNode, ...] = ()
    moved_from: int | None = None
    differences: int = 0


@dataclass(frozen=True, slots=True)
class HeaderDifference:
    """A header of either answer; None on the side that does not have it."""

    name: str
    left: str | None
    right: str | None
    change: Change


@dataclass(frozen=True, slots=True)
class SentDifference:
    """A row that was sent, or a line of a body, where `key` is empty; as in HeaderDifference.

    Credentials are masked: then a value may be CHANGED that looks the same.
    """

    key: str
    left: str | None
    right: str | None
    change: Change


@dataclass(frozen=True, slots=True)
class PhaseDifference:
    """A phase of time in ms on both sides; None where it did not take place."""

    name: str
    left: float | None
    right: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two exchanges side by side. `body` is that of two JSON answers; None where one is none.

    `lines` compares bodies that are no JSON, line by line: what a line says on either side; of
    bytes that are no text, their sizes and hashes.
    `differences` counts status, body and headers, but no time and nothing that is ignored;
    `ignored` counts what differs and is ignored.
    `sent` has what went out on both sides, in order; it is not counted.
    `note` says what could not be compared and why, in sentences, and is empty where all was.
    """

    status: tuple[str, str]
    body: DiffNode | None
    lines: tuple[tuple[Change, str | None, str | None], ...]
    headers: tuple[HeaderDifference, ...]
    phases: tuple[PhaseDifference, ...]
    differences: int
    note: str = ""
    ignored: int = 0
    sent: tuple[SentDifference, ...] = ()
