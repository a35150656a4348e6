"""The free slots of a callback service as version 2 tells them (domain: section 4.1)."""

from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice

from gms_console.simulator.calendar.hours import OfficeHours, hours_named
from gms_console.simulator.calendar.timetable import (
    ILLEGAL_ARGUMENT,
    SLOT,
    iso,
    read_number,
    window,
)
from gms_console.simulator.calendar.zones import zone_named
from gms_console.simulator.callback import errors, slots
from gms_console.simulator.callback.scenarios import options_of
from gms_console.simulator.web.answers import Answer, GmsError, json_answer
from gms_console.simulator.web.calls import Call
from gms_console.simulator.web.endpoint import NOWHERE, Endpoint
from gms_console.simulator.world.instances import World

_MOST_SLOTS = 100_000


def endpoint(world: World, method: str, segments: tuple[str, ...]) -> Endpoint:
    """Find what answers below `/2/service/`."""
    del world, method
    match segments:
        case ("callback", name, "availability") if name:
            return Endpoint({"GET": lambda call: availability(call, name)}, "availability", name)
        case _:
            return NOWHERE


def availability(call: Call, service: str) -> Answer:
    """Answer the slots of a window with what is free of each, one day from now unless asked.

    `start-ms` and `end-ms` are milliseconds since 1970, `timezone` is that of `localTime`, the
    office's own unless given; with `report-busy=true` full slots are told too. That no free slot is
    an empty list is this simulator's choice. Raises GmsError 404 for an unknown service, 400
    without office hours and for what cannot be read.
    """
    options = options_of(call.world.config, service, call.form)
    if options is None:
        raise errors.not_configured(service)
    hours = hours_named(call.world.config, options.text("_business_hours_service"))
    if hours is None:
        raise errors.no_office_hours(service)
    zone, name = _zone(call, hours)
    start, end = window(
        _moment(call, "start"),
        _moment(call, "end"),
        call.form.param("number-of-days"),
        call.world.clock.utc(),
        timedelta(days=1),
    )
    most = call.form.param("max-time-slots")
    limit = read_number("max-time-slots", most, _MOST_SLOTS) if most else _MOST_SLOTS
    busy_too = call.form.flag("report-busy")
    total_of = slots.room_in(call.world, options)
    found = (
        (slot, max(total_of(slot) - slots.booked(call.world, service, slot), 0), total_of(slot))
        for slot in hours.slots(start, end)
    )
    shown = (each for each in found if each[1] > 0 or busy_too)
    return json_answer(
        {
            "durationMin": int(SLOT.total_seconds() // 60),
            "timezone": name,
            "slots": [
                {
                    "utcTime": iso(slot),
                    "localTime": _local(slot, zone),
                    "capacity": free,
                    "total": total,
                }
                for slot, free, total in islice(shown, limit)
            ],
        }
    )


def _moment(call: Call, key: str) -> str | None:
    """Return a moment as ISO text, from `start` or, in milliseconds, `start-ms`."""
    text = call.form.param(f"{key}-ms")
    if not text:
        return call.form.param(key)
    try:
        return datetime.fromtimestamp(int(text) / 1000, UTC).isoformat()
    except (ValueError, OverflowError, OSError) as error:
        message = f"Parameter [{key}-ms] is no number of milliseconds: [{text}]"
        raise GmsError(400, message, ILLEGAL_ARGUMENT) from error


def _zone(call: Call, hours: OfficeHours) -> tuple[tzinfo, str]:
    """Return the zone of the local times, and its name."""
    asked = call.form.param("timezone")
    if not asked:
        return hours.zone, str(hours.zone)
    zone = zone_named(asked)
    if zone is None:
        raise GmsError(400, f"Time zone [{asked}] is unknown.", ILLEGAL_ARGUMENT)
    return zone, asked


def _local(slot: datetime, zone: tzinfo) -> str:
    """Write a local time, which names no zone (domain: seen in clients)."""
    return slot.astimezone(zone).replace(tzinfo=None).isoformat(timespec="milliseconds")
