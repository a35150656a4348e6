"""What a path leads to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from gms_console.simulator.web.calls import Handler
from gms_console.simulator.world.instances import World


@dataclass(frozen=True)
class Endpoint:
    """What answers at a path, by method; empty where nothing does.

    `service` is the configured service that a request there is about, empty for none: it chooses
    options, credentials and faults. `operation` is the name that faults know the request by.
    `creates` says that a success starts a service, which begins a session of sticky load
    balancing. `public` says that nobody is asked for credentials.
    """

    by_method: Mapping[str, Handler] = field(default_factory=dict)
    operation: str = ""
    service: str = ""
    creates: bool = False
    public: bool = False


NOWHERE = Endpoint()

Area = Callable[[World, str, tuple[str, ...]], Endpoint]
"""Finds the Endpoint of a method and of the path segments behind `<root>/<version>/<area>/`."""


def both(carry_out: Handler) -> Mapping[str, Handler]:
    """Answer GET and POST alike."""
    return {"GET": carry_out, "POST": carry_out}
