"""What stands below `/1/service/`: services, instances, their data, callbacks, chats."""

from collections.abc import Mapping

from gms_console.simulator.calendar import reading as calendars
from gms_console.simulator.calendar.capacity import CAPACITY
from gms_console.simulator.calendar.hours import OFFICE_HOURS
from gms_console.simulator.callback import api as callbacks
from gms_console.simulator.callback import dialogs as callback_dialogs
from gms_console.simulator.chat import v1 as chats
from gms_console.simulator.services import builtins, data, ors
from gms_console.simulator.web.answers import Answer, empty_answer, json_answer
from gms_console.simulator.web.calls import Call, Handler
from gms_console.simulator.web.endpoint import NOWHERE, Endpoint, both
from gms_console.simulator.web.file_control import controlled
from gms_console.simulator.world.instances import World

CREATE = "create"
DELETE = "delete"

_CALLBACK_OPERATIONS = {"POST": CREATE, "DELETE": "cancel", "PUT": "reschedule"}


def endpoint(world: World, method: str, segments: tuple[str, ...]) -> Endpoint:
    """Find what answers below `/1/service/`.

    Operations: `create`, `delete` (of an instance), `storage`, or the name of the
    service-specific request; of a service that only answers, `read`; of callbacks also `cancel`,
    `reschedule`, `availability` and `query`; of a chat the operation, `chat` being its create.
    """
    handlers = _handlers(world, segments)
    if not handlers:
        return NOWHERE
    operation = _operation(world, method, segments)
    # By GET a create is known by its success alone.
    creates = operation == CREATE and method in {"POST", "GET"}
    return Endpoint(controlled(handlers), operation, _service_of(world, segments), creates)


def _operation(world: World, method: str, segments: tuple[str, ...]) -> str:
    match segments:
        case ("callback", _, "availability"):
            return "availability"
        case ("callback", *_) if method in _CALLBACK_OPERATIONS:
            return _CALLBACK_OPERATIONS[method]
        case ("callback", *_):
            return "query"
        case (_, "ixn", "chat", *rest):
            return rest[0] if rest else "chat"
        case (first,) if world.config.kind(first) in calendars.KINDS:
            return "read"
        case (_,):
            return DELETE if method == "DELETE" else CREATE
        case _:
            return segments[1]


def _service_of(world: World, segments: tuple[str, ...]) -> str:
    """Return the service that a request is about; empty when there is none or it is unknown."""
    first, *rest = segments
    if first == "callback":
        return rest[0] if rest else ""
    instance = world.find_for_storage(first)
    if instance is not None:
        return instance.service
    return "" if rest else first


def _handlers(world: World, segments: tuple[str, ...]) -> Mapping[str, Handler]:
    match segments:
        case ("callback", *rest):
            return _callback_handlers(tuple(rest))
        case (first, "storage", *rest) if first:
            return _data_handlers(first, tuple(rest))
        case (name,) if name:
            return _service_handlers(world, name)
        case (first, request) if first and request:
            return both(lambda call: _perform(call, first, request))
        case (first, "ixn", "chat") if first:
            return both(lambda call: chats.create(call, first))
        case (first, "ixn", "chat", name) if first and name:
            return both(lambda call: chats.operate(call, first, name))
        case _:
            return {}


def _service_handlers(world: World, name: str) -> Mapping[str, Handler]:
    """Return what a service, or an instance, does by itself."""
    kind = world.config.kind(name)
    if kind == OFFICE_HOURS:
        return {"GET": calendars.office_hours}
    if kind == CAPACITY:
        return {"GET": calendars.capacity}
    if kind == calendars.HEALTH:
        return both(calendars.health)

    def create(call: Call) -> Answer:
        return json_answer(builtins.create(call, name))

    by_method = {"POST": create, "DELETE": lambda call: _end(call, name)}
    # Chat services were seen to be created by GET too (domain).
    return {**by_method, "GET": create} if kind == chats.REQUEST_CHAT else by_method


def _callback_handlers(rest: tuple[str, ...]) -> Mapping[str, Handler]:
    match rest:
        case ():
            return {"GET": callbacks.query}
        case (name,) if name:
            return {
                "POST": lambda call: json_answer(callbacks.create(call, name)),
                "GET": lambda call: callbacks.query(call, name),
            }
        case (name, "availability") if name:
            return {"GET": lambda call: callbacks.availability(call, name)}
        case (name, callback_id) if name and callback_id:
            return {
                "DELETE": lambda call: callbacks.cancel(call, name, callback_id),
                "PUT": lambda call: callbacks.reschedule(call, name, callback_id),
            }
        case _:
            return {}


def _data_handlers(any_id: str, rest: tuple[str, ...]) -> Mapping[str, Handler]:
    match rest:
        case ():
            return {
                "GET": lambda call: data.read_all(call.world, any_id),
                "POST": lambda call: data.write(call.world, any_id, call.form),
            }
        case (key,) if key:
            return {
                "GET": lambda call: data.read_text(call.world, any_id, key),
                "DELETE": lambda call: data.delete(call.world, any_id, key),
            }
        case ("binary", key) if key:
            return {"GET": lambda call: data.read_bytes(call.world, any_id, key)}
        case _:
            return {}


def _perform(call: Call, instance_id: str, request: str) -> Answer:
    instance = call.world.get(instance_id)
    if instance.callback is not None:
        fields = callback_dialogs.perform(call, instance, instance.callback, request)
        return json_answer(fields)
    return json_answer(ors.perform(call, instance, request))


def _end(call: Call, instance_id: str) -> Answer:
    call.world.end(instance_id)
    return empty_answer()
