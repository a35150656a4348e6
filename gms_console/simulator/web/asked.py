"""What faults know of a request."""

from gms_console.simulator.faults.plan import Asked
from gms_console.simulator.web.endpoint import Endpoint
from gms_console.simulator.world.instances import World

_BY_GMS = frozenset(
    (
        *("storage", "update", "delete", "query", "availability", "read", "page"),
        *("chat", "send", "refresh", "startTyping", "stopTyping", "disconnect"),
    )
)
"""Requests on a service of Orchestration Server that GMS answers without it (domain: `update`;
of the others it is this simulator's choice)."""

_NEW = frozenset(("create",))


def asked(world: World, found: Endpoint, node: str) -> Asked:
    """Return what faults know of a request that goes to an endpoint."""
    options = world.config.service(found.service) if found.service else None
    of_ors = options is not None and options.get("_type") == "ors"
    return Asked(
        service=found.service,
        request=found.operation,
        node=node,
        ors=of_ors and found.operation not in _BY_GMS,
        live=found.operation not in _NEW,
    )
