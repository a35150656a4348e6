"""Services that answer GET: office hours, capacity, and the health service `get`.

Parameters are known (domain: documented); keys of the answers are this simulator's choice but
for `error`, which is null when all is well.
"""

from datetime import UTC, datetime, timedelta, tzinfo
from http import HTTPStatus
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gms_console.simulator.calendar.timetable import (
    ILLEGAL_ARGUMENT,
    OfficeHours,
    iso,
    read_moment,
    window,
)
from gms_console.simulator.callback.scenarios import OFFICE_HOURS
from gms_console.simulator.web.answers import NO_CACHE, TEXT_TYPE, Answer, GmsError, json_answer
from gms_console.simulator.web.calls import Call

CAPACITY = "capacity"
HEALTH = "get"

_ONLINE_CODE = 200
_OFFLINE_CODE = 503
_CODES = {str(status.value) for status in HTTPStatus if status >= HTTPStatus.OK}
_HOURS_AT_MOST = 24 * 31


def office_hours(call: Call, name: str) -> Answer:
    """Answer the open periods that the window touches; without parameters, the one of now."""
    param = call.form.param
    now = call.world.clock.utc()
    start, end = window(param("start"), param("end"), param("number-of-days"), now, timedelta())
    periods = OFFICE_HOURS[name].periods(start, end)
    shown = [{"start": iso(opens), "end": iso(closes)} for opens, closes in periods]
    return json_answer({"error": None, "periods": shown})


def capacity(call: Call) -> Answer:
    """Answer how many callbacks the office takes in each hour of the window.

    `start` and `end` are local times of `timezone`, UTC unless given; without them, one day
    from now. Raises GmsError 400 for what cannot be read and for more than a month.
    """
    zone = _zone(call.form.param("timezone") or "UTC")
    start, end = _local_window(call, zone)
    hours = OFFICE_HOURS["office-hours"]
    of_slot = call.world.controls.slot_capacity
    shown = []
    hour = start.replace(minute=0, second=0, microsecond=0)
    while hour < end:
        shown.append(
            {
                "start": hour.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S"),
                "capacity": 12 * of_slot if _open(hours, hour) else 0,
            }
        )
        hour += timedelta(hours=1)
    return json_answer({"error": None, "timezone": str(zone), "capacity": shown})


def health(call: Call) -> Answer:
    """Answer one of two status codes (domain: options seen; the text is our own)."""
    online = call.world.controls.online
    key, default = ("_online_code", _ONLINE_CODE) if online else ("_offline_code", _OFFLINE_CODE)
    text = call.form.param(key) or str(default)
    if text not in _CODES:
        raise GmsError(400, f"Parameter [{key}] is no status code: [{text}]", ILLEGAL_ARGUMENT)
    status = int(text)
    body = b"" if status in (204, 304) else (b"ONLINE" if online else b"OFFLINE")
    return Answer(status, (("Content-Type", TEXT_TYPE), *NO_CACHE), body)


def _open(hours: OfficeHours, hour: datetime) -> bool:
    return hours.covers(hour.astimezone(UTC))


def _zone(name: str) -> tzinfo:
    if name.upper() in ("UTC", "GMT", "Z"):
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise GmsError(400, f"Time zone [{name}] is unknown.", ILLEGAL_ARGUMENT) from error


def _local_window(call: Call, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return the window in UTC, in which hours can be counted across a change of the clocks."""

    def moment(key: str, default: datetime) -> datetime:
        text = call.form.param(key)
        if not text:
            return default
        # Read as if UTC, then taken for the local time that was meant.
        return read_moment(key, text).replace(tzinfo=zone).astimezone(UTC)

    start = moment("start", call.world.clock.utc())
    end = moment("end", start + timedelta(days=1))
    if end - start > timedelta(hours=_HOURS_AT_MOST):
        raise GmsError(400, "More than 31 days were asked for.", ILLEGAL_ARGUMENT)
    return start, end
