"""What each service does when it is created."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from gms_console.simulator.callback.scenarios import CALLBACK
from gms_console.simulator.chat.v1 import REQUEST_CHAT, request_chat
from gms_console.simulator.services.ors import WALKS, begin, is_over, walk_of
from gms_console.simulator.web.answers import GmsError
from gms_console.simulator.web.calls import Call
from gms_console.simulator.web.uploads import Upload
from gms_console.simulator.world.instances import Instance, World, builtin_id, ors_id
from gms_console.simulator.world.pool import Wish, booking_seconds

INTERACTION_CODE_LENGTH = 4
"""Digits of an access code of request-interaction (reference page, Example)."""

ACCESS_CODE_LENGTH = 6
"""Default digits of an access code of request-access (domain: documented)."""

_BOOKING = "_booking_expiration_timeout"

Create = Callable[[Call], Mapping[str, object]]


def create(call: Call, service: str) -> Mapping[str, object]:
    """Create a service and return the fields of its answer.

    Raises GmsError 404 for a service that is not configured, and what the service refuses.
    """
    kind = call.world.config.kind(service)
    call = replace(call, service=service)
    if kind in WALKS:
        return _create_ors(call, kind)
    builtin = _BUILTINS.get(kind)
    if kind == CALLBACK:
        raise GmsError(404, f"Service [{service}] is a callback service: use callback/{service}.")
    if builtin is None:
        raise GmsError(404, f"Service [{service}] is not configured.")
    return builtin(call)


def request_interaction(call: Call) -> Mapping[str, object]:
    """Book a number for the user to call (reference page, Create).

    `_phone_number` is documented as mandatory, yet the vendor's tests create without it and
    succeed, so it is not enforced. Raises GmsError 500 when no number can be booked.
    """
    world = call.world
    instance = Instance(builtin_id(), call.service, call.now, expires=_expiry(call))
    booking = world.pool.book(instance.id, _wish(call, INTERACTION_CODE_LENGTH))
    instance.keep(call.form.user_data())
    world.add(instance)
    return {"_id": instance.id, **booking.access()}


def match_interaction(call: Call) -> Mapping[str, object]:
    """Find the instance that an arrived call belongs to, and release its number.

    Number, code and caller are compared (domain: documented); code and caller only when both
    sides have one. A match releases the number, so a second one is 404 (reference page:
    "If a matching services does not find a match"). Raises GmsError 400 without
    `_access_number`, which is this simulator's choice.
    """
    world, form = call.world, call.form
    number = form.param("_access_number")
    if not number:
        raise GmsError(400, "Mandatory parameter [_access_number] is missing.")
    booking = world.pool.find(number)
    if (
        booking is None
        or _differs(booking.code, form.param("_access_code"))
        or _differs(booking.phone, form.param("_phone_number"))
    ):
        raise GmsError(404, f"No matching service is found for access number [{number}].")
    instance = world.get(booking.owner)
    world.pool.release(number)
    answer: dict[str, object] = {"_id": instance.id, "_data_id": instance.data_id}
    if call.options.flag("_return_user_data"):
        answer.update(described(instance.data))
    return answer


def request_access(call: Call) -> Mapping[str, object]:
    """Book a number for an instance that is active already (domain: documented).

    The answer has no `_id`. Raises GmsError 400 when `_id` is missing, unknown or ended.
    """
    world, form = call.world, call.form
    owner = form.param("_id")
    if not owner:
        raise GmsError(400, "Mandatory parameter [_id] is missing.")
    instance = world.find(owner)
    if instance is None or _is_over(world, instance):
        raise GmsError(400, f"Service [{owner}] is not active.")
    wish = _wish(call, _code_length(call))
    # The request wins, here alone (domain: documented).
    seconds = booking_seconds(call.options.asked_first(_BOOKING) or None)
    booking = world.pool.book(owner, replace(wish, seconds=seconds))
    instance.keep(form.user_data())
    return booking.access()


def hello(call: Call) -> Mapping[str, object]:
    """Answer without any id (domain: seen in the vendor's tests)."""
    del call
    return {"msg": "hello"}


def described(data: Mapping[str, str | Upload]) -> dict[str, object]:
    """Return user data as JSON can show it: a file by its name."""
    return {
        key: value.filename if isinstance(value, Upload) else value for key, value in data.items()
    }


def _create_ors(call: Call, kind: str) -> Mapping[str, object]:
    """Start a session; `-immediate` services have access information from the start."""
    world, form = call.world, call.form
    walk = walk_of(world.config, call.service)
    instance = Instance(ors_id(), call.service, world.clock.now(), walk=walk, kind=kind)
    access: dict[str, str] = {}
    if kind == "request-inbound-immediate":
        access = world.pool.book(instance.id, _wish(call, INTERACTION_CODE_LENGTH)).access()
    instance.keep(form.user_data())
    begin(world, instance)
    world.add(instance)
    return {"_id": instance.id, **access}


def _is_over(world: World, instance: Instance) -> bool:
    now = world.clock.now()
    if instance.callback is not None:
        return instance.callback.over(now, world.controls)
    return bool(instance.walk) and is_over(instance, now)


def _wish(call: Call, code_length: int) -> Wish:
    options = call.options
    return Wish(
        group=options.text("_resource_group") or None,
        code_length=code_length if options.flag("_provide_code") else None,
        phone=call.form.param("_phone_number"),
        seconds=booking_seconds(options.text(_BOOKING) or None),
    )


def _expiry(call: Call) -> float | None:
    """Return when the data of an instance is forgotten; None for never.

    `_ttl` is documented with a default of 30 s; here it is for ever unless given, so that a
    presenter finds the data again.
    """
    seconds = call.options.number("_ttl", 0)
    return call.now + seconds if seconds > 0 else None


def _code_length(call: Call) -> int:
    """Read `_access_code_length`; what is no number from 1 to 20 counts as not given."""
    text = call.options.text("_access_code_length")
    if text.isascii() and text.isdigit() and len(text) < 3 and 1 <= int(text) <= 20:
        return int(text)
    return ACCESS_CODE_LENGTH


def _differs(known: str | None, given: str | None) -> bool:
    return bool(known) and bool(given) and known != given


_BUILTINS: dict[str, Create] = {
    "request-interaction": request_interaction,
    "match-interaction": match_interaction,
    "request-access": request_access,
    "hello": hello,
    REQUEST_CHAT: request_chat,
}
