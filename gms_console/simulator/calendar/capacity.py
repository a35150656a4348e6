"""How many callbacks a configured capacity takes (domain: option names documented)."""

import json
import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache

from gms_console.simulator.calendar.zones import zone_named
from gms_console.simulator.config.sections import Sections, number_of

CAPACITY = "capacity"
"""The `_service` of what answers how many callbacks there are room for (domain)."""

DEFAULT_MAXIMUM = 1000
"""What `_max_capacity` is unless configured (domain: documented)."""

_TIME = re.compile(r"([01][0-9]|2[0-3])([0-5][0-9])")

_Steps = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Capacity:
    """Steps of a day: from a minute on, so many callbacks in each slot of five minutes.

    Days of the week count from 1 for Monday, as `_capacity_1` does; `dates` take their place.
    `problem` tells which option cannot be read; its figures are not there. `excess` is a figure
    above the highest that is allowed.
    """

    zone: tzinfo
    week: Mapping[int, _Steps] = field(default_factory=dict)
    dates: Mapping[date, _Steps] = field(default_factory=dict)
    problem: str | None = None
    excess: int | None = None
    maximum: int = DEFAULT_MAXIMUM

    def of_slot(self, moment: datetime) -> int:
        """Return how many callbacks the slot at a moment takes."""
        local = moment.astimezone(self.zone)
        steps = self.dates.get(local.date(), self.week.get(local.isoweekday(), ()))
        index = bisect_right(steps, (local.hour * 60 + local.minute, 10**9))
        return steps[index - 1][1] if index else 0


def capacity_named(config: Sections, name: str) -> Capacity | None:
    """Return a configured capacity; None for a name that is none."""
    options = config.service(name) if name and config.kind(name) == CAPACITY else None
    return None if options is None else capacity_of(options)


def capacity_of(options: Mapping[str, str]) -> Capacity:
    """Return the capacity that options give."""
    return _read(tuple(options.items()))


@lru_cache(maxsize=128)
def _read(options: tuple[tuple[str, str], ...]) -> Capacity:
    values = dict(options)
    week: dict[int, _Steps] = {}
    dates: dict[date, _Steps] = {}
    problems = []
    zone = zone_named(values.get("_timezone", "").strip())
    if zone is None:
        problems.append(f"_timezone [{values['_timezone']}] is unknown")
    for day in range(1, 8):
        name = f"_capacity_{day}"
        try:
            week[day] = _of_day(values.get(name, ""), str(day))
        except ValueError:
            problems.append(f"{name} [{values[name]}] cannot be read")
    try:
        dates = _of_dates(values.get("_capacity_add", ""))
    except ValueError:
        problems.append(f"_capacity_add [{values['_capacity_add']}] cannot be read")
    maximum = int(number_of(values.get("_max_capacity"), DEFAULT_MAXIMUM))
    figures = (count for steps in (*week.values(), *dates.values()) for _, count in steps)
    excess = max((count for count in figures if count > maximum), default=None)
    return Capacity(zone or UTC, week, dates, "; ".join(problems) or None, excess, maximum)


def _of_day(text: str, day: str) -> _Steps:
    """Read `{"1":{"0900":5}}` as the vendor writes it, or the inner mapping alone."""
    if not text.strip():
        return ()
    found = json.loads(text)
    if isinstance(found, dict) and isinstance(found.get(day), dict):
        found = found[day]
    return _steps(found)


def _of_dates(text: str) -> dict[date, _Steps]:
    """Read the figures of single dates, in a mapping or in a list of mappings.

    Their form is not documented and so this simulator's choice.
    """
    if not text.strip():
        return {}
    found = json.loads(text)
    mappings = found if isinstance(found, list) else [found]
    dates: dict[date, _Steps] = {}
    for mapping in mappings:
        if not isinstance(mapping, dict):
            raise ValueError(text)  # noqa: TRY004 - a mistake of the file as any other
        dates |= {date.fromisoformat(day): _steps(hours) for day, hours in mapping.items()}
    return dates


def _steps(found: object) -> _Steps:
    if not isinstance(found, dict):
        raise ValueError(str(found))  # noqa: TRY004 - a mistake of the file as any other
    return tuple(sorted((_minute(key), _count(value)) for key, value in found.items()))


def _minute(text: str) -> int:
    found = _TIME.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return int(found[1]) * 60 + int(found[2])


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(str(value))
    return value
