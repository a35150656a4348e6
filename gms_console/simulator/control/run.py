"""A start of the simulator, from `start` to `stop`."""

from dataclasses import dataclass

from gms_console.simulator.web.serving import Serving
from gms_console.simulator.world.instances import World


@dataclass(frozen=True)
class Run:
    """What lives from a start to a stop: the world, and the thread that serves it."""

    world: World
    serving: Serving
