"""The callback services: create, cancel, reschedule, query, availability (domain: section 4.1)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from gms_console.simulator.calendar.timetable import iso, read_moment, window
from gms_console.simulator.callback import errors, limits, slots
from gms_console.simulator.callback.dialogs import connect
from gms_console.simulator.callback.scenarios import options_of, scenario_of
from gms_console.simulator.callback.state import CANCELLED, Callback, State
from gms_console.simulator.callback.times import times_of
from gms_console.simulator.config.options import Options
from gms_console.simulator.config.sections import items_of
from gms_console.simulator.neighbours.phonenumber import DEFAULT_COUNTRY, is_premium
from gms_console.simulator.services import builtins as services
from gms_console.simulator.services import dialogs
from gms_console.simulator.services.builtins import ACCESS_CODE_LENGTH, described
from gms_console.simulator.web.answers import Answer, empty_answer, json_answer
from gms_console.simulator.web.calls import Call
from gms_console.simulator.web.forms import Form
from gms_console.simulator.world.instances import Instance, World, ors_id
from gms_console.simulator.world.pool import Wish, booking_seconds

LIFE = timedelta(seconds=86400)
"""How long a record is kept by its own account (domain: default of `_ttl`)."""

_NUMBER = re.compile(r"\+?[0-9]{3,15}")
_SHOWN = (
    "_customer_id",
    "_urs_virtual_queue",
    "_vq",
    "_request_queue_time_stat",
    "_request_ewt_service",
)
"""Service parameters that a record shows (domain: default of `callback/filter-keys`, and more)."""


def create(call: Call, service: str) -> Mapping[str, object]:
    """Start a callback and return its first dialog.

    Raises GmsError: 404 for an unknown service, 400 for a number or time that is refused, 503
    when too many are queued, 500 when no number to dial can be booked.
    """
    options = options_of(call.world.config, service, call.form)
    if options is None:
        raise errors.not_configured(service)
    # Only a configuration that allows it lets a request redirect.
    redirect = options.ruled("_redirect")
    if not redirect:
        return _create(call, service, options)
    target = options_of(call.world.config, redirect, call.form)
    # The configured service answers in the other's place; it does not redirect once more.
    return services.create(call, redirect) if target is None else _create(call, redirect, target)


def cancel(call: Call, service: str, callback_id: str) -> Answer:
    """End a callback; one that is unknown or completed is refused with 400."""
    instance, callback = _live(call, service, callback_id)
    end(call.world, instance, callback, CANCELLED)
    return empty_answer()


def end(world: World, instance: Instance, callback: Callback, reason: str | None) -> None:
    """End a callback now: its agent and its number are free for others."""
    callback.finish(world.clock.now(), reason)
    world.pool.release_owner(instance.id)
    world.slots.forget(instance.id)


def reschedule(call: Call, service: str, callback_id: str) -> Answer:
    """Change the time, the state or the data of a callback; what is refused changes nothing.

    The app sends `_new_desired_time`, the vendor's tests `_desired_time`; an empty text removes
    a key from the record (domain: seen in the vendor's tests).
    """
    instance, callback = _live(call, service, callback_id)
    form = call.form
    options = options_of(call.world.config, service, form)
    if options is None:
        # Its section was taken out meanwhile: nobody knows which times are free.
        raise errors.not_configured(service)
    number = _customer_number(options, mandatory=False)
    text = form.param("_new_desired_time") or form.param("_desired_time")
    if text or _wanted_state(form) is not None:
        if callback.state(call.now, call.world.controls) is State.PROCESSING:
            raise errors.gone(service, callback_id)
        _move(call, options, instance.id, callback, text)
    if number is not None:
        callback.customer_number = number
        callback.wish = replace(callback.wish, phone=number)
    _change_data(form, instance, callback)
    return empty_answer()


def _change_data(form: Form, instance: Instance, callback: Callback) -> None:
    for key, value in form.user_data():
        if value == "":
            instance.drop(key)
        else:
            instance.keep([(key, value)])
    for key in _SHOWN:
        text = form.param(key)
        if text:
            callback.shown[key] = text
        elif text is not None:
            callback.shown.pop(key, None)


def query(call: Call, service: str | None = None) -> Answer:
    """Answer an array of the records that match; without criteria, of all.

    A value may be negated by a leading `!`; `operand=OR` wants one of the criteria, otherwise
    all must hold (domain: seen in the vendor's tests).
    """
    if service is not None and call.world.config.kind(service) != "callback":
        raise errors.not_configured(service)
    rows = [(key, value) for key, value in call.form.rows if isinstance(value, str)]
    criteria = [(key, value) for key, value in rows if key != "operand"]
    any_will_do = (call.form.param("operand") or "").upper() == "OR"
    found = []
    for instance in _candidates(call, [] if any_will_do else criteria):
        if service is None or instance.service == service:
            entry = record(call, instance)
            held = [holds(entry, key, value) for key, value in criteria]
            if not held or (any(held) if any_will_do else all(held)):
                found.append(entry)
    return json_answer(found)


def availability(call: Call, service: str) -> Answer:
    """Answer the free slots of a window, one day from now unless asked otherwise."""
    options = options_of(call.world.config, service, call.form)
    if options is None:
        raise errors.not_configured(service)
    param = call.form.param
    start, end = window(
        param("start"),
        param("end"),
        param("number-of-days"),
        call.world.clock.utc(),
        timedelta(days=1),
    )
    free = slots.free(call.world, service, options, start, end, param("max-time-slots"))
    if free is None:
        raise errors.no_office_hours(service)
    if not free:
        raise errors.not_available("Office is closed or full.")
    return json_answer(free)


def record(call: Call, instance: Instance) -> dict[str, object]:
    """Return a callback as queries show it (domain: keys documented and seen in tests).

    Of the user's data it has the keys that `_customer_lookup_keys` of the service names, and
    `callback/returned-keys`; or all where the first is not there, which is this simulator's choice.
    """
    callback = instance.callback
    if callback is None:
        return {}
    controls = call.world.controls
    reason = callback.reason_at(call.now, controls)
    fields: dict[str, object] = {
        "_id": instance.id,
        "_desired_time": iso(callback.desired),
        "_service_name": instance.service,
        "_callback_state": callback.state(call.now, controls).value,
        "_expiration_time": iso(callback.desired + LIFE),
        "_customer_number": callback.customer_number,
        "_callback_reason": reason,
        "_ors_session_id": instance.id,
        "url": f"{call.base}/1/service/callback/{instance.service}/{instance.id}",
    }
    known = {key: value for key, value in fields.items() if value is not None}
    options = call.world.config.service(instance.service) or {}
    lookup = items_of(options.get("_customer_lookup_keys", ""))
    data = described(instance.data)
    if lookup:
        shown = {*lookup, *call.world.config.items("callback", "returned-keys")}
        data = {key: value for key, value in data.items() if key in shown}
    return {**data, **callback.shown, **known}


def _create(call: Call, service: str, options: Options) -> Mapping[str, object]:
    callback = _callback(call, service, options)
    instance = Instance(ors_id(), service, call.now, callback=callback)
    answer = _first_answer(call, instance, callback)
    instance.keep(call.form.user_data())
    callback.line_up(call.world.staff, instance.id, call.now)
    call.world.add(instance)
    return answer


def _callback(call: Call, service: str, options: Options) -> Callback:
    """Check a request and return the callback that it asks for."""
    form = call.form
    scenario = scenario_of(options)
    number = _customer_number(options, mandatory=scenario.user_terminated)
    text = form.param("_desired_time")
    desired = _desired(call, service, options, text) if text else None
    queue = _wanted_state(form)
    callback = Callback(
        service=service,
        scenario=scenario,
        customer_number=number,
        desired=desired or call.world.clock.utc(),
        wish=Wish(
            group=options.text("_resource_group") or None,
            code_length=ACCESS_CODE_LENGTH if options.flag("_provide_code") else None,
            phone=number,
            seconds=booking_seconds(options.text("_booking_expiration_timeout") or None),
        ),
        connect_limit=int(options.number("_userorig_connect_limit", 3)),
        booked=desired is not None,
        shown={key: value for key in _SHOWN if (value := form.param(key))},
        times=times_of(call.world.config, options),
    )
    at = None if desired is None else call.world.clock.at(desired)
    callback.schedule(call.now, at, queue=queue)
    limits.check(call, options, callback)
    return callback


def _move(
    call: Call, options: Options, callback_id: str, callback: Callback, text: str | None
) -> None:
    """Take another place in time; without a text, the one it has when it shall be SCHEDULED."""
    queue = _wanted_state(call.form)
    if text:
        callback.desired = _desired(call, callback.service, options, text, callback)
        callback.booked = True
    keeps = bool(text) or (queue is False and callback.booked)
    at = call.world.clock.at(callback.desired) if keeps else None
    callback.schedule(call.now, at, queue=queue)
    callback.line_up(call.world.staff, callback_id, call.now)
    call.world.slots.note(callback_id, callback)


def _first_answer(call: Call, instance: Instance, callback: Callback) -> Mapping[str, object]:
    """Connect at once where nothing is waited for; otherwise tell the id, or of the call."""
    if callback.scenario.user_terminated:
        if callback.ready_at > call.now + callback.times.agent:
            text = f"You will receive the call at {iso(callback.desired)}"
        else:
            text = dialogs.CALL_SHORTLY
        return dialogs.confirmation(instance.id, text)
    if callback.scenario.at_once and callback.ready_at <= call.now:
        return connect(call, instance, callback)
    return {"_id": instance.id}


def _customer_number(options: Options, *, mandatory: bool) -> str | None:
    """Return the number to call; raises GmsError 400 when it is missing or refused."""
    number = (options.form.param("_customer_number") or "").strip()
    if not number and not mandatory:
        return None
    bare = re.sub(r"[ .()/-]", "", number)
    if not _NUMBER.fullmatch(bare):
        raise errors.number_refused(number)
    country = options.text("_default_country") or DEFAULT_COUNTRY
    if options.flag("_disallow_premium_phone_numbers") and is_premium(bare, country):
        raise errors.premium_refused(number)
    return number


def _desired(
    call: Call, service: str, options: Options, text: str, moving: Callback | None = None
) -> datetime:
    """Return the desired time; raises GmsError 400 when it is closed or full then."""
    desired = read_moment("_desired_time", text)
    slots.require(call.world, service, options, desired, moving)
    return desired


def _wanted_state(form: Form) -> bool | None:
    """Read `_callback_state`: True for QUEUED, False for SCHEDULED, None for no wish."""
    return {"QUEUED": True, "SCHEDULED": False}.get(form.param("_callback_state") or "")


def _live(call: Call, service: str, callback_id: str) -> tuple[Instance, Callback]:
    """Return a callback that is not over; raises GmsError 400 for any other."""
    instance = call.world.find(callback_id)
    callback = None if instance is None or instance.service != service else instance.callback
    if instance is None or callback is None or callback.over(call.now, call.world.controls):
        raise errors.gone(service, callback_id)
    return instance, callback


def _candidates(call: Call, criteria: list[tuple[str, str]]) -> Iterable[Instance]:
    """Return the instances that can hold all criteria, without a look at whole records."""
    wanted = {key: value for key, value in criteria if not value.startswith("!")}
    if "_id" in wanted:
        found = call.world.find(wanted["_id"])
        return [found] if found is not None and found.callback is not None else []
    number, state = wanted.get("_customer_number"), wanted.get("_callback_state")
    now, controls = call.now, call.world.controls
    return (
        instance
        for instance in call.world.instances()
        if instance.callback is not None
        and (number is None or instance.callback.customer_number == number)
        and (state is None or instance.callback.state(now, controls) == state)
    )


def holds(entry: Mapping[str, object], key: str, value: str) -> bool:
    """Return whether a record has a value, or, after a leading `!`, has it not."""
    if value.startswith("!"):
        return entry.get(key) != value[1:]
    return entry.get(key) == value
