"""Dates on the wire, and when the simulated office is open."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from gms_console.simulator.web.answers import GmsError

ILLEGAL_ARGUMENT = "java.lang.IllegalArgumentException"

SLOT = timedelta(minutes=5)
"""The length of a slot for callbacks (domain: documented as a bucket of five minutes)."""

_MAX_DAYS = 366


@dataclass(frozen=True)
class OfficeHours:
    """Open from `opens` to `closes` o'clock UTC on some days of the week, Monday being 0."""

    days: frozenset[int]
    opens: int
    closes: int

    def covers(self, moment: datetime) -> bool:
        """Return whether the office is open at a moment."""
        return moment.weekday() in self.days and self.opens <= moment.hour < self.closes

    def periods(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the open periods that the window touches, each in full length."""
        day = start.date()
        while day <= end.date():
            opening, closing = self._on(day)
            if day.weekday() in self.days and opening <= end and start < closing:
                yield opening, closing
            day += timedelta(days=1)

    def slots(self, start: datetime, end: datetime) -> Iterator[datetime]:
        """Yield the beginnings of all slots in the window."""
        for opening, closing in self.periods(start, end):
            slot = max(opening, slot_of(start))
            if slot < start:
                slot += SLOT
            while slot < closing and slot < end:
                yield slot
                slot += SLOT

    def _on(self, day: date) -> tuple[datetime, datetime]:
        midnight = datetime.combine(day, time(), UTC)
        return midnight + timedelta(hours=self.opens), midnight + timedelta(hours=self.closes)


def slot_of(moment: datetime) -> datetime:
    """Return the beginning of the slot that a moment lies in."""
    seconds = SLOT.seconds
    return datetime.fromtimestamp(moment.timestamp() // seconds * seconds, UTC)


def iso(moment: datetime) -> str:
    """Write a moment as GMS does: `yyyy-MM-ddTHH:mm:ss.SSSZ` (domain: seen in clients)."""
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    return f"{utc.isoformat(timespec='milliseconds')}Z"


def read_moment(key: str, text: str) -> datetime:
    """Read an ISO 8601 date, UTC unless it names a zone.

    Raises GmsError 400 for anything else and for years before 1971 or after 2199; status and
    class are this simulator's choice.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        moment = datetime.min
    if not 1970 < moment.year < 2200:
        raise GmsError(400, f"Parameter [{key}] is no date: [{text}]", ILLEGAL_ARGUMENT)
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)


def read_number(key: str, text: str, most: int = _MAX_DAYS) -> int:
    """Read a whole number from 1; raises GmsError 400 for anything else."""
    if text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= most:
        return int(text)
    raise GmsError(
        400, f"Parameter [{key}] is no number from 1 to {most}: [{text}]", ILLEGAL_ARGUMENT
    )


def window(
    start: str | None, end: str | None, days: str | None, now: datetime, default: timedelta
) -> tuple[datetime, datetime]:
    """Return the window that a request asks for.

    `start` is now unless given; `number-of-days` counts from it when there is no `end`; with
    neither, the window is `default` long. Raises GmsError 400 for what cannot be read and for
    more than a year.
    """
    begins = read_moment("start", start) if start else now
    if end:
        ends = read_moment("end", end)
    elif days:
        ends = begins + timedelta(days=read_number("number-of-days", days))
    else:
        ends = begins + default
    if ends - begins > timedelta(days=_MAX_DAYS):
        raise GmsError(400, f"More than {_MAX_DAYS} days were asked for.", ILLEGAL_ARGUMENT)
    return begins, ends
