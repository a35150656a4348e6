"""Statistics at `/1/statistic` and `/1/internal_statistic` (domain: documented).

A section `statistics` gives each metric a name, and one of the measures below to count; those are
this simulator's own. An `objectId` that is the name of a service counts what belongs to it alone,
any other stands for the whole contact center.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from gms_console.simulator.callback.state import State
from gms_console.simulator.chat import registry
from gms_console.simulator.chat.options import services as chat_services
from gms_console.simulator.web.answers import JSON_TYPE, Answer, GmsError
from gms_console.simulator.web.calls import Call
from gms_console.simulator.web.endpoint import NOWHERE, Endpoint
from gms_console.simulator.world.instances import World
from gms_console.simulator.world.line import Turn
from gms_console.simulator.world.measured import Measured
from gms_console.simulator.world.staff import Activity

SECTION = "statistics"
OPERATION = "statistic"

_CACHE_LIMIT = 1000
_TURN_SECONDS = 20.0
"""How long an agent is taken to be busy with each before anything was measured."""

_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*(\d{1,9})\b", re.IGNORECASE)

Measure = Callable[[World, str], float]
"""Counts something in the world, of one service or, with an empty name, of all."""


def endpoint(world: World, method: str, segments: tuple[str, ...]) -> Endpoint:
    """Find what answers at `/1/statistic`, for use from outside."""
    del world, method
    return NOWHERE if segments else Endpoint({"POST": _peek}, OPERATION)


def internal_endpoint(world: World, method: str, segments: tuple[str, ...]) -> Endpoint:
    """Find what answers at `/1/internal_statistic`, which asks for no credentials (domain)."""
    found = endpoint(world, method, segments)
    return replace(found, public=True)


def _peek(call: Call) -> Answer:
    """Answer a value and its age; one that is young enough for the request is not counted anew.

    `Cache-Control: max-age=n` says what is young enough; without it every value is counted anew.
    """
    metric, service = _asked(call)
    measure = _MEASURES.get(call.world.config.text(SECTION, metric).strip())
    if measure is None:
        raise _undefined(f"Metric [{metric}] is not defined.")
    wanted = _MAX_AGE.search(call.header("cache-control"))
    max_age = float(wanted[1]) if wanted else 0.0
    key = json.dumps([metric, service])
    cache = call.world.statistics
    found = cache.get(key)
    if found is None or not 0 <= call.now - found.at <= max_age:
        found = Measured(call.now, measure(call.world, service))
        cache.pop(key, None)
        cache[key] = found
        if len(cache) > _CACHE_LIMIT:
            del cache[next(iter(cache))]
    return _answer(found, call.now, max_age)


def _answer(found: Measured, now: float, max_age: float) -> Answer:
    value = int(found.value) if found.value == int(found.value) else round(found.value, 1)
    headers = (
        ("Content-Type", JSON_TYPE),
        ("Age", str(int(now - found.at))),
        ("Cache-Control", f"max-age={max_age:.0f}"),
    )
    return Answer(200, headers, json.dumps({"value": value}, separators=(",", ":")).encode())


def _asked(call: Call) -> tuple[str, str]:
    """Return the metric that is asked for, and the service, empty for all.

    Raises GmsError 403 for a statistic that is not well defined (domain: documented).
    """
    form = call.form
    for name in ("objectId", "objectType"):
        if not form.param(name):
            raise _undefined(f"Parameter [{name}] is missing.")
    metric = form.param("metric") or form.param("statisticType")
    if not metric:
        raise _undefined("Parameter [metric] or [statisticType] is missing.")
    about = form.param("objectId") or ""
    config = call.world.config
    known = config.service(about) is not None or about in chat_services(config)
    return metric, about if known else ""


def _undefined(why: str) -> GmsError:
    return GmsError(403, f"Statistic is not well defined: {why}")


def _callbacks(*states: State) -> Measure:
    def count(world: World, service: str) -> float:
        names = [service] if service else world.config.services("callback")
        now, controls = world.clock.now(), world.controls
        found = [each for name in names for _, each in world.open_callbacks(name)]
        return sum(not states or each.state(now, controls) in states for each in found)

    return count


def _agents(*activities: Activity) -> Measure:
    def count(world: World, service: str) -> float:
        del service
        agents = world.staff.agents(world.clock.now())
        return sum(not activities or agent.state in activities for agent in agents)

    return count


def _waiting(world: World, service: str) -> float:
    del service
    return world.staff.waiting(world.clock.now())


def _instances(world: World, service: str) -> float:
    return sum(not service or each.service == service for each in world.instances())


def _chats(world: World, service: str) -> float:
    return sum(
        row.state != registry.ENDED and service in {"", row.service}
        for row in registry.chats(world)
    )


def _expected_wait(world: World, service: str) -> float:
    """Estimate how long one would wait who came now; -1 while nobody knows."""
    del service
    now = world.clock.now()
    newcomer = Turn("", "", now, now, _TURN_SECONDS, number=2**62)
    left = world.staff.seconds_left(newcomer, now)
    return -1 if left is None else left


_MEASURES: Mapping[str, Measure] = {
    "callbacks": _callbacks(),
    "callbacks-queued": _callbacks(State.QUEUED, State.PAUSED),
    "callbacks-scheduled": _callbacks(State.SCHEDULED),
    "callbacks-processing": _callbacks(State.PROCESSING),
    "instances": _instances,
    "chats": _chats,
    "agents": _agents(),
    "agents-free": _agents(Activity.FREE),
    "agents-busy": _agents(Activity.BUSY),
    "agents-away": _agents(Activity.AWAY),
    "waiting": _waiting,
    "expected-wait-seconds": _expected_wait,
}
