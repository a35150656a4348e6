"""Which times are free for the callbacks of a service."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import islice

from gms_console.simulator.calendar.timetable import iso, read_number, slot_of
from gms_console.simulator.callback import errors
from gms_console.simulator.callback.scenarios import OFFICE_HOURS, Options
from gms_console.simulator.callback.state import Callback
from gms_console.simulator.world.instances import World

OFFERED = 5
"""How many free slots a refusal offers; the vendor's sample shows as many (domain)."""

_LOOK_AHEAD = timedelta(days=7)


def require(
    world: World,
    service: str,
    options: Options,
    desired: datetime,
    moving: Callback | None = None,
) -> None:
    """Raise GmsError 400 with the next free slots when a time is closed or full.

    A callback that is `moving` to this time does not count where it was.
    Only a desired time is held against the office hours, never the time of the request: a
    callback for now is accepted at night too. That is this simulator's choice.
    """
    hours = OFFICE_HOURS.get(options.text("_business_hours_service"))
    if hours is None:
        return
    if not hours.covers(desired):
        phrase = "Office is closed at the desired time."
    elif booked(world, service, moving)[slot_of(desired)] >= world.controls.slot_capacity:
        phrase = "No more callbacks are possible at the desired time."
    else:
        return
    start = max(slot_of(desired), world.clock.utc())
    end = start + _LOOK_AHEAD
    raise errors.not_available(
        phrase, free(world, service, options, start, end, str(OFFERED)) or {}
    )


def free(
    world: World,
    service: str,
    options: Options,
    start: datetime,
    end: datetime,
    most: str | None,
) -> dict[str, int] | None:
    """Return the slots of a window that have room; None for a service without office hours."""
    hours = OFFICE_HOURS.get(options.text("_business_hours_service"))
    if hours is None:
        return None
    taken = booked(world, service)
    capacity = world.controls.slot_capacity
    room = ((slot, capacity - taken[slot]) for slot in hours.slots(start, end))
    limit = read_number("max-time-slots", most, 100_000) if most else None
    return {iso(slot): count for slot, count in islice(((s, c) for s, c in room if c > 0), limit)}


def booked(world: World, service: str, but: Callback | None = None) -> Counter[datetime]:
    """Count the callbacks of a service by slot, completed ones left out."""
    callbacks = (callback for _, callback in world.open_callbacks(service) if callback is not but)
    return Counter(slot_of(callback.desired) for callback in callbacks if callback.booked)
