"""The request-inbound-... and request-outbound-... services: states and requests.

The reference page prints one state, `waiting-for-agent` with `/waitingforagent.html`, and one
full service name, `request-inbound-poll`. The other names, states, pages and all durations are
this simulator's choice, made to look like the printed ones.
"""

from collections.abc import Callable, Mapping

from gms_console.simulator.answers import GmsError
from gms_console.simulator.forms import Form
from gms_console.simulator.instances import Instance, Stage, World

AGENT_READY_SECONDS = 6.0
CONNECTED_SECONDS = 20.0

COMPLETED = Stage("completed", "/completed.html", 0)
CANCELLED = Stage("cancelled", "/cancelled.html", 0)

Action = Callable[[Instance, float, Form], Mapping[str, object]]


def _walk(waiting: float) -> tuple[Stage, ...]:
    stages = (
        Stage("waiting-for-agent", "/waitingforagent.html", waiting),
        Stage("agent-ready", "/agentready.html", AGENT_READY_SECONDS),
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


def perform(world: World, instance_id: str, request: str, form: Form) -> Mapping[str, object]:
    """Carry out a service-specific request and return the fields of its answer.

    Raises GmsError: 404 for an unknown instance or request name; 400 on an instance of a
    builtin service (reference page, Service specific Request: "otherwise it will be
    rejected"; the status is this simulator's choice).
    """
    instance = world.get(instance_id)
    if not instance.walk:
        raise GmsError(
            400,
            f"Request [{request}] is rejected: service-specific requests are only for"
            " request-inbound-... or request-outbound-... services,"
            f" and [{instance_id}] is a [{instance.service}] service.",
        )
    action = _ACTIONS.get(request)
    if action is None:
        raise GmsError(404, f"Service [{instance.service}] has no request [{request}].")
    return action(instance, world.clock.now(), form)


def _status(instance: Instance, now: float, form: Form) -> Mapping[str, object]:
    """Answer state and page (reference page, Service specific Request, Example)."""
    del form
    current = stage(instance, now)
    return {"status": current.status, "dialog": current.dialog}


def _cancel(instance: Instance, now: float, form: Form) -> Mapping[str, object]:
    """End the walk; what is over already cannot be cancelled."""
    current = stage(instance, now)
    if is_over(instance, now):
        raise GmsError(400, f"Service [{instance.id}] cannot be cancelled: {current.status}.")
    instance.cancelled = True
    return _status(instance, now, form)


def _update(instance: Instance, now: float, form: Form) -> Mapping[str, object]:
    """Keep the rows as user data (domain: documented, handled by GMS itself)."""
    del now
    instance.keep(form.user_data())
    return {}


_ACTIONS: dict[str, Action] = {
    "status": _status,
    "start": _status,
    "get-dialog": _status,
    "cancel": _cancel,
    "update": _update,
}
