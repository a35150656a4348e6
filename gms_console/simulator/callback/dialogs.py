"""The requests on a live callback: its dialogs, its queue, its data.

Position and dialog shapes are known (domain: seen in the vendor's sample); that the requests
are named get-dialog, connect, postpone and give-up is this simulator's choice, as are the texts.
"""

import math
from collections.abc import Callable, Mapping

from gms_console.simulator.calendar.timetable import iso
from gms_console.simulator.callback.state import (
    CANCELLED,
    Callback,
    State,
)
from gms_console.simulator.callback.times import spoken
from gms_console.simulator.chat import staffing
from gms_console.simulator.services import dialogs
from gms_console.simulator.web.answers import GmsError
from gms_console.simulator.web.calls import Call
from gms_console.simulator.world.instances import Instance

_THRESHOLD_SECONDS = 3.0

Action = Callable[[Call, Instance, Callback], Mapping[str, object]]


def perform(call: Call, instance: Instance, callback: Callback, request: str) -> dict[str, object]:
    """Carry out a request on a callback; raises GmsError 404 for an unknown name."""
    action = _ACTIONS.get(request)
    if action is None:
        raise GmsError(404, f"Callback service [{callback.service}] has no request [{request}].")
    return dict(action(call, instance, callback))


def connect(call: Call, instance: Instance, callback: Callback) -> Mapping[str, object]:
    """Make the connection and return how: a number to dial, a call to come, or a chat.

    Each new number takes the place of the one before. Raises GmsError 500 when none is free.
    """
    if callback.scenario.chat:
        callback.begin(call.now, callback.times.chat)
        chat = call.world.chats.find(instance.id)
        if chat is not None:
            staffing.settle(call.world, chat)
        subject = call.form.param("subject") or _text_of(instance, "subject") or "Your request"
        return dialogs.start_chat(call, instance.id, subject)
    if callback.scenario.user_terminated:
        callback.begin(call.now, callback.call_seconds)
        return dialogs.confirmation(instance.id, dialogs.CALL_SHORTLY)
    booking = call.world.pool.book_anew(instance.id, callback.wish)
    callback.begin(call.now, booking.seconds + callback.times.call)
    return dialogs.dial_number(instance.id, booking)


def _get_dialog(call: Call, instance: Instance, callback: Callback) -> Mapping[str, object]:
    """Return what to show now; a menu once an agent is ready and the user is asked."""
    controls = call.world.controls
    if callback.awaits_user(call.now, controls):
        go = "Chat now" if callback.scenario.chat else "Connect me now"
        again = "Ask me again" if callback.scenario.chat else "Call me"
        later = f"{again} in {spoken(callback.times.postpone)}"
        choices = ((go, "connect"), (later, "postpone"), ("Never mind", "give-up"))
        return dialogs.menu(call, instance.id, "An agent is ready for you", choices)
    match callback.state(call.now, controls):
        case State.COMPLETED if callback.reason_at(call.now, controls):
            text = "Your request has been given up."
        case State.COMPLETED:
            text = "Your request is completed. Thank you."
        case State.PROCESSING if callback.scenario.user_terminated:
            text = dialogs.CALL_SHORTLY
        case State.PROCESSING:
            text = "You are being connected."
        case _:
            text = _waiting_text(call, callback)
    return dialogs.confirmation(instance.id, text)


def _connect(call: Call, instance: Instance, callback: Callback) -> Mapping[str, object]:
    """Connect when an agent is ready, at most `_userorig_connect_limit` times (domain)."""
    state = callback.state(call.now, call.world.controls)
    if state is State.COMPLETED:
        return dialogs.failed(instance.id, "The callback is completed.")
    if state is not State.PROCESSING and not callback.awaits_user(call.now, call.world.controls):
        return dialogs.confirmation(instance.id, _waiting_text(call, callback))
    if callback.scenario.user_terminated and state is State.PROCESSING:
        return dialogs.confirmation(instance.id, dialogs.CALL_SHORTLY)
    if callback.connects >= callback.connect_limit:
        return dialogs.failed(
            instance.id, f"No more than {callback.connect_limit} connections are allowed."
        )
    answer = connect(call, instance, callback)
    callback.connects += 1
    return answer


def _postpone(call: Call, instance: Instance, callback: Callback) -> Mapping[str, object]:
    """Put the callback off for a while; one under way can no longer be put off."""
    if callback.state(call.now, call.world.controls) in {State.PROCESSING, State.COMPLETED}:
        return dialogs.failed(instance.id, "The callback can no longer be postponed.")
    seconds = callback.times.postpone
    callback.desired = call.world.clock.moment(call.now + seconds)
    callback.booked = False
    callback.schedule(call.now, call.now + seconds, queue=None)
    callback.line_up(call.world.staff, instance.id, call.now)
    call.world.slots.note(instance.id, callback)
    return dialogs.confirmation(instance.id, f"We will get back to you in {spoken(seconds)}.")


def _give_up(call: Call, instance: Instance, callback: Callback) -> Mapping[str, object]:
    if callback.over(call.now, call.world.controls):
        return dialogs.failed(instance.id, "The callback is completed.")
    callback.finish(call.now, CANCELLED)
    call.world.pool.release_owner(instance.id)
    call.world.slots.forget(instance.id)
    return dialogs.confirmation(instance.id, "Your request has been given up.")


def _status(call: Call, instance: Instance, callback: Callback) -> Mapping[str, object]:
    """Answer state and page as the services of 8.1 do; that callbacks do is our choice."""
    del instance
    controls = call.world.controls
    if callback.awaits_user(call.now, controls):
        return {"status": "agent-ready", "dialog": "/agentready.html"}
    match callback.state(call.now, controls):
        case State.PROCESSING:
            return {"status": "connected", "dialog": "/connected.html"}
        case State.COMPLETED if callback.reason_at(call.now, controls):
            return {"status": "cancelled", "dialog": "/cancelled.html"}
        case State.COMPLETED:
            return {"status": "completed", "dialog": "/completed.html"}
        case _:
            return {"status": "waiting-for-agent", "dialog": "/waitingforagent.html"}


def _check_queue_position(
    call: Call, instance: Instance, callback: Callback
) -> Mapping[str, object]:
    """Tell the place in the queue, and how long it takes until an agent is ready."""
    if callback.state(call.now, call.world.controls) in {State.PROCESSING, State.COMPLETED}:
        return queue_position(call, instance.id, 0.0)
    return queue_position(call, instance.id, _seconds_left(call, callback))


def _update(call: Call, instance: Instance, callback: Callback) -> Mapping[str, object]:
    """Keep the rows as user data (domain: documented, handled by GMS itself)."""
    del callback
    instance.keep(call.form.user_data())
    return {}


def queue_position(call: Call, instance_id: str, left: float | None) -> dict[str, object]:
    """Return the answer to `check-queue-position` (domain: names and types seen).

    Two shapes in one: strings as the vendor's sample reads them, and the number `ewt` of its
    tests. A time that nobody knows is -1. One queue waits for all agents.
    """
    staff = call.world.staff
    return {
        "_position": str(0 if left == 0 else staff.place_of(instance_id, call.now)),
        "_eta": str(-1 if left is None else math.ceil(left)),
        "_total_waiting": str(staff.waiting(call.now)),
        "_agent_ready_threshold_passed": left is not None and left <= _THRESHOLD_SECONDS,
        "ewt": -1 if left is None else round(left, 1),
    }


def _seconds_left(call: Call, callback: Callback) -> float | None:
    """Return the time until an agent is ready; None when nobody knows."""
    return None if callback.turn is None else callback.turn.seconds_left(call.now)


def _waiting_text(call: Call, callback: Callback) -> str:
    if call.now < callback.queued_at:
        when = "" if math.isinf(callback.queued_at) else f" at {iso(callback.desired)}"
        return f"You will hear from us{when}."
    left = _seconds_left(call, callback)
    if left is None:
        return "All agents are busy. Please wait."
    seconds = math.ceil(left)
    time = "1 second" if seconds == 1 else f"{seconds} seconds"
    return f"All agents are busy. Please wait about {time}."


def _text_of(instance: Instance, key: str) -> str:
    value = instance.data.get(key)
    return value if isinstance(value, str) else ""


_ACTIONS: Mapping[str, Action] = {
    "status": _status,
    "get-dialog": _get_dialog,
    "connect": _connect,
    "postpone": _postpone,
    "give-up": _give_up,
    "check-queue-position": _check_queue_position,
    "update": _update,
}
