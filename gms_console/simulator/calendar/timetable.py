"""Dates on the wire, and the slots that callbacks are booked in."""

from datetime import UTC, datetime, timedelta

from gms_console.simulator.web.answers import GmsError

ILLEGAL_ARGUMENT = "java.lang.IllegalArgumentException"

SLOT = timedelta(minutes=5)
"""The length of a slot for callbacks (domain: documented as a bucket of five minutes)."""

_MAX_DAYS = 366


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
