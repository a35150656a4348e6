"""The push messages that GMS would send to the phone of a delayed instance.

Payload and what the app does with it are known (domain: documented): `{"_id", "_action"}`, then
a request `_action` to the instance `_id`. That a push comes to everybody who waits, also without
`_device_notification_id`, is this simulator's choice.
"""

from gms_console.simulator.services.ors import is_over, ready_at
from gms_console.simulator.world.instances import Instance, World


def pending(world: World, *, take: bool) -> list[dict[str, str]]:
    """Return the pushes that are due and were not taken, the one due first at the front.

    `take` counts them as delivered: they do not come again. One whose instance has gone on
    without it is dropped. Hold the lock of the world.
    """
    now = world.clock.now()
    waiting: list[tuple[float, Instance, str]] = []
    for instance in world.instances():
        due = _due(world, instance, now)
        if due is not None:
            waiting.append((due[0], instance, due[1]))
    waiting.sort(key=lambda each: each[0])
    if take:
        for _, instance, _ in waiting:
            _mark(instance)
    return [{"_id": instance.id, "_action": action} for _, instance, action in waiting]


def _due(world: World, instance: Instance, now: float) -> tuple[float, str] | None:
    """Return since when a push is due and what it asks for."""
    callback = instance.callback
    if callback is not None:
        if callback.pushed or not callback.awaits_user(now, world.controls):
            return None
        action = "get-dialog" if callback.scenario.wait_for_confirm else "connect"
        return callback.ready(world.controls), action
    ready = ready_at(instance)
    delayed = instance.service.endswith("-delay") and bool(instance.walk)
    if not delayed or instance.pushed or instance.connected or now < ready:
        return None
    return None if is_over(instance, now) else (ready, "get-dialog")


def _mark(instance: Instance) -> None:
    instance.pushed = True
    if instance.callback is not None:
        instance.callback.pushed = True
