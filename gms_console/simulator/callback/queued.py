"""How many callbacks of a service are in its queue."""

from gms_console.simulator.world.instances import World


def queued(world: World, service: str) -> int:
    """Count the callbacks that are QUEUED or PAUSED.

    Those wait for an agent, or an agent for their user; so nobody else has to be looked at.
    """
    now = world.clock.now()
    asked = 0
    for turn in world.staff.served(now):
        instance = world.find(turn.key) if turn.group == service else None
        callback = None if instance is None else instance.callback
        asked += callback is not None and callback.awaits_user(now, world.controls)
    return world.staff.waiting(now, service) + asked
