"""When a configured office is open (domain: option names and formats are documented)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from gms_console.simulator.calendar.timetable import SLOT, slot_of
from gms_console.simulator.calendar.zones import zone_named
from gms_console.simulator.config.sections import Sections

OFFICE_HOURS = "office-hours"
"""The `_service` of what answers when an office is open (domain: documented)."""

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS = r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})"
_REGULAR = re.compile(rf"([a-z]{{3}})(?:\s*-\s*([a-z]{{3}}))?\s+{_HOURS}", re.IGNORECASE)
_DATE = r"(?:(\d{4})-)?(\d{2})-(\d{2})"
_ADDED = re.compile(rf"{_DATE}\s+{_HOURS}")
_HOLIDAY = re.compile(_DATE)
_DAY_MINUTES = 24 * 60


@dataclass(frozen=True)
class Span:
    """From one minute of a day to another; beyond 1440 it is in the next day."""

    opens: int
    closes: int


@dataclass(frozen=True)
class Day:
    """A date; without a year it comes every year."""

    year: int | None
    month: int
    day: int

    def is_on(self, day: date) -> bool:
        """Return whether a date is meant."""
        return (self.month, self.day) == (day.month, day.day) and self.year in (None, day.year)


@dataclass(frozen=True)
class OfficeHours:
    """The opening hours of an office, in the time of its zone; Monday is 0.

    A holiday closes the regular hours of its day, not hours that were added for it. `problem`
    tells which option cannot be read; its hours are not there.
    """

    zone: tzinfo
    regular: tuple[tuple[frozenset[int], Span], ...] = ()
    added: tuple[tuple[Day, Span], ...] = ()
    holidays: tuple[Day, ...] = ()
    problem: str | None = None

    def covers(self, moment: datetime) -> bool:
        """Return whether the office is open at a moment."""
        return any(opens <= moment < closes for opens, closes in self.periods(moment, moment))

    def periods(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the open periods that the window touches, each in full length.

        Periods that overlap are one.
        """
        last: tuple[datetime, datetime] | None = None
        for opens, closes in self._all(start, end):
            if last is not None and opens < last[1]:
                last = (last[0], max(last[1], closes))
                continue
            if last is not None:
                yield last
            last = (opens, closes)
        if last is not None:
            yield last

    def slots(self, start: datetime, end: datetime) -> Iterator[datetime]:
        """Yield the beginnings of all slots in the window."""
        for opening, closing in self.periods(start, end):
            slot = max(opening, slot_of(start))
            if slot < start:
                slot += SLOT
            while slot < closing and slot < end:
                yield slot
                slot += SLOT

    def _all(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        # From the day before: a period may run past midnight.
        day = start.astimezone(self.zone).date() - timedelta(days=1)
        last = end.astimezone(self.zone).date()
        while day <= last:
            for span in sorted(self._spans(day), key=lambda each: each.opens):
                opens, closes = self._moment(day, span.opens), self._moment(day, span.closes)
                if opens <= end and start < closes:
                    yield opens, closes
            day += timedelta(days=1)

    def _spans(self, day: date) -> Iterator[Span]:
        yield from (span for added, span in self.added if added.is_on(day))
        if not any(holiday.is_on(day) for holiday in self.holidays):
            yield from (span for days, span in self.regular if day.weekday() in days)

    def _moment(self, day: date, minute: int) -> datetime:
        days, minute = divmod(minute, _DAY_MINUTES)
        clock = time(minute // 60, minute % 60)
        local = datetime.combine(day + timedelta(days=days), clock, self.zone)
        return local.astimezone(UTC)


ALWAYS = OfficeHours(UTC, ((frozenset(range(7)), Span(0, _DAY_MINUTES)),))
"""Where no office hours are configured."""


def hours_named(config: Sections, name: str) -> OfficeHours | None:
    """Return the hours of a configured office; None for a name that is none."""
    options = config.service(name) if name and config.kind(name) == OFFICE_HOURS else None
    return None if options is None else hours_of(options)


def hours_of(options: Mapping[str, str]) -> OfficeHours:
    """Return the hours that the options of an office give."""
    return _read(tuple(options.items()))


@lru_cache(maxsize=128)
def _read(options: tuple[tuple[str, str], ...]) -> OfficeHours:
    regular, added, holidays, problems = [], [], [], []
    zone = zone_named(dict(options).get("_timezone", "").strip())
    if zone is None:
        problems.append(f"_timezone [{dict(options)['_timezone']}] is unknown")
    for name, text in options:
        value = text.strip()
        try:
            if name.startswith("_bh_regular") and value:
                regular.append(_regular(value))
            elif name.startswith("_bh_add") and value:
                added.append(_added(value))
            elif name.startswith("_holiday") and value:
                holidays.append(_holiday(value))
        except ValueError:
            problems.append(f"{name} [{value}] cannot be read")
    problem = "; ".join(problems) or None
    return OfficeHours(zone or UTC, tuple(regular), tuple(added), tuple(holidays), problem)


def _regular(text: str) -> tuple[frozenset[int], Span]:
    """Read `Mon-Fri 08:00-20:00`; the days may run over the end of the week."""
    found = _match(_REGULAR, text)
    first = _DAYS.index(found[1].lower())
    last = _DAYS.index((found[2] or found[1]).lower())
    days = frozenset((first + step) % 7 for step in range((last - first) % 7 + 1))
    return days, _span(*found.groups()[2:])


def _added(text: str) -> tuple[Day, Span]:
    """Read `2026-11-30 10:00-14:00`, or the same without a year."""
    groups = _match(_ADDED, text).groups()
    return _day(*groups[:3]), _span(*groups[3:])


def _holiday(text: str) -> Day:
    """Read `2026-12-25`, or the same without a year."""
    return _day(*_match(_HOLIDAY, text).groups())


def _match(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    found = pattern.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return found


def _day(year: str | None, month: str, day: str) -> Day:
    # A leap year lets 29 February pass.
    date(int(year) if year else 2000, int(month), int(day))
    return Day(int(year) if year else None, int(month), int(day))


def _span(hour: str, minute: str, to_hour: str, to_minute: str) -> Span:
    """Read the hours; those that end before they begin end on the next day."""
    opens, closes = int(hour) * 60 + int(minute), int(to_hour) * 60 + int(to_minute)
    if max(opens, closes) > _DAY_MINUTES or int(minute) > 59 or int(to_minute) > 59:
        raise ValueError(f"{opens} {closes}")
    return Span(opens, closes if closes > opens else closes + _DAY_MINUTES)
