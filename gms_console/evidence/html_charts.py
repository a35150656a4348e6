"""The pictures of the HTML report as figures: a poll's states and an Exchange's phases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from gms_console.evidence.items import PollItem
from gms_console.model.exchange import Timing
from gms_console.model.timeline import Attempt, StateSpan
from gms_console.presentation import milliseconds, waterfall

WIDTH = 960.0
"""Units that the axis of a picture is long."""

_LEAST = 2.0
_CHARACTER = 6.6
"""Units that a character of a label takes, about."""

_COLOURS = 9
_MOST_MARKS = 600
"""Attempts that are marked; of more only those that went wrong are."""

_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)
_MOST_TICKS = 10


@dataclass(frozen=True, slots=True)
class Box:
    """A state on the axis: where it is, what is written in it, and about it; `colour` is 0 to 8."""

    x: float
    width: float
    state: str
    label: str
    begin: str
    lasted: str
    attempts: int
    colour: int

    @property
    def words(self) -> str:
        """Say it in words."""
        count = "1 attempt" if self.attempts == 1 else f"{self.attempts} attempts"
        return f"{self.state} from {self.begin} for {self.lasted}, {count}"


@dataclass(frozen=True, slots=True)
class Mark:
    """An attempt on the axis; `fault` says what went wrong with it."""

    x: float
    fault: str
    words: str


@dataclass(frozen=True, slots=True)
class StatesChart:
    """A poll's states on an axis of time, with ticks and marks."""

    boxes: tuple[Box, ...]
    marks: tuple[Mark, ...]
    ticks: tuple[tuple[float, str], ...]
    faults: int
    words: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A phase on the axis of its Exchange."""

    name: str
    x: float
    width: float
    text: str


def states_chart(poll: PollItem, zone: tzinfo | None) -> StatesChart | None:
    """Lay the states of a poll out; None where no attempt was made."""
    if not poll.attempts:
        return None
    begin = min(poll.started, poll.attempts[0].started)
    last = poll.attempts[-1]
    end = max(
        begin + timedelta(milliseconds=poll.elapsed),
        last.started + timedelta(milliseconds=last.elapsed),
    )
    length = max((end - begin).total_seconds(), 0.001)
    boxes = _boxes(poll.spans, begin, end, length, zone)
    faults = sum(1 for one in poll.attempts if one.fault)
    said = [box.words for box in boxes] or ["no state was read"]
    if faults:
        said.append(f"{faults} of {len(poll.attempts)} attempts went wrong")
    return StatesChart(
        boxes=boxes,
        marks=_marks(poll.attempts, begin, length, zone),
        ticks=_ticks(length),
        faults=faults,
        words="; ".join(said),
    )


def phases_chart(timing: Timing) -> tuple[Bar, ...]:
    """Lay the phases of an Exchange out; a phase that did not take place has no bar."""
    phases = [one for one in waterfall(timing) if not one.mark]
    length = max(timing.total, *(one.end for one in phases), 0.001) if phases else 1.0
    return tuple(
        Bar(
            name=one.name,
            x=_rounded(one.start / length * 100),
            width=_rounded(max(one.length / length * 100, 0.4)),
            text=milliseconds(one.length),
        )
        for one in phases
    )


def clock_text(moment: datetime, zone: tzinfo | None) -> str:
    """Write a time of day with milliseconds, in the zone of the report."""
    return f"{moment.astimezone(zone):%H:%M:%S.%f}"[:-3]


def _boxes(
    spans: Sequence[StateSpan], begin: datetime, end: datetime, length: float, zone: tzinfo | None
) -> tuple[Box, ...]:
    colours: dict[str, int] = {}
    found = []
    for place, span in enumerate(spans):
        until = spans[place + 1].first if place + 1 < len(spans) else end
        seconds = max((until - span.first).total_seconds(), 0.0)
        width = max(seconds / length * WIDTH, _LEAST)
        colour = colours.setdefault(span.state, len(colours) % _COLOURS)
        fits = len(span.state) * _CHARACTER + 8 <= width
        found.append(
            Box(
                x=_rounded((span.first - begin).total_seconds() / length * WIDTH),
                width=_rounded(width),
                state=span.state,
                label=span.state if fits else "",
                begin=clock_text(span.first, zone),
                lasted=milliseconds(seconds * 1000),
                attempts=span.attempts,
                colour=colour,
            )
        )
    return tuple(found)


def _marks(
    attempts: Sequence[Attempt], begin: datetime, length: float, zone: tzinfo | None
) -> tuple[Mark, ...]:
    shown = attempts if len(attempts) <= _MOST_MARKS else [one for one in attempts if one.fault]
    return tuple(
        Mark(
            x=_rounded((one.started - begin).total_seconds() / length * WIDTH),
            fault=one.fault or "",
            words=f"attempt {one.number} at {clock_text(one.started, zone)}: "
            f"{one.fault or one.state or 'no state'}",
        )
        for one in shown[:_MOST_MARKS]
    )


def _ticks(length: float) -> tuple[tuple[float, str], ...]:
    step = next((one for one in _STEPS if length / one <= _MOST_TICKS), length / _MOST_TICKS)
    count = int(length / step)
    return tuple((_rounded(n * step / length * WIDTH), _axis(n * step)) for n in range(count + 1))


def _axis(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:g} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes}:{rest:02}"
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def _rounded(value: float) -> float:
    return round(value, 2)
