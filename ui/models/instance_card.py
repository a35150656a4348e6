"""The Card: what is to be said of an instance at one moment, short enough for a small card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from gms_console.instance import Instance
from gms_console.model.environment import Environment
from gms_console.poll import Poll, PollOutcome
from gms_console.presentation import seconds_text

if TYPE_CHECKING:
    from gms_console.catalogue import ServiceKind

URGENT = 10
"""Seconds left of a booking from which the remaining time warns."""

SHORT_ID = 8
"""Characters of an id that a card shows."""

_ENDED = {
    PollOutcome.REACHED: "reached",
    PollOutcome.CANCELLED: "poll stopped",
    PollOutcome.FAILED: "poll ended: failed",
    PollOutcome.ENDED: "poll ended",
    PollOutcome.OUT_OF_TIME: "poll ended: time",
    PollOutcome.OUT_OF_ATTEMPTS: "poll ended: attempts",
    PollOutcome.TOO_MANY_ERRORS: "poll ended: errors",
    PollOutcome.REFUSED: "poll ended: refused",
}
_FINE = {None, PollOutcome.REACHED, PollOutcome.CANCELLED}


@dataclass(frozen=True, slots=True)
class Chip:
    """A value that a click copies; `look` is `urgent` or `gone` for a booking that ends."""

    meaning: str
    text: str
    value: str
    look: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says. `tone` is the catalogue's, empty for a state that it does not know.

    `detail` is the name in the URL where the title is another one, else since when it is here.
    `note` is what a request or poll is doing; `note_bad`: that is bad news. `node` is where it
    lives, empty where there is only one; `node_warning`: its sticky cookie leads elsewhere.
    `elsewhere` names the place where it lives, if that is not where the window sends to; `colour`
    is that place's, and may be empty.
    """

    title: str
    detail: str
    age: str
    state: str
    tone: str
    note: str
    note_bad: bool
    chips: tuple[Chip, ...]
    node: str = ""
    node_warning: bool = False
    elsewhere: str = ""
    colour: str = ""


def make_card(
    instance: Instance,
    kind: ServiceKind | None,
    poll: Poll | None,
    now: datetime,
    *,
    sending: Sequence[str] = (),
    reopened: bool = False,
    here: Environment | None = None,
) -> Card:
    """Say what there is to say of an instance now; `sending` names its requests under way.

    `here` is where the window sends to.
    """
    home = instance.environment
    stays = here is not None and here.has_place(home)
    title = kind.title if kind is not None and kind.title else instance.service
    left = seconds_left(instance, now)
    since = f"since {instance.since.astimezone().strftime('%H:%M:%S')}"
    asking = poll is not None and poll.running
    state = state_words(instance, left, asking=asking, reopened=reopened)
    note, bad = _note(poll, sending, now)
    return Card(
        title=title or "(reopened by id)",
        detail=instance.service if title != instance.service else since,
        age=age_text((now - instance.since).total_seconds()),
        state=state,
        tone=_tone(instance, kind, left),
        note=note,
        note_bad=bad,
        chips=_chips(instance, left, state),
        node=node_of(instance),
        node_warning=bool(node_of_cookie(instance)),
        elsewhere="" if stays else _short_title(home),
        colour="" if stays else home.colour,
    )


def _short_title(place: Environment) -> str:
    """Name a place in the little room of a card: a base URL by its host and port."""
    return place.title if place.name else place.origin.partition("//")[2]


def node_of(instance: Instance) -> str:
    """Name the node that an instance lives on; empty where its environment has only one."""
    environment = instance.environment
    return environment.node if len(environment.nodes) > 1 else ""


def node_of_cookie(instance: Instance) -> str:
    """Name the other node that the sticky cookie of an instance leads to; empty for none."""
    from gms_console.cookies import strays_to  # noqa: PLC0415 - not before there is an instance

    return strays_to(instance)


def seconds_left(instance: Instance, now: datetime) -> float | None:
    """Give the seconds that the booking still holds, 0 when it has ended; None without one."""
    expires = instance.access.expires if instance.access is not None else None
    return None if expires is None else max(0.0, (expires - now).total_seconds())


def state_words(instance: Instance, left: float | None, *, asking: bool, reopened: bool) -> str:
    """Name the state of an instance, or what stands for it while none is known."""
    if instance.state is not None:
        return instance.state
    if instance.access is not None and instance.access.number is not None:
        return "booking ended" if left == 0 else f"call {instance.access.number}"
    if asking:
        return "asking"
    return "reopened" if reopened else "created"


def age_text(seconds: float) -> str:
    """Write an age as `12 s`, `3 min`, `2 h` or `4 d`."""
    whole = max(0, int(seconds))
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if whole >= size:
            return f"{whole // size} {unit}"
    return f"{whole} s"


def poll_note(poll: Poll, now: datetime) -> str:
    """Say what a poll is doing, or shortly how it ended."""
    if poll.outcome is not None:
        return _ENDED[poll.outcome]
    wait = (poll.next_attempt - now).total_seconds() if poll.next_attempt is not None else 0.0
    if wait < 0.05:
        return "polling"
    return f"next in {wait:.1f} s" if wait < 10 else f"next in {seconds_text(wait)}"


def _note(poll: Poll | None, sending: Sequence[str], now: datetime) -> tuple[str, bool]:
    if sending:
        return f"sending {sending[-1]}", False
    if poll is None or poll.started is None:
        return "", False
    return poll_note(poll, now), poll.outcome not in _FINE


def _tone(instance: Instance, kind: ServiceKind | None, left: float | None) -> str:
    if instance.state is not None:
        state = kind.state(instance.state) if kind is not None else None
        return state.tone.value if state is not None else ""
    if left is not None:
        return "bad" if left == 0 else "waiting"
    return ""


def _chips(instance: Instance, left: float | None, state: str) -> tuple[Chip, ...]:
    id_text = instance.id if len(instance.id) <= SHORT_ID + 2 else f"{instance.id[:SHORT_ID]}…"
    chips = [Chip("Instance id", id_text, instance.id)]
    access = instance.access
    if access is None:
        return tuple(chips)
    if access.number is not None:
        chips.append(Chip("Access number", access.number, access.number))
    if access.code is not None:
        chips.append(Chip("Access code", access.code, access.code))
    if left is not None and access.expires is not None:
        text, look = remaining_text(left)
        text = "ended" if text == state else text
        chips.append(
            Chip("Remaining time", text, access.expires.isoformat(timespec="seconds"), look)
        )
    return tuple(chips)


def remaining_text(left: float) -> tuple[str, str]:
    """Write how long a booking still holds, and how that should look."""
    if left <= 0:
        return "booking ended", "gone"
    return f"{seconds_text(left)} left", "urgent" if left <= URGENT else ""
