"""Whether a node takes part in load balancing (domain: documented, node API)."""

from dataclasses import replace

from gms_console.simulator.web.answers import NO_CACHE, Answer, GmsError, empty_answer
from gms_console.simulator.web.calls import Call
from gms_console.simulator.web.endpoint import NOWHERE, Endpoint
from gms_console.simulator.world.instances import World

ONLINE = "ONLINE"
OFFLINE = "OFFLINE"

_TEXT = "text/plain;charset=ISO-8859-1"


def endpoint(world: World, method: str, segments: tuple[str, ...]) -> Endpoint:
    """Find what answers at `/1/node`, the address of 8.1.1, which asks for no credentials."""
    del world, method
    return NOWHERE if segments else replace(_STATUS, public=True)


def admin_endpoint(segments: tuple[str, ...]) -> Endpoint:
    """Find what answers below `/1/admin/node/`, since 8.1.2."""
    match segments:
        case ("status",):
            return _STATUS
        case ("changestatus", status) if status:
            return Endpoint({"POST": lambda call: _change(call, status)}, "changestatus")
        case _:
            return NOWHERE


def _status(call: Call) -> Answer:
    """Answer the status of the node that the request has come to."""
    status = OFFLINE if call.node in call.world.offline_nodes else ONLINE
    return Answer(200, (("Content-Type", _TEXT), *NO_CACHE), status.encode("latin-1"))


def _change(call: Call, status: str) -> Answer:
    """Take the node out of load balancing, or back; it answers requests in either case.

    Raises GmsError 400 for another status, which is this simulator's choice.
    """
    if status == ONLINE:
        call.world.offline_nodes.discard(call.node)
    elif status == OFFLINE:
        call.world.offline_nodes.add(call.node)
    else:
        raise GmsError(400, f"Status [{status}] is neither {ONLINE} nor {OFFLINE}.")
    return empty_answer()


_STATUS = Endpoint({"GET": _status}, "node-status", creates=True)
"""A load balancer finds the node again by the session that the answer begins."""
