"""From the raw path of a request to what it asks for."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from gms_console.simulator import ors, services, storage
from gms_console.simulator.answers import Answer, GmsError, empty_answer, json_answer
from gms_console.simulator.forms import Form
from gms_console.simulator.instances import World

ROOTS = ("/genesys", "/GMS-web/gms")
"""The two roots that the reference page shows, one in each example."""

CREATE = "create"
DELETE = "delete"
STORAGE = "storage"

Handler = Callable[[World, Form], Answer]


@dataclass(frozen=True)
class Place:
    """A path below `<root>/1/service/`, its segments split first and decoded after."""

    root: str
    segments: tuple[str, ...]


def locate(raw_path: bytes) -> Place:
    """Return the place of an undecoded path; raises GmsError 404 outside both roots."""
    path = raw_path.decode("latin-1")
    for root in ROOTS:
        prefix = f"{root}/1/service/"
        if path.startswith(prefix):
            segments = path.removeprefix(prefix).split("/")
            return Place(root, tuple(unquote(segment, errors="replace") for segment in segments))
    raise GmsError(404, f"Path [{path}] is unknown.")


def handler(method: str, place: Place) -> Handler:
    """Return what carries out a request.

    Raises GmsError 404 for a path of no known form. A wrong method becomes a handler that
    answers 405 with an Allow header.
    """
    by_method = _handlers(place.segments)
    if not by_method:
        raise GmsError(404, f"Path [{'/'.join(place.segments)}] is unknown.")
    found = by_method.get(method)
    if found is None:
        allowed = ", ".join(sorted(by_method))
        refusal = GmsError(405, f"Method [{method}] is not allowed.").answer()
        return lambda _world, _form: refusal.with_header("Allow", allowed)
    return found


def operation(method: str, place: Place) -> str:
    """Return the name that faults know a request by.

    `create`, `delete` (of an instance), `storage`, or the name of the service-specific
    request.
    """
    if len(place.segments) == 1:
        return DELETE if method == "DELETE" else CREATE
    return place.segments[1]


def service_of(world: World, place: Place) -> str:
    """Return the service that a request is about; empty when its instance is unknown."""
    first = place.segments[0]
    instance = world.find_for_storage(first)
    if instance is not None:
        return instance.service
    return first if len(place.segments) == 1 else ""


def _handlers(segments: tuple[str, ...]) -> dict[str, Handler]:
    match segments:
        case (first,) if first:
            return {
                "POST": lambda world, form: json_answer(services.create(world, first, form)),
                "DELETE": lambda world, _form: _end(world, first),
            }
        case (first, "storage") if first:
            return {
                "GET": lambda world, _form: storage.read_all(world, first),
                "POST": lambda world, form: storage.write(world, first, form),
            }
        case (first, request) if first and request:

            def perform(world: World, form: Form) -> Answer:
                return json_answer(ors.perform(world, first, request, form))

            return {"GET": perform, "POST": perform}
        case (first, "storage", key) if first and key:
            return {
                "GET": lambda world, _form: storage.read_text(world, first, key),
                "DELETE": lambda world, _form: storage.delete(world, first, key),
            }
        case (first, "storage", "binary", key) if first and key:
            return {"GET": lambda world, _form: storage.read_bytes(world, first, key)}
        case _:
            return {}


def _end(world: World, instance_id: str) -> Answer:
    world.end(instance_id)
    return empty_answer()
