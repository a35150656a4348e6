"""The request-inbound-... and request-outbound-... services: states and requests.

The reference page prints one state, `waiting-for-agent` with `/waitingforagent.html`, and one
full service name, `request-inbound-poll`. The other names, states, pages and all durations are
this simulator's choice, made to look like the printed ones.
"""

import math
from collections.abc import Callable, Mapping

from gms_console.simulator.callback.dialogs import queue_position
from gms_console.simulator.callback.times import seconds_of
from gms_console.simulator.config.sections import Sections, number_of
from gms_console.simulator.services import dialogs
from gms_console.simulator.web.answers import GmsError
from gms_console.simulator.web.calls import Call
from gms_console.simulator.world.instances import Instance, Stage, World
from gms_console.simulator.world.pool import Wish

COMPLETED = Stage("completed", "/completed.html", 0)
CANCELLED = Stage("cancelled", "/cancelled.html", 0)

_WAITING = "waiting-for-agent"
WAITING = Stage(_WAITING, "/waitingforagent.html", 0)
_READY = "agent-ready"
CONNECTED = "connected"

Action = Callable[[Call, Instance], Mapping[str, object]]


WALKS = {
    "request-inbound-immediate": 0.0,
    "request-inbound-delay": 10.0,
    "request-inbound-poll": 4.0,
    "request-outbound-immediate": 0.0,
    "request-outbound-delay": 10.0,
}
"""The kinds of this family, and how long each waits for its agent unless configured."""


def walk_of(config: Sections, service: str) -> tuple[Stage, ...]:
    """Return the stages that a service passes, in clock seconds."""
    options = config.service(service) or {}
    usual = WALKS[config.kind(service)]
    waiting = max(number_of(options.get("_waiting_seconds"), usual), 0.0)
    stages = (
        Stage(_WAITING, "/waitingforagent.html", waiting),
        Stage(_READY, "/agentready.html", seconds_of(config, "agent_ready_seconds", 6.0)),
        Stage(CONNECTED, "/connected.html", seconds_of(config, "connected_seconds", 20.0)),
    )
    return tuple(stage for stage in stages if stage.seconds > 0) or (COMPLETED,)


def begin(world: World, instance: Instance) -> None:
    """Let a walk wait for its agent, who comes after its first stage if free then."""
    waits = sum(each.seconds for each in instance.walk if each.status == _WAITING)
    served = sum(each.seconds for each in instance.walk) - waits
    earliest = instance.created + waits
    instance.turn = world.staff.wait(instance.id, instance.created, earliest, served)


def ready_at(instance: Instance, now: float) -> float:
    """Return when an agent was ready, on the clock; infinity as long as none is."""
    return math.inf if instance.turn is None else instance.turn.ready(now)


def stage(instance: Instance, now: float) -> Stage:
    """Return where an instance stands at a time of the clock.

    Whoever finds all agents busy waits on, also in a walk that begins with an agent.
    """
    if instance.cancelled:
        return CANCELLED
    if instance.completed:
        return COMPLETED
    left = now - ready_at(instance, now)
    if left < 0:
        return WAITING
    for each in instance.walk:
        if each.status == _WAITING:
            continue
        if left < each.seconds:
            return each
        left -= each.seconds
    return COMPLETED


def is_over(instance: Instance, now: float) -> bool:
    """Return whether an instance has reached its last state."""
    return stage(instance, now) in (COMPLETED, CANCELLED)


def perform(call: Call, instance: Instance, request: str) -> Mapping[str, object]:
    """Carry out a service-specific request and return the fields of its answer.

    Raises GmsError: 404 for an unknown request name; 400 on an instance of a builtin service
    (reference page, Service specific Request: "otherwise it will be rejected"; the status is
    this simulator's choice).
    """
    if not instance.walk:
        raise GmsError(
            400,
            f"Request [{request}] is rejected: service-specific requests are only for"
            " request-inbound-... or request-outbound-... services,"
            f" and [{instance.id}] is a [{instance.service}] service.",
        )
    action = _ACTIONS.get(request)
    if action is None:
        raise GmsError(404, f"Service [{instance.service}] has no request [{request}].")
    return action(call, instance)


def _status(call: Call, instance: Instance) -> Mapping[str, object]:
    """Answer state and page (reference page, Service specific Request, Example)."""
    current = stage(instance, call.now)
    return {"status": current.status, "dialog": current.dialog}


def _get_dialog(call: Call, instance: Instance) -> Mapping[str, object]:
    """Answer the page while waiting, a menu once an agent is ready, then how it goes."""
    current = stage(instance, call.now)
    if current.status == _WAITING:
        return _status(call, instance)
    if is_over(instance, call.now):
        return dialogs.confirmation(instance.id, "Your request is over. Thank you.")
    if instance.connected:
        return dialogs.confirmation(instance.id, "You are being connected.")
    choices = (("Connect me now", "connect"), ("Never mind", "cancel"))
    return dialogs.menu(call, instance.id, "An agent is ready for you", choices)


def _connect(call: Call, instance: Instance) -> Mapping[str, object]:
    """Answer the page while waiting, then a number to dial; outbound, that the call comes.

    The number that is booked already is told again.
    """
    if stage(instance, call.now).status == _WAITING:
        return _status(call, instance)
    if is_over(instance, call.now):
        return dialogs.failed(instance.id, f"Service [{instance.id}] is over.")
    if instance.kind.startswith("request-outbound-"):
        answer = dialogs.confirmation(instance.id, dialogs.CALL_SHORTLY)
    else:
        pool = call.world.pool
        booking = pool.held_by(instance.id) or pool.book(instance.id, Wish())
        answer = dialogs.dial_number(instance.id, booking)
    instance.connected = True
    return answer


def _check_queue_position(call: Call, instance: Instance) -> Mapping[str, object]:
    """Tell how long it takes until an agent is ready."""
    turn = instance.turn
    waits = turn is not None and stage(instance, call.now) is WAITING
    left = turn.seconds_left(call.now) if turn is not None and waits else 0.0
    return queue_position(call, instance.id, left)


def _cancel(call: Call, instance: Instance) -> Mapping[str, object]:
    """End the walk; what is over already cannot be cancelled."""
    if is_over(instance, call.now):
        current = stage(instance, call.now)
        raise GmsError(400, f"Service [{instance.id}] cannot be cancelled: {current.status}.")
    instance.cancelled = True
    call.world.staff.leave(instance.id, call.now)
    return _status(call, instance)


def _update(call: Call, instance: Instance) -> Mapping[str, object]:
    """Keep the rows as user data (domain: documented, handled by GMS itself)."""
    instance.keep(call.form.user_data())
    return {}


_ACTIONS: dict[str, Action] = {
    "status": _status,
    "start": _connect,
    "connect": _connect,
    "get-dialog": _get_dialog,
    "check-queue-position": _check_queue_position,
    "cancel": _cancel,
    "update": _update,
}
