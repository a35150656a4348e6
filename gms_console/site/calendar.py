"""Reads calendars and capacity: open periods, and how much each time takes (domain 4.7).

What a period is called in the answers is not documented; several names are read, and what cannot
be read is shown as it came.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from gms_console.model.reading import text_of

if TYPE_CHECKING:
    from pydantic import JsonValue

_BEGINS = ("start", "startTime", "start_time", "begin", "from", "open", "utcTime", "time")
_ENDS = ("end", "endTime", "end_time", "to", "close", "until")
_COUNTS = ("capacity", "free", "available", "count", "value", "total")
_MOST_PERIODS = 5000
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Open from `start` until `end`."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class OpenHours:
    """What a calendar says. `error` is GMS's own; `unread` counts what is no period."""

    periods: tuple[Period, ...]
    error: str = ""
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """The part of one day that a period covers, in minutes since midnight."""

    day: date
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Load:
    """How much one time takes."""

    start: datetime
    count: float


@dataclass(frozen=True, slots=True)
class Cell:
    """How much a part of a day takes, in minutes since midnight."""

    day: date
    start: int
    end: int
    count: float


def read_hours(data: JsonValue) -> OpenHours:
    """Read the open periods of an answer, whatever its list is called."""
    error = ""
    if isinstance(data, dict):
        error = "" if data.get("error") is None else str(data["error"])
        data = next((value for value in data.values() if isinstance(value, list)), [])
    entries = data[:_MOST_PERIODS] if isinstance(data, list) else []
    found = [_period(one) for one in entries]
    periods = sorted((one for one in found if one is not None), key=lambda one: one.start)
    return OpenHours(tuple(periods), error, len(found) - len(periods))


def _period(entry: JsonValue) -> Period | None:
    start: datetime | None = None
    end: datetime | None = None
    if isinstance(entry, dict):
        start, end = read_moment(_first(entry, _BEGINS)), read_moment(_first(entry, _ENDS))
    elif isinstance(entry, list) and len(entry) == 2:
        start, end = read_moment(entry[0]), read_moment(entry[1])
    return Period(start, end) if start is not None and end is not None and start < end else None


def spans(periods: tuple[Period, ...], zone: timedelta | None = None) -> Iterator[Span]:
    """Cut periods at midnight, one part for each day that they touch."""
    shift = zone or timedelta()
    for period in periods:
        start, end = period.start + shift, period.end + shift
        day = start.date()
        while day <= end.date() and day - start.date() < timedelta(days=400):
            midnight = datetime.combine(day, time(), start.tzinfo)
            first = max(start, midnight) - midnight
            last = min(end, midnight + timedelta(days=1)) - midnight
            if last > first:
                yield Span(day, int(first.total_seconds() // 60), int(last.total_seconds() // 60))
            day += timedelta(days=1)


def read_capacity(data: JsonValue) -> tuple[Load, ...]:
    """Read how much each time takes: a list of times, or a map of time to number."""
    if isinstance(data, dict):
        inner = [value for value in data.values() if isinstance(value, (list, dict))]
        pairs: list[JsonValue] = [[key, value] for key, value in data.items()]
        found = _loads(pairs)
        return found or next((deep for one in inner if (deep := read_capacity(one))), ())
    return _loads(data if isinstance(data, list) else [])


def cells(loads: tuple[Load, ...]) -> Iterator[Cell]:
    """Give each time its part of the day, which ends where the next begins, an hour at most.

    A time that comes twice, as when the clocks go back, shares its part.
    """
    gaps = (later.start - earlier.start for earlier, later in pairwise(loads))
    step = min((gap for gap in gaps if gap), default=_HOUR)
    minutes = max(int(min(step, _HOUR).total_seconds() // 60), 1)
    shares, seen = Counter(one.start for one in loads), Counter[datetime]()
    for one in loads:
        begin = one.start.hour * 60 + one.start.minute
        share, place = shares[one.start], seen[one.start]
        seen[one.start] += 1
        start, end = (begin + minutes * part // share for part in (place, place + 1))
        yield Cell(one.start.date(), start, min(end, 24 * 60), one.count)


def _loads(entries: list[JsonValue]) -> tuple[Load, ...]:
    loads = []
    for entry in entries[:_MOST_PERIODS]:
        start, count = None, None
        if isinstance(entry, dict):
            start, count = read_moment(_first(entry, _BEGINS)), _number(_first(entry, _COUNTS))
        elif isinstance(entry, list) and len(entry) == 2:
            start, count = read_moment(entry[0]), _number(entry[1])
        if start is not None and count is not None:
            loads.append(Load(start, count))
    return tuple(sorted(loads, key=lambda one: one.start))


def _first(entry: dict[str, JsonValue], names: tuple[str, ...]) -> JsonValue:
    return next((entry[name] for name in names if entry.get(name) is not None), None)


def read_moment(value: JsonValue) -> datetime | None:
    """Read a time: ISO 8601, or milliseconds since 1970. A zone is UTC unless it is told."""
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000, UTC)
        moment = datetime.fromisoformat(str(value).strip()) if isinstance(value, str) else None
    except (ValueError, OverflowError, OSError):
        return None
    if moment is None or not 1970 <= moment.year < 2200:
        return None
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _number(value: JsonValue) -> float | None:
    try:
        number = float(text_of(value) or "")
    except ValueError:
        return None
    return number if abs(number) < 1e12 else None
