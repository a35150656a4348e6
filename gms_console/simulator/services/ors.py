"""The request-inbound-... and request-outbound-... services: states and requests.

The reference page prints one state, `waiting-for-agent` with `/waitingforagent.html`, and one
full service name, `request-inbound-poll`. The other names, states, pages and all durations are
this simulator's choice, made to look like the printed ones.
"""

from collections.abc import Callable, Mapping

from gms_console.simulator.callback.dialogs import queue_position
from gms_console.simulator.services import dialogs
from gms_console.simulator.web.answers import GmsError
from gms_console.simulator.web.calls import Call
from gms_console.simulator.world.instances import Instance, Stage
from gms_console.simulator.world.pool import Wish

AGENT_READY_SECONDS = 6.0
CONNECTED_SECONDS = 20.0

COMPLETED = Stage("completed", "/completed.html", 0)
CANCELLED = Stage("cancelled", "/cancelled.html", 0)

_WAITING = "waiting-for-agent"
_READY = "agent-ready"

Action = Callable[[Call, Instance], Mapping[str, object]]


def _walk(waiting: float) -> tuple[Stage, ...]:
    stages = (
        Stage(_WAITING, "/waitingforagent.html", waiting),
        Stage(_READY, "/agentready.html", AGENT_READY_SECONDS),
        Stage("connected", "/connected.html", CONNECTED_SECONDS),
    )
    return tuple(stage for stage in stages if stage.seconds > 0)


WALKS = {
    "request-inbound-immediate": _walk(0),
    "request-inbound-delay": _walk(10),
    "request-inbound-poll": _walk(4),
    "request-outbound-immediate": _walk(0),
    "request-outbound-delay": _walk(10),
}
"""The services of this family and the stages that each passes, in clock seconds."""


def ready_at(instance: Instance) -> float:
    """Return when an agent is ready, on the clock."""
    waits = (each.seconds for each in instance.walk if each.status == _WAITING)
    return instance.created + sum(waits)


def stage(instance: Instance, now: float) -> Stage:
    """Return where an instance stands at a time of the clock."""
    if instance.cancelled:
        return CANCELLED
    left = now - instance.created
    for each in instance.walk:
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
    if instance.service.startswith("request-outbound-"):
        answer = dialogs.confirmation(instance.id, dialogs.CALL_SHORTLY)
    else:
        pool = call.world.pool
        booking = pool.held_by(instance.id) or pool.book(instance.id, Wish())
        answer = dialogs.dial_number(instance.id, booking)
    instance.connected = True
    return answer


def _check_queue_position(call: Call, instance: Instance) -> Mapping[str, object]:
    """Tell how long it takes until an agent is ready."""
    over = is_over(instance, call.now)
    return queue_position(0, 0.0 if over else max(ready_at(instance) - call.now, 0.0))


def _cancel(call: Call, instance: Instance) -> Mapping[str, object]:
    """End the walk; what is over already cannot be cancelled."""
    if is_over(instance, call.now):
        current = stage(instance, call.now)
        raise GmsError(400, f"Service [{instance.id}] cannot be cancelled: {current.status}.")
    instance.cancelled = True
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
