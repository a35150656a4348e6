"""From the raw path of a request to the Endpoint that answers there."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from gms_console.simulator.callback import availability_v2
from gms_console.simulator.chat import v2 as chat
from gms_console.simulator.neighbours import admin, node, patterns, phonenumber, statistic, storage
from gms_console.simulator.services import pages
from gms_console.simulator.services import routes as services
from gms_console.simulator.web.answers import Answer, GmsError
from gms_console.simulator.web.calls import Call, Handler
from gms_console.simulator.web.endpoint import Area, Endpoint
from gms_console.simulator.world.instances import World

ROOTS = ("/genesys", "/GMS-web/gms")
"""The two roots that the reference page shows, one in each example."""

PAGE = "page"

AREAS: Mapping[tuple[str, str], Area] = {
    ("1", "service"): services.endpoint,
    ("1", "storage"): storage.endpoint,
    ("1", "node"): node.endpoint,
    ("1", "admin"): admin.endpoint,
    ("1", "phonenumber"): phonenumber.endpoint,
    ("2", "service"): availability_v2.endpoint,
    ("1", "patterns"): patterns.endpoint,
    ("1", "statistic"): statistic.endpoint,
    ("1", "internal_statistic"): statistic.internal_endpoint,
    ("2", "chat"): chat.endpoint,
}
"""Who answers, by version and first segment of a path (domain: section 4)."""


@dataclass(frozen=True)
class Place:
    """A path below a root, its segments split first and decoded after.

    `area` is version and first segment, such as `("1", "service")`. Of a page, whose root is
    empty at the origin itself, the area is empty and the only segment is the file name.
    """

    root: str
    area: tuple[str, str]
    segments: tuple[str, ...]


def locate(raw_path: bytes) -> Place:
    """Return the place of an undecoded path; raises GmsError 404 outside all areas."""
    path = raw_path.decode("latin-1")
    for root in ROOTS:
        if not path.startswith(f"{root}/"):
            continue
        version, _, rest = path.removeprefix(f"{root}/").partition("/")
        first, _, below = rest.partition("/")
        if (version, first) in AREAS:
            return Place(root, (version, first), _decoded(below) if below or "/" in rest else ())
    for root in (*ROOTS, ""):
        name = path.removeprefix(f"{root}/")
        if path.startswith(f"{root}/") and name.endswith(".html") and "/" not in name:
            return Place(root, ("", ""), (name,))
    raise unknown(path)


def endpoint(world: World, method: str, place: Place) -> Endpoint:
    """Return what answers at a place. Raises GmsError 404 for a path of no known form."""
    if place.area == ("", ""):
        return Endpoint({"GET": lambda _call: pages.page(place.segments[0])}, PAGE)
    found = AREAS[place.area](world, method, place.segments)
    if not found.by_method:
        raise unknown("/".join(place.segments))
    return found


def handler(method: str, found: Endpoint) -> Handler:
    """Return what carries out a request; a wrong method is answered by 405 with Allow."""
    carry_out = found.by_method.get(method)
    if carry_out is not None:
        return carry_out
    allowed = ", ".join(sorted(found.by_method))

    def refuse(call: Call) -> Answer:
        refusal = GmsError(405, f"Method [{method}] is not allowed.")
        said = refusal.answer(call.world.config.text("server", "error_format"))
        return said.with_header("Allow", allowed)

    return refuse


def unknown(path: str) -> GmsError:
    """Return the refusal of a path that leads nowhere."""
    return GmsError(404, f"Path [{path}] is unknown.")


def _decoded(path: str) -> tuple[str, ...]:
    return tuple(unquote(segment, errors="replace") for segment in path.split("/"))
