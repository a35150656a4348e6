"""Two polls over each other: which states both went through, when, and where they part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gms_console.comparison.alignment import Aligner
from gms_console.comparison.types import Change
from gms_console.model.timeline import Attempt, Timeline
from gms_console.presentation import seconds_text

_WORDS_FROM = 60.0
"""Seconds from which a duration is written in minutes."""


class Attempted(Protocol):
    """What has attempts in order: a Timeline, or a poll of the history."""

    @property
    def attempts(self) -> Sequence[Attempt]:
        """The attempts, oldest first."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A state from when it was first seen until the next one was, or until the last answer.

    Times are in seconds from the first attempt of its own poll.
    """

    state: str
    start: float
    end: float
    attempts: int


@dataclass(frozen=True, slots=True)
class Fault:
    """An attempt that read no state: when, in seconds as above, and why."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class StateRow:
    """A state of either poll, or of both: when it was first seen there; None where it was not.

    `change` is SAME for a state of both, REMOVED for one of the left alone, ADDED for the right.
    """

    state: str
    left: float | None
    right: float | None
    change: Change

    @property
    def text(self) -> str:
        """Say it in words, as in `offered: after 2.1 s / 3.4 s`."""
        if self.left is None:
            return f"{self.state}: only on the right, after {duration(self.right or 0.0)}"
        if self.right is None:
            return f"{self.state}: only on the left, after {duration(self.left)}"
        return f"{self.state}: after {duration(self.left)} / {duration(self.right)}"


@dataclass(frozen=True, slots=True)
class Overlay:
    """Two polls on one axis, each from its own start; `length` is that of the longer in seconds.

    `rows` are the states in their order, those that both went through side by side.
    `parting` is the place in `rows` from which the polls differ; None where they do not.
    """

    left: tuple[Stretch, ...]
    right: tuple[Stretch, ...]
    left_faults: tuple[Fault, ...]
    right_faults: tuple[Fault, ...]
    rows: tuple[StateRow, ...]
    length: float
    parting: int | None

    @property
    def summary(self) -> str:
        """Say in a sentence where they part, or that they do not."""
        if not self.rows:
            return "Neither poll has read a state."
        if self.parting is None:
            last = self.rows[-1]
            count = "one state" if len(self.rows) == 1 else f"{len(self.rows)} states"
            return f"Both went through the same {count}; last {last.text}."
        after = f"after “{self.rows[self.parting - 1].state}”" if self.parting else "from the start"
        ways = [
            f"{side} goes on to {following}"
            for side, following in (
                ("the left one", self._next(Change.REMOVED)),
                ("the right one", self._next(Change.ADDED)),
            )
            if following
        ]
        return f"They part {after}: {', '.join(ways)}."

    def text(self) -> str:
        """Say all of it, a state a line: for a screen reader, and to be copied."""
        lines = [self.summary, *(row.text for row in self.rows)]
        for side, faults in (("left", self.left_faults), ("right", self.right_faults)):
            lines += (f"{side}, after {duration(one.at)}: {one.text}" for one in faults)
        return "\n".join(lines)

    def _next(self, side: Change) -> str:
        """Name the state that only one of them goes on to, or that both do later."""
        for row in self.rows[self.parting :]:
            if row.change in {side, Change.SAME}:
                at = row.left if side is Change.REMOVED else row.right
                return f"“{row.state}” (after {duration(at or 0.0)})"
        return ""


def overlay(left: Attempted, right: Attempted) -> Overlay:
    """Lay two polls over each other."""
    mine, left_faults = _stretches(left.attempts)
    theirs, right_faults = _stretches(right.attempts)
    states = [one.state for one in mine], [one.state for one in theirs]
    rows = []
    for i, j in Aligner(find_moves=False).align(*states).rows:
        first = None if i is None else mine[i]
        second = None if j is None else theirs[j]
        rows.append(_row(first, second))
    parting = next((n for n, row in enumerate(rows) if row.change is not Change.SAME), None)
    return Overlay(
        left=mine,
        right=theirs,
        left_faults=left_faults,
        right_faults=right_faults,
        rows=tuple(rows),
        length=max(_length(left.attempts), _length(right.attempts)),
        parting=parting,
    )


def duration(seconds: float) -> str:
    """Write a duration as `2.1 s`, or as `1 min 05 s` from a minute on."""
    return f"{seconds:.1f} s" if seconds < _WORDS_FROM else seconds_text(seconds)


def _row(left: Stretch | None, right: Stretch | None) -> StateRow:
    if left is not None:
        change = Change.REMOVED if right is None else Change.SAME
        return StateRow(left.state, left.start, None if right is None else right.start, change)
    if right is not None:
        return StateRow(right.state, None, right.start, Change.ADDED)
    raise TypeError("a row has a state on one side at least")


def _stretches(attempts: Sequence[Attempt]) -> tuple[tuple[Stretch, ...], tuple[Fault, ...]]:
    if not attempts:
        return (), ()
    begun = attempts[0].started
    timeline = Timeline()
    for attempt in attempts:
        timeline.add(attempt)
    spans = timeline.spans
    ends = [*(_seconds(begun, span.first) for span in spans[1:]), _length(attempts)]
    stretches = tuple(
        Stretch(span.state, _seconds(begun, span.first), end, span.attempts)
        for span, end in zip(spans, ends, strict=False)
    )
    faults = tuple(
        Fault(_seconds(begun, one.started), one.fault) for one in attempts if one.fault is not None
    )
    return stretches, faults


def _length(attempts: Sequence[Attempt]) -> float:
    if not attempts:
        return 0.0
    last = attempts[-1]
    return _seconds(attempts[0].started, last.started) + last.elapsed / 1000


def _seconds(begun: datetime, moment: datetime) -> float:
    return max(0.0, (moment - begun).total_seconds())
