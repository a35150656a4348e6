"""What a Session keeps of all that its clients send and receive."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from gms_console.body_files import BodyFiles
from gms_console.client.redirects import SentBodies
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange

Keep = Callable[[Exchange, Environment], Awaitable[None]]
"""Stores an Exchange where it outlives this start; it never raises but when it is cancelled.

The Environment is the one that it was sent in, whose secrets must not be stored.
"""


async def keep_nothing(exchange: Exchange, environment: Environment) -> None:
    """Store nothing, as the command line does."""
    del exchange, environment


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where large bodies go, where Exchanges are stored, and what redirects may ask for.

    `files` None: every body is held in memory whole.
    """

    files: BodyFiles | None = None
    keep: Keep = keep_nothing
    bodies: SentBodies = field(default_factory=SentBodies)
