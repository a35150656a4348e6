"""Where things stand on a state timeline: times to pixels and zoom, without any painting."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime

from gms_console.model.timeline import Attempt
from gms_console.poll import Poll

_STEPS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600)
_LAST = 130.0
"""Pixels that the last state of an ended poll gets at least."""

_SHORTEST = 5.0
"""Seconds that the axis shows at least, so that the first attempts do not jump about."""

_AHEAD = 0.06
"""The part of the axis that lies ahead of now."""

CLOSEST = 0.5
"""Seconds that the closest zoom shows."""

_TOP, _TICK = 9.0, 14.0
"""Pixels above the states, for the head of the now-marker, and pixels of a tick."""

_CLOSE = 2.0
"""Ticks closer than this many pixels would touch; they are drawn as one."""

_THIN = 1.5
"""Spans thinner than this many pixels are drawn together."""


class Track:
    """The attempts and spans of a poll in seconds since its start; it grows with the poll."""

    def __init__(self, poll: Poll) -> None:
        self.poll = poll
        self.start = poll.started or datetime.now(UTC)
        self.at: list[float] = []
        self.took: list[float] = []
        self.faults: list[int] = []
        self.span_at: list[float] = []

    def catch_up(self) -> None:
        """Take over what the poll has seen since."""
        timeline = self.poll.timeline
        for place in range(len(self.at), len(timeline.attempts)):
            attempt = timeline.attempts[place]
            if attempt.fault is not None:
                self.faults.append(place)
            self.at.append(self._seconds(attempt.started, self.at))
            self.took.append(attempt.elapsed)
        for place in range(len(self.span_at), len(timeline.spans)):
            self.span_at.append(self._seconds(timeline.spans[place].first, self.span_at))

    def _seconds(self, moment: datetime, before: list[float]) -> float:
        # A clock that was set back must not turn the order round.
        return max(self.seconds(moment), before[-1] if before else 0.0)

    def seconds(self, moment: datetime) -> float:
        """Give a moment in seconds since the start."""
        return (moment - self.start).total_seconds()

    def end(self, now: datetime | None = None) -> float:
        """Give when the poll ended, or now, in seconds since the start."""
        return max(0.0, self.seconds(self.poll.ended or now or datetime.now(UTC)))


@dataclass(frozen=True, slots=True)
class Zoom:
    """The part that is shown: `length` seconds from `first` on; without a length, all of it.

    `follows`: the right edge goes with the end of the poll.
    """

    length: float | None = None
    first: float = 0.0
    follows: bool = True


ALL = Zoom()


@dataclass(frozen=True, slots=True)
class Axis:
    """Times to pixels: `length` seconds from `first` on stand between `left` and `left + width`.

    The poll goes until `end`; at the right edge, `room` pixels more can be shown.
    """

    left: float
    width: float
    first: float
    length: float
    end: float
    room: float

    @property
    def right(self) -> float:
        """The right edge in pixels."""
        return self.left + self.width

    @property
    def whole(self) -> float:
        """How many seconds it takes to show all."""
        return self.end * self.width / (self.width - self.room)

    def x(self, seconds: float) -> float:
        """Give where a moment stands."""
        return self.left + (seconds - self.first) * self.width / self.length

    def seconds(self, x: float) -> float:
        """Give the moment that stands at a place."""
        return self.first + (x - self.left) * self.length / self.width

    def zoomed(self, factor: float, x: float) -> Zoom:
        """Show it `factor` times as close, with what stands at `x` kept there."""
        length = max(self.length / factor, CLOSEST)
        if length >= self.whole:
            return ALL
        return self._zoom(length, self.seconds(x) - (x - self.left) / self.width * length)

    def panned(self, pixels: float) -> Zoom:
        """Move what is shown to the right by so many pixels."""
        if self.length >= self.whole:
            return ALL
        return self._zoom(self.length, self.first - pixels * self.length / self.width)

    def showing(self, seconds: float) -> Zoom | None:
        """Give the part around a moment that cannot be seen; None for one that can."""
        edge = 0.02 * self.length
        if self.first - edge <= seconds <= self.first + self.length - edge:
            return None
        return self._zoom(self.length, seconds - self.length / 2)

    def _zoom(self, length: float, first: float) -> Zoom:
        last = last_first(length, self.end, self.room / self.width)
        return Zoom(length, min(max(first, 0.0), last), follows=first >= last - 0.001 * length)


def last_first(length: float, end: float, part: float) -> float:
    """Give the left edge when the end of the poll stands at `part` before the right edge."""
    return max(0.0, end + part * length - length)


@dataclass(frozen=True, slots=True)
class Lanes:
    """Where the rows of a timeline stand, from top to bottom, in pixels."""

    span_top: float
    span_height: float
    tick_top: float
    tick_height: float
    line_top: float
    line_height: float
    axis_top: float

    @classmethod
    def of(cls, height: float, text: float) -> Lanes:
        """Share out a height; `text` is that of a line of small text."""
        span = min(max(0.22 * height, text + 8.0), text + 20.0)
        axis_top = height - text - 5.0
        tick_top = _TOP + span + 4.0
        line_top = tick_top + _TICK + 4.0
        return cls(_TOP, span, tick_top, _TICK, line_top, axis_top - line_top - 3.0, axis_top)

    @staticmethod
    def least(text: float) -> int:
        """Give the height below which a row would be cut."""
        return round(_TOP + text + 8.0 + 4.0 + _TICK + 4.0 + 18.0 + 3.0 + text + 5.0)


@dataclass(frozen=True, slots=True)
class SpanBox:
    """A state's place: from when it was first seen until the next one was, or until now.

    Several states in a row that are too thin to tell apart are one box; `count` is how many.
    """

    state: str
    left: float
    right: float
    seconds: float
    attempts: int
    count: int = 1


@dataclass(frozen=True, slots=True)
class Tick:
    """An attempt's place, and its latency as a part (0 to 1) of the scale.

    Attempts too close to tell apart are one tick; `count` is how many. The attempt is
    the first of them, or the first fault; the latency that of the slowest.
    """

    x: float
    attempt: Attempt
    latency: float
    count: int = 1


@dataclass(frozen=True, slots=True)
class TimelineLayout:
    """All places in pixels from the left edge; `marks` are (x, seconds since the start).

    `slowest` is the longest latency that is shown, in ms, and `scale` the top of its line.
    """

    axis: Axis
    spans: tuple[SpanBox, ...]
    ticks: tuple[Tick, ...]
    marks: tuple[tuple[float, float], ...]
    now: float | None
    end: float
    slowest: float
    scale: float


def lay_out(
    poll: Poll,
    left: float,
    width: float,
    *,
    zoom: Zoom = ALL,
    track: Track | None = None,
    now: datetime | None = None,
) -> TimelineLayout:
    """Lay out a poll's timeline between `left` and `left + width`, as far as it can be seen.

    `track` is that of this poll, kept from the last time.
    """
    if track is None:
        track = Track(poll)
    track.catch_up()
    end = track.end(now)
    axis = _axis(track, end, left, width, zoom)
    begin = max(0, bisect_left(track.at, axis.first) - 1)
    stop = bisect_right(track.at, axis.first + axis.length) + 1
    slowest = max(track.took[begin:stop], default=0.0)
    scale = round_scale(slowest)
    return TimelineLayout(
        axis=axis,
        spans=_spans(track, axis, end),
        ticks=_ticks(track, axis, begin, min(stop, len(track.at)), scale),
        marks=_marks(axis),
        now=axis.x(end) if poll.running and axis.x(end) <= axis.right + 0.5 else None,
        end=axis.x(end),
        slowest=slowest,
        scale=scale,
    )


def round_scale(slowest: float) -> float:
    """Give a round number of ms, 1, 2 or 5 times a power of ten, that the slowest stays below."""
    step = 1.0
    while True:
        for factor in (1, 2, 5):
            if slowest <= step * factor:
                return step * factor
        step *= 10


def _least(width: float) -> float:
    return min(_LAST, width * 0.3)


def _axis(track: Track, end: float, left: float, width: float, zoom: Zoom) -> Axis:
    room = 0.0
    if track.poll.ended is None:
        room = width * _AHEAD / (1 + _AHEAD)
        shown = max(end, _SHORTEST / (1 + _AHEAD))
    else:
        shown = max(end, _SHORTEST)
        # The state that ended it may have been seen just once: its name needs room all the same.
        if track.span_at and (end - track.span_at[-1]) / shown * width < _least(width):
            room = _least(width)
    whole = Axis(left, width, 0.0, shown * width / (width - room), shown, room)
    if zoom.length is None or zoom.length >= whole.length:
        return whole
    last = last_first(zoom.length, shown, room / width)
    first = last if zoom.follows else min(zoom.first, last)
    return Axis(left, width, first, zoom.length, shown, room)


def _spans(track: Track, axis: Axis, end: float) -> tuple[SpanBox, ...]:
    at, spans = track.span_at, track.poll.timeline.spans
    thin = _THIN * axis.length / axis.width
    place = max(0, bisect_right(at, axis.first) - 1)
    stop = bisect_right(at, axis.first + axis.length)
    boxes = []
    while place < stop:
        following = _end_of_box(at, place, stop, thin, end)
        until = at[following] if following < len(at) else end
        least = _least(axis.width) if following == len(at) and track.poll.ended is not None else 3.0
        boxes.append(
            SpanBox(
                state=spans[place].state,
                left=axis.x(at[place]),
                right=max(axis.x(until), axis.x(at[place]) + least),
                seconds=until - at[place],
                attempts=sum(span.attempts for span in spans[place:following]),
                count=following - place,
            )
        )
        place = following
    return tuple(boxes)


def _end_of_box(at: list[float], place: int, stop: int, thin: float, end: float) -> int:
    """Give the span after those that are drawn together with the one at `place`."""

    def until(span: int) -> float:
        return at[span + 1] if span + 1 < len(at) else end

    if place + 1 >= stop or until(place) - at[place] >= thin:
        return place + 1
    following = bisect_left(at, at[place] + 2 * thin, place + 1, stop)
    # The last one that begins within these pixels may be wide enough to stand for itself.
    wide = following - 1 > place and until(following - 1) - at[following - 1] >= thin
    return following - 1 if wide else following


def _ticks(track: Track, axis: Axis, begin: int, stop: int, scale: float) -> tuple[Tick, ...]:
    """Give the ticks that can be seen, and one more to each side for the line of latency."""
    at, took, attempts = track.at, track.took, track.poll.timeline.attempts
    close = _CLOSE * axis.length / axis.width
    ticks = []
    place = begin
    while place < stop:
        following = bisect_left(at, at[place] + close, place + 1, stop)
        fault = bisect_left(track.faults, place)
        is_fault = fault < len(track.faults) and track.faults[fault] < following
        ticks.append(
            Tick(
                x=axis.x(at[place]),
                attempt=attempts[track.faults[fault] if is_fault else place],
                latency=max(took[place:following]) / scale,
                count=following - place,
            )
        )
        place = following
    return tuple(ticks)


def _marks(axis: Axis) -> tuple[tuple[float, float], ...]:
    """Put a mark at round times, some 70 pixels apart."""
    pixels = axis.width / axis.length
    step = next((one for one in _STEPS if one * pixels >= 70), _STEPS[-1])
    while step * pixels < 70:
        step *= 2
    begin = -(-axis.first // step)
    count = int((axis.first + axis.length) / step + 1e-9)
    seconds = [round(number * step, 3) for number in range(int(begin), count + 1)]
    return tuple((axis.x(one), one) for one in seconds)


def nearest(track: Track, axis: Axis, x: float, reach: float = 8.0) -> int:
    """Give the place of the attempt nearest to `x`, or -1 when none is within reach.

    A fault wins over attempts so dense that it covers them.
    """
    after = bisect_left(track.at, axis.seconds(x))
    best, distance = -1, reach
    for place in (after - 1, after):
        if 0 <= place < len(track.at) and abs(axis.x(track.at[place]) - x) <= distance:
            best, distance = place, abs(axis.x(track.at[place]) - x)
    fault = bisect_left(track.faults, after)
    for number in (fault - 1, fault):
        if 0 <= number < len(track.faults):
            place = track.faults[number]
            if abs(axis.x(track.at[place]) - x) <= min(distance + 3.0, reach, 4.0):
                return place
    return best
