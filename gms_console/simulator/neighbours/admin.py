"""What stands below `/1/admin/`: callbacks as administrators see them, and the node."""

from gms_console.simulator.callback import admin as callbacks
from gms_console.simulator.neighbours import node
from gms_console.simulator.web.endpoint import NOWHERE, Endpoint
from gms_console.simulator.world.instances import World


def endpoint(world: World, method: str, segments: tuple[str, ...]) -> Endpoint:
    """Find what answers below `/1/admin/`."""
    del world, method
    match segments:
        case ("callback", *rest):
            return callbacks.endpoint(tuple(rest))
        case ("node", *rest):
            return node.admin_endpoint(tuple(rest))
        case _:
            return NOWHERE
