"""Where things stand on a state timeline: times to pixels, without any painting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from gms_console.model.timeline import Attempt
from gms_console.poll import Poll

_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)
_LAST = 130.0
"""Pixels that the last state of an ended poll gets at least."""

_Place = Callable[[datetime], float]

_SHORTEST = 5.0
"""Seconds that the axis shows at least, so that the first attempts do not jump about."""


@dataclass(frozen=True, slots=True)
class SpanBox:
    """A state's place: from when it was first seen until the next one was, or until now."""

    state: str
    left: float
    right: float
    seconds: float
    attempts: int


@dataclass(frozen=True, slots=True)
class Tick:
    """An attempt's place, and its latency as a part (0 to 1) of the slowest one shown."""

    x: float
    attempt: Attempt
    latency: float


@dataclass(frozen=True, slots=True)
class TimelineLayout:
    """All places, in pixels from the left edge; `marks` are (x, seconds since the start)."""

    spans: tuple[SpanBox, ...]
    ticks: tuple[Tick, ...]
    marks: tuple[tuple[float, float], ...]
    now: float | None
    slowest: float


def lay_out(poll: Poll, left: float, width: float) -> TimelineLayout:
    """Lay out a poll's timeline between `left` and `left + width`."""
    start = poll.started or datetime.now(UTC)
    end = poll.ended or datetime.now(UTC)
    seconds = (end - start).total_seconds()
    least = min(_LAST, width * 0.3)
    if poll.ended is not None and poll.timeline.spans:
        # The state that ended it may have been seen just once: its name needs room all the same.
        last = (end - poll.timeline.spans[-1].first).total_seconds()
        length = max(seconds, _SHORTEST)
        if last / length * width < least:
            width -= least
    else:
        length = max(seconds * 1.06, _SHORTEST)
    scale = width / length

    def place(moment: datetime) -> float:
        return left + max(0.0, (moment - start).total_seconds()) * scale

    return TimelineLayout(
        spans=_spans(poll, end, least, place),
        ticks=_ticks(poll.timeline.attempts, place),
        marks=_marks(left, scale, length),
        now=place(end) if poll.running else None,
        slowest=max((attempt.elapsed for attempt in poll.timeline.attempts), default=0.0),
    )


def _spans(poll: Poll, end: datetime, least: float, place: _Place) -> tuple[SpanBox, ...]:
    spans = poll.timeline.spans
    boxes = []
    for number, span in enumerate(spans):
        last = number == len(spans) - 1
        until = end if last else spans[number + 1].first
        boxes.append(
            SpanBox(
                state=span.state,
                left=place(span.first),
                right=max(
                    place(until),
                    place(span.first) + (least if last and poll.ended is not None else 3),
                ),
                seconds=(until - span.first).total_seconds(),
                attempts=span.attempts,
            )
        )
    return tuple(boxes)


def _ticks(attempts: Sequence[Attempt], place: _Place) -> tuple[Tick, ...]:
    slowest = max((attempt.elapsed for attempt in attempts), default=0.0) or 1.0
    return tuple(Tick(place(one.started), one, one.elapsed / slowest) for one in attempts)


def _marks(left: float, scale: float, length: float) -> tuple[tuple[float, float], ...]:
    """Put a mark at round times, some 70 pixels apart."""
    step = next((one for one in _STEPS if one * scale >= 70), _STEPS[-1])
    count = int(length / step)
    return tuple((left + number * step * scale, number * step) for number in range(count + 1))
