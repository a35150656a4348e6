"""The push messages that GMS would send to the phone of a delayed instance.

Payload and what the app does with it are known (domain: documented): `{"_id", "_action"}`, then
a request `_action` to the instance `_id`. That a push comes to everybody whom an agent waits for,
also without `_device_notification_id`, is this simulator's choice.
"""

from gms_console.simulator.services.ors import is_over
from gms_console.simulator.world.instances import Instance, World


def pending(world: World, *, take: bool) -> list[dict[str, str]]:
    """Return the pushes that are due and were not taken, the one due first at the front.

    `take` counts them as delivered: they do not come again. One whose instance has gone on
    without it is dropped. Hold the lock of the world.
    """
    now = world.clock.now()
    waiting: list[tuple[float, Instance, str]] = []
    # Whoever is to be pushed keeps an agent waiting: no need to look at all instances.
    for turn in world.staff.served(now):
        instance = world.find(turn.key)
        action = None if instance is None else _action(world, instance, now)
        if instance is not None and action is not None:
            waiting.append((turn.ready(now), instance, action))
    waiting.sort(key=lambda each: each[0])
    if take:
        for _, instance, _ in waiting:
            _mark(instance)
    return [{"_id": instance.id, "_action": action} for _, instance, action in waiting]


def _action(world: World, instance: Instance, now: float) -> str | None:
    """Return what the push asks for that is due; None for no push."""
    callback = instance.callback
    if callback is not None:
        if callback.pushed or not callback.awaits_user(now, world.controls):
            return None
        return "get-dialog" if callback.scenario.wait_for_confirm else "connect"
    delayed = instance.kind.endswith("-delay") and bool(instance.walk)
    if not delayed or instance.pushed or instance.connected or is_over(instance, now):
        return None
    return "get-dialog"


def _mark(instance: Instance) -> None:
    instance.pushed = True
    if instance.callback is not None:
        instance.callback.pushed = True
