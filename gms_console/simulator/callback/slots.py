"""Which times are free for the callbacks of a service."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from gms_console.simulator.calendar.capacity import capacity_named
from gms_console.simulator.calendar.hours import ALWAYS, hours_named
from gms_console.simulator.calendar.timetable import iso, read_number, slot_of
from gms_console.simulator.callback import errors
from gms_console.simulator.callback.state import Callback
from gms_console.simulator.config.options import Options
from gms_console.simulator.world.instances import World

BUCKET = 100
"""How many callbacks a slot holds without a capacity service (domain: documented)."""

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
    hours = hours_named(world.config, options.text("_business_hours_service"))
    if hours is None and not options.text("_capacity_service"):
        return
    slot = slot_of(desired)
    if hours is not None and not hours.covers(desired):
        phrase = "Office is closed at the desired time."
    elif booked(world, service, slot, moving) >= room_in(world, options)(slot):
        phrase = "No more callbacks are possible at the desired time."
    else:
        return
    start = max(slot, world.clock.utc())
    end = start + _LOOK_AHEAD
    room = _with_room(world, service, options, (hours or ALWAYS).slots(start, end))
    raise errors.not_available(phrase, dict(islice(room, OFFERED)))


def free(
    world: World,
    service: str,
    options: Options,
    start: datetime,
    end: datetime,
    most: str | None,
) -> dict[str, int] | None:
    """Return the slots of a window that have room; None for a service without office hours."""
    hours = hours_named(world.config, options.text("_business_hours_service"))
    if hours is None:
        return None
    limit = read_number("max-time-slots", most, 100_000) if most else None
    return dict(islice(_with_room(world, service, options, hours.slots(start, end)), limit))


def room_in(world: World, options: Options) -> Callable[[datetime], int]:
    """Return what tells how many callbacks a slot holds.

    Whoever drives the simulator says; else the capacity service of the callback service; without
    one it is the documented bucket.
    """
    said = world.controls.slot_capacity
    if said is not None:
        return lambda _slot: said
    found = capacity_named(world.config, options.text("_capacity_service"))
    return (lambda _slot: BUCKET) if found is None else found.of_slot


def _with_room(
    world: World, service: str, options: Options, slots: Iterator[datetime]
) -> Iterator[tuple[str, int]]:
    """Yield the slots that are not full, as texts, each with its room."""
    capacity = room_in(world, options)
    for slot in slots:
        room = capacity(slot) - booked(world, service, slot)
        if room > 0:
            yield iso(slot), room


def booked(world: World, service: str, slot: datetime, but: Callback | None = None) -> int:
    """Count the callbacks of a service in a slot, completed ones left out."""
    return world.slots.count(service, slot, world.clock.now(), world.controls, but)
