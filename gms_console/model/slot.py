"""The Slot: a time that GMS offers for a callback, read from either shape of availability."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from gms_console.model.reading import JsonValue, text_of

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that can be asked for. `time` is as it was sent and goes out again as it is.

    `free` is how many callbacks it still takes, `at` the same time read: in UTC where it names
    no zone, as GMS counts in UTC (domain: documented). Both are None where they cannot be read.
    """

    time: str
    free: int | None = None
    at: datetime | None = None


def read_slots(data: JsonValue) -> tuple[Slot, ...]:
    """Read the slots of a whole answer.

    They stand in an error's `availability`, in availability v2's `slots`, or are the answer
    of availability v1: a map from time to count, and nothing else.
    """
    if not isinstance(data, dict):
        return ()
    if "availability" in data:
        return read_availability(data["availability"])
    slots = data.get("slots")
    if isinstance(slots, list):
        return _listed(slots)
    times = bool(data) and all(_TIME.match(key) for key in data)
    return read_availability(data) if times and _are_counts(data) else ()


def read_availability(data: JsonValue) -> tuple[Slot, ...]:
    """Read a map from time to free count (an int, a string or null), in the order it came in."""
    if not isinstance(data, dict):
        return ()
    return tuple(_slot(time, free) for time, free in data.items())


def _listed(slots: list[JsonValue]) -> tuple[Slot, ...]:
    found = []
    for one in slots:
        fields = one if isinstance(one, dict) else {}
        time = text_of(fields.get("utcTime")) or text_of(fields.get("localTime"))
        if time is not None:
            found.append(_slot(time, fields.get("capacity")))
    return tuple(found)


def _are_counts(data: dict[str, JsonValue]) -> bool:
    return all(value is None or _count(value) is not None for value in data.values())


def _slot(time: str, free: JsonValue) -> Slot:
    return Slot(time, _count(free), _moment(time))


def _count(value: JsonValue) -> int | None:
    if isinstance(value, bool):
        return None
    try:
        return int(value) if isinstance(value, int | float | str) else None
    except (ValueError, OverflowError):
        return None


def _moment(time: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(time.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
