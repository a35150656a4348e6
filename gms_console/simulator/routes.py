"""From the raw path of a request to what it asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from gms_console.simulator import (
    calendars,
    callback_api,
    callback_dialogs,
    chat_api,
    ors,
    pages,
    services,
    storage,
)
from gms_console.simulator.answers import Answer, GmsError, empty_answer, json_answer
from gms_console.simulator.callback_services import OFFICE_HOURS
from gms_console.simulator.calls import Call, Handler
from gms_console.simulator.instances import World

ROOTS = ("/genesys", "/GMS-web/gms")
"""The two roots that the reference page shows, one in each example."""

CREATE = "create"
DELETE = "delete"
PAGE = "page"

_CALLBACK_OPERATIONS = {"POST": CREATE, "DELETE": "cancel", "PUT": "reschedule"}


@dataclass(frozen=True)
class Place:
    """A path below `<root>/1/service/`, its segments split first and decoded after.

    Of a page, whose root is empty at the origin itself, the only segment is the file name.
    """

    root: str
    segments: tuple[str, ...]
    page: bool = False


def locate(raw_path: bytes) -> Place:
    """Return the place of an undecoded path; raises GmsError 404 outside both roots."""
    path = raw_path.decode("latin-1")
    for root in ROOTS:
        prefix = f"{root}/1/service/"
        if path.startswith(prefix):
            segments = path.removeprefix(prefix).split("/")
            return Place(root, tuple(unquote(segment, errors="replace") for segment in segments))
    for root in (*ROOTS, ""):
        name = path.removeprefix(f"{root}/")
        if path.startswith(f"{root}/") and name.endswith(".html") and "/" not in name:
            return Place(root, (name,), page=True)
    raise GmsError(404, f"Path [{path}] is unknown.")


def handler(method: str, place: Place) -> Handler:
    """Return what carries out a request.

    Raises GmsError 404 for a path of no known form. A wrong method becomes a handler that
    answers 405 with an Allow header.
    """
    by_method = _handlers(place)
    if not by_method:
        raise GmsError(404, f"Path [{'/'.join(place.segments)}] is unknown.")
    found = by_method.get(method)
    if found is None:
        allowed = ", ".join(sorted(by_method))
        refusal = GmsError(405, f"Method [{method}] is not allowed.").answer()
        return lambda _call: refusal.with_header("Allow", allowed)
    return found


def operation(method: str, place: Place) -> str:
    """Return the name that faults know a request by.

    `create`, `delete` (of an instance), `storage`, `page`, or the name of the service-specific
    request; of a service that only answers, `read`; of callbacks also `cancel`, `reschedule`,
    `availability` and `query`; of a chat the operation, `chat` being its create.
    """
    if place.page:
        return PAGE
    match place.segments:
        case ("callback", _, "availability"):
            return "availability"
        case ("callback", *_) if method in _CALLBACK_OPERATIONS:
            return _CALLBACK_OPERATIONS[method]
        case ("callback", *_):
            return "query"
        case (_, "ixn", "chat", *rest):
            return rest[0] if rest else "chat"
        case (first,) if first in OFFICE_HOURS or first in (calendars.CAPACITY, calendars.HEALTH):
            return "read"
        case (_,):
            return DELETE if method == "DELETE" else CREATE
        case _:
            return place.segments[1]


def service_of(world: World, place: Place) -> str:
    """Return the service that a request is about; empty when there is none or it is unknown."""
    first, *rest = place.segments
    if place.page:
        return ""
    if first == "callback":
        return rest[0] if rest else ""
    instance = world.find_for_storage(first)
    if instance is not None:
        return instance.service
    return "" if rest else first


def _handlers(place: Place) -> Mapping[str, Handler]:
    if place.page:
        return {"GET": lambda _call: pages.page(place.segments[0])}
    match place.segments:
        case ("callback", *rest):
            return _callback_handlers(tuple(rest))
        case (_, "storage", *rest) if place.segments[0]:
            return _storage_handlers(place.segments[0], tuple(rest))
        case (name,) if name:
            return _service_handlers(name)
        case (first, request) if first and request:
            return _both(lambda call: _perform(call, first, request))
        case (first, "ixn", "chat") if first:
            return _both(lambda call: chat_api.create(call, first))
        case (first, "ixn", "chat", name) if first and name:
            return _both(lambda call: chat_api.operate(call, first, name))
        case _:
            return {}


def _service_handlers(name: str) -> Mapping[str, Handler]:
    """Return what a service, or an instance, does by itself."""
    if name in OFFICE_HOURS:
        return {"GET": lambda call: calendars.office_hours(call, name)}
    if name == calendars.CAPACITY:
        return {"GET": calendars.capacity}
    if name == calendars.HEALTH:
        return _both(calendars.health)

    def create(call: Call) -> Answer:
        return json_answer(services.create(call, name))

    by_method = {"POST": create, "DELETE": lambda call: _end(call, name)}
    # Chat services were seen to be created by GET too (domain).
    return {**by_method, "GET": create} if name == chat_api.REQUEST_CHAT else by_method


def _callback_handlers(rest: tuple[str, ...]) -> Mapping[str, Handler]:
    match rest:
        case ():
            return {"GET": callback_api.query}
        case (name,) if name:
            return {
                "POST": lambda call: json_answer(callback_api.create(call, name)),
                "GET": lambda call: callback_api.query(call, name),
            }
        case (name, "availability") if name:
            return {"GET": lambda call: callback_api.availability(call, name)}
        case (name, callback_id) if name and callback_id:
            return {
                "DELETE": lambda call: callback_api.cancel(call, name, callback_id),
                "PUT": lambda call: callback_api.reschedule(call, name, callback_id),
            }
        case _:
            return {}


def _storage_handlers(any_id: str, rest: tuple[str, ...]) -> Mapping[str, Handler]:
    match rest:
        case ():
            return {
                "GET": lambda call: storage.read_all(call.world, any_id),
                "POST": lambda call: storage.write(call.world, any_id, call.form),
            }
        case (key,) if key:
            return {
                "GET": lambda call: storage.read_text(call.world, any_id, key),
                "DELETE": lambda call: storage.delete(call.world, any_id, key),
            }
        case ("binary", key) if key:
            return {"GET": lambda call: storage.read_bytes(call.world, any_id, key)}
        case _:
            return {}


def _both(carry_out: Handler) -> Mapping[str, Handler]:
    return {"GET": carry_out, "POST": carry_out}


def _perform(call: Call, instance_id: str, request: str) -> Answer:
    instance = call.world.get(instance_id)
    if instance.callback is not None:
        fields = callback_dialogs.perform(call, instance, instance.callback, request)
        return json_answer(fields)
    return json_answer(ors.perform(call, instance, request))


def _end(call: Call, instance_id: str) -> Answer:
    call.world.end(instance_id)
    return empty_answer()
