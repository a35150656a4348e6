"""Services that answer GET: office hours, capacity, and the health service `get`.

Parameters are known (domain: documented); keys of the answers are this simulator's choice but
for `error`, which is null when all is well.
"""

from datetime import UTC, datetime, timedelta, tzinfo
from http import HTTPStatus

from gms_console.simulator.calendar.capacity import CAPACITY, Capacity, capacity_of
from gms_console.simulator.calendar.hours import OFFICE_HOURS, hours_of
from gms_console.simulator.calendar.timetable import (
    ILLEGAL_ARGUMENT,
    SLOT,
    iso,
    read_moment,
    window,
)
from gms_console.simulator.calendar.zones import zone_named
from gms_console.simulator.web.answers import NO_CACHE, TEXT_TYPE, Answer, GmsError, json_answer
from gms_console.simulator.web.calls import Call

HEALTH = "get"

KINDS = (OFFICE_HOURS, CAPACITY, HEALTH)
"""The `_service` of what answers here."""

CAPACITY_EXCEPTION = "com.genesyslab.gsg.services.capacity.CapacityException"

_ONLINE_CODE = 200
_OFFLINE_CODE = 503
_CODES = {str(status.value) for status in HTTPStatus if status >= HTTPStatus.OK}
_HOURS_AT_MOST = 24 * 31


def office_hours(call: Call) -> Answer:
    """Answer the open periods that the window touches; without parameters, the one of now."""
    param = call.form.param
    now = call.world.clock.utc()
    start, end = window(param("start"), param("end"), param("number-of-days"), now, timedelta())
    hours = hours_of(call.options.configured)
    shown = [
        {"start": iso(opens), "end": iso(closes)} for opens, closes in hours.periods(start, end)
    ]
    return json_answer({"error": hours.problem, "periods": shown})


def capacity(call: Call) -> Answer:
    """Answer how many callbacks fit into each hour of the window.

    `start` and `end` are local times of `timezone`, that of the service unless given; without
    them, one day from now. Raises GmsError 400 for what cannot be read and for more than a
    month, and for a figure above `_max_capacity` (domain: documented; the status is not).
    """
    configured = capacity_of(call.options.configured)
    if configured.excess is not None:
        message = f"Capacity {configured.excess} is above the maximum {configured.maximum}."
        raise GmsError(400, message, CAPACITY_EXCEPTION)
    asked = call.form.param("timezone")
    zone = _zone(asked) if asked else configured.zone
    start, end = _local_window(call, zone)
    shown = []
    hour = start.replace(minute=0, second=0, microsecond=0)
    while hour < end:
        shown.append(
            {
                "start": hour.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S"),
                "capacity": _of_hour(call, configured, hour),
            }
        )
        hour += timedelta(hours=1)
    return json_answer({"error": configured.problem, "timezone": str(zone), "capacity": shown})


def health(call: Call) -> Answer:
    """Answer one of two status codes (domain: options seen; the text is our own)."""
    online = call.world.controls.online
    key, default = ("_online_code", _ONLINE_CODE) if online else ("_offline_code", _OFFLINE_CODE)
    text = call.options.text(key) or str(default)
    if text not in _CODES:
        raise GmsError(400, f"Parameter [{key}] is no status code: [{text}]", ILLEGAL_ARGUMENT)
    status = int(text)
    body = b"" if status in (204, 304) else (b"ONLINE" if online else b"OFFLINE")
    return Answer(status, (("Content-Type", TEXT_TYPE), *NO_CACHE), body)


def _of_hour(call: Call, configured: Capacity, hour: datetime) -> int:
    """Return what the twelve slots of an hour take together."""
    slots = [configured.of_slot(hour + step * SLOT) for step in range(12)]
    said = call.world.controls.slot_capacity
    return sum(slots) if said is None else sum(said for slot in slots if slot)


def _zone(name: str) -> tzinfo:
    found = zone_named(name)
    if found is None:
        raise GmsError(400, f"Time zone [{name}] is unknown.", ILLEGAL_ARGUMENT)
    return found


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
