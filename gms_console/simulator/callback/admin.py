"""What administrators ask of all callback services (domain: section 4.1).

Paths, parameters and the shapes of queues and watermarks are known; status and text of refusals,
and how the report looks, are this simulator's choice.
"""

import csv
import io
import json
from collections.abc import Iterable
from datetime import timedelta

from gms_console.simulator.calendar.timetable import read_moment, read_number
from gms_console.simulator.callback import errors
from gms_console.simulator.callback.api import end, holds, record
from gms_console.simulator.callback.scenarios import CALLBACK
from gms_console.simulator.callback.state import CANCELLED_BY_ADMIN, State
from gms_console.simulator.web.answers import NO_CACHE, Answer, GmsError, empty_answer, json_answer
from gms_console.simulator.web.calls import Call
from gms_console.simulator.web.endpoint import NOWHERE, Endpoint
from gms_console.simulator.world.instances import Instance

BACK = timedelta(minutes=15)
AHEAD = timedelta(hours=24)
"""The window of the queues unless asked otherwise (domain: seen in the vendor's tests)."""

FILTER_KEYS = (
    "_callback_state",
    "_callback_reason",
    "_request_queue_time_stat",
    "_request_ewt_service",
    "_vq",
)
"""What queues can be filtered by unless `callback/filter-keys` says otherwise (documented)."""

CSV_TYPE = "text/csv;charset=utf-8"
_REPORTED = ("_id", "_service_name", "_customer_number", "_desired_time", "_callback_reason")
_MOST_RECORDS = 100_000
_COUNTED = {State.QUEUED, State.PAUSED, State.PROCESSING}


def endpoint(segments: tuple[str, ...]) -> Endpoint:
    """Find what answers below `/1/admin/callback/`; operations are named as the paths are."""
    match segments:
        case ("queues",):
            return Endpoint({"GET": queues}, "queues")
        case ("cancel",):
            return Endpoint({"POST": cancel}, "bulk-cancel")
        case ("reportcancelled",):
            return Endpoint({"POST": report_cancelled}, "reportcancelled")
        case ("watermarks",):
            return Endpoint({"GET": watermarks}, "watermarks")
        case _:
            return NOWHERE


def queues(call: Call) -> Answer:
    """Answer the records by service, of those that are wanted from 15 minutes ago to tomorrow.

    `target` names one service, whose array is there even when empty. Raises GmsError 404 for one
    that is not configured, 400 for times and numbers that cannot be read.
    """
    param = call.form.param
    target = param("target")
    now = call.world.clock.utc()
    start = read_moment("start_time", text) if (text := param("start_time")) else now - BACK
    until = read_moment("end_time", text) if (text := param("end_time")) else now + AHEAD
    most = read_number("max", text, _MOST_RECORDS) if (text := param("max")) else _MOST_RECORDS
    states = _listed(param("states"))
    found: dict[str, list[dict[str, object]]] = {target: []} if target else {}
    if target:
        _require_configured(call, target)
    for instance in _callbacks(call, target):
        callback = instance.callback
        if most <= 0 or callback is None or not start <= callback.desired <= until:
            continue
        entry = record(call, instance)
        if (not states or entry["_callback_state"] in states) and _passes(call, entry):
            found.setdefault(instance.service, []).append(entry)
            most -= 1
    return json_answer(found)


def cancel(call: Call) -> Answer:
    """End the callbacks of `ids` for a `reason`, CANCELLED_BY_ADMIN unless given.

    Those that are gone already do not keep the others alive; only when none was left to cancel,
    the request is refused with 400. That is this simulator's choice.
    """
    ids = _texts(call, "ids")
    if not ids:
        raise GmsError(400, "Mandatory parameter [ids] must be an array of callback ids.")
    reason = call.form.param("reason") or CANCELLED_BY_ADMIN
    cancelled = 0
    for callback_id in dict.fromkeys(ids):
        instance = call.world.find(callback_id)
        callback = None if instance is None else instance.callback
        if instance is None or callback is None or callback.over(call.now, call.world.controls):
            continue
        end(call.world, instance, callback, reason)
        cancelled += 1
    if not cancelled:
        raise errors.all_gone(ids)
    return empty_answer()


def report_cancelled(call: Call) -> Answer:
    """Answer a table in CSV of the callbacks that ended for a `callback_reason`, or for any.

    Its columns are the `exported_properties`, each under its name.
    """
    wanted = call.form.param("callback_reason")
    columns = _texts(call, "exported_properties") or list(_REPORTED)
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(columns)
    for instance in _callbacks(call, None):
        entry = record(call, instance)
        reason = entry.get("_callback_reason")
        if reason is not None and wanted in {None, "", reason}:
            writer.writerow([entry.get(column, "") for column in columns])
    headers = (("Content-Type", CSV_TYPE), *NO_CACHE)
    return Answer(200, headers, table.getvalue().encode("utf-8", "replace"))


def watermarks(call: Call) -> Answer:
    """Answer how many callbacks each service has that are queued or further, not yet over.

    `service_name`, which may be repeated, names the services; without it, all that are configured.
    """
    named = [text for key, text in call.form.rows if key == "service_name" if isinstance(text, str)]
    for service in named:
        _require_configured(call, service)
    world = call.world
    counts = {}
    for service in named or world.config.services(CALLBACK):
        opened = world.open_callbacks(service)
        states = (callback.state(call.now, world.controls) for _, callback in opened)
        counts[service] = sum(state in _COUNTED for state in states)
    return json_answer({"services": counts, "total": sum(counts.values())})


def _callbacks(call: Call, service: str | None) -> Iterable[Instance]:
    """Return the instances of a callback service, or of all, in order of creation."""
    return (
        instance
        for instance in call.world.instances()
        if instance.callback is not None and service in {None, "", instance.service}
    )


def _passes(call: Call, entry: dict[str, object]) -> bool:
    """Return whether a record holds what the request filters by."""
    configured = call.world.config.text("callback", "filter-keys")
    keys = _listed(configured) or FILTER_KEYS
    wanted = ((key, call.form.param(key)) for key in keys)
    return all(holds(entry, key, value) for key, value in wanted if value)


def _require_configured(call: Call, service: str) -> None:
    if call.world.config.kind(service) != CALLBACK:
        raise errors.not_configured(service)


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(item for part in (text or "").split(",") if (item := part.strip()))


def _texts(call: Call, key: str) -> list[str]:
    """Read an array of texts from a JSON body; raises GmsError 400 for anything else.

    A form carries the array as JSON.
    """
    text = call.form.param(key)
    if not text:
        return []
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or not all(isinstance(each, str) and each for each in found):
        raise GmsError(400, f"Parameter [{key}] must be an array of texts.")
    return found
