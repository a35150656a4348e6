"""The world as a state file has it: taken apart, and put together again."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from gms_console.simulator.chat.talk import Chat
from gms_console.simulator.state.codec import Codec, StateError
from gms_console.simulator.state.file import Thing
from gms_console.simulator.world.entries import Entry
from gms_console.simulator.world.instances import Instance, World
from gms_console.simulator.world.line import Turn
from gms_console.simulator.world.pool import Booking

INSTANCE, CHAT, ENTRY = "instance", "chat", "entry"

_KINDS: dict[str, type[Instance] | type[Chat] | type[Entry]] = {
    INSTANCE: Instance,
    CHAT: Chat,
    ENTRY: Entry,
}

Living = tuple[str, str, Instance | Chat | Entry]
"""Something that lives, with its kind and id."""

HEAD = "world"
"""The name of what there is once: clock, bookings, switches."""


@dataclass(frozen=True)
class Head:
    """What there is once: the clock's start and reading, bookings, switches of the presenter."""

    start: datetime
    reading: float
    bookings: list[Booking] = field(default_factory=list)
    away: list[str] = field(default_factory=list)
    offline: list[str] = field(default_factory=list)
    pauses: dict[str, list[tuple[float, float]]] = field(default_factory=dict)


@dataclass
class Stored:
    """All that a file holds, read and found sound."""

    head: Head | None = None
    instances: list[Instance] = field(default_factory=list)
    chats: list[Chat] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)


def read(codec: Codec, values: dict[str, str], things: list[Thing]) -> Stored:
    """Return what a file holds; raises StateError for a row that cannot be read."""
    stored = Stored()
    if HEAD in values:
        stored.head = codec.decode(Head, _json(values[HEAD]))
    lists: dict[str, Callable[[object], None]] = {
        INSTANCE: stored.instances.append,  # type: ignore[dict-item]
        CHAT: stored.chats.append,  # type: ignore[dict-item]
        ENTRY: stored.entries.append,  # type: ignore[dict-item]
    }
    for thing in things:
        if thing.kind not in lists:
            raise StateError(f"a thing of the kind {thing.kind}")
        decoded: object = codec.decode(_KINDS[thing.kind], _json(thing.body))
        lists[thing.kind](decoded)
    return stored


def restore(world: World, stored: Stored) -> None:
    """Let live again what a file holds. The world must be empty.

    Raises StateError, before anything lives, for a time that no clock shows.
    """
    head = stored.head
    if head is not None:
        try:
            world.clock.restore(head.start, head.reading)
        except ValueError as error:
            raise StateError(str(error)) from error
    now = world.clock.now()
    turns: list[Turn] = []
    for instance in stored.instances:
        world.add(instance)
        turn = instance.callback.turn if instance.callback is not None else instance.turn
        turns += [turn] if turn is not None else []
    for chat in stored.chats:
        world.chats.add(chat)
        turns += [chat.turn] if chat.turn is not None else []
    for entry in stored.entries:
        world.entries.put(entry, now)
    # Who came first is first again.
    for turn in sorted(turns, key=lambda each: each.number):
        world.staff.take_back(turn)
    if head is not None:
        _restore_head(world, head, now)


def _restore_head(world: World, head: Head, now: float) -> None:
    for booking in head.bookings:
        # An owner that ended between two writings leaves nothing to hold a number for.
        if world.find(booking.owner) is not None:
            world.pool.restore(booking)
    present = {agent.name for agent in world.staff.agents(now)}
    for name in head.away:
        if name in present:
            world.staff.set_away(name, True, now)
    world.offline_nodes.update(name for name in head.offline if world.nodes.has(name))
    world.controls.restore_pauses(head.pauses)


def head_of(world: World) -> Head:
    """Return what there is once. Hold the lock of the world."""
    now = world.clock.now()
    start = world.clock.moment(0.0)
    agents = world.staff.agents(now)
    return Head(
        start=start,
        reading=now,
        bookings=world.pool.bookings(),
        away=[each.name for each in agents if each.state == "away" or each.leaving],
        offline=sorted(world.offline_nodes),
        pauses=world.controls.pauses(),
    )


def living(world: World) -> list[Living]:
    """Return everything that lives, with kind and id, oldest first. Hold the lock of the world."""
    now = world.clock.now()
    return [
        *((INSTANCE, each.id, each) for each in world.instances()),
        *((CHAT, each.id, each) for each in world.chats.all()),
        *((ENTRY, each.id, each) for each in world.entries.all(now)),
    ]


def _json(body: str) -> object:
    try:
        loaded: object = json.loads(body)
    except ValueError as error:
        raise StateError(f"no JSON: {error}") from error
    return loaded
