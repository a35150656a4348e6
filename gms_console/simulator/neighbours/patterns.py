"""The pattern matcher below `/1/patterns`: which values look like what (domain: documented).

A section `patterns.<group>` holds the patterns of a group by name, which are regular expressions
for whole values of up to 128 characters. Of several that match, the first counts. Limits and
refusals are this simulator's choice.
"""

import re
from collections.abc import Iterable

from gms_console.simulator.neighbours.safe_pattern import VALUE_LIMIT, PatternError, compiled
from gms_console.simulator.web.answers import Answer, GmsError, json_answer
from gms_console.simulator.web.calls import Call
from gms_console.simulator.web.endpoint import NOWHERE, Endpoint
from gms_console.simulator.world.instances import World

GROUP = "patterns."


def endpoint(world: World, method: str, segments: tuple[str, ...]) -> Endpoint:
    """Find what answers at `/1/patterns` and `/1/patterns/group/{group}`."""
    del world, method
    match segments:
        case ():
            return Endpoint({"POST": _match_all}, "patterns")
        case ("group", group) if group:
            return Endpoint({"POST": lambda call: _match_group(call, group)}, "patterns")
        case _:
            return NOWHERE


def _match_all(call: Call) -> Answer:
    """Match against the patterns of all groups."""
    return _matched(call, call.world.config.names(GROUP))


def _match_group(call: Call, group: str) -> Answer:
    """Match against the patterns of one group; raises GmsError 404 for an unknown one."""
    if group not in call.world.config.names(GROUP):
        raise GmsError(404, f"Pattern group [{group}] is not configured.")
    return _matched(call, (group,))


def _matched(call: Call, groups: Iterable[str]) -> Answer:
    """Answer the keys whose value matches, each with the name of its pattern."""
    patterns = [pattern for group in groups for pattern in _patterns(call, group)]
    found = {}
    for key, value in call.form.rows:
        if isinstance(value, str) and len(value) <= VALUE_LIMIT:
            name = next((name for name, each in patterns if each.fullmatch(value)), None)
            if name is not None:
                found[key] = name
    return json_answer(found)


def _patterns(call: Call, group: str) -> list[tuple[str, re.Pattern[str]]]:
    """Return the patterns of a group; raises GmsError 500 for one that is wrong."""
    found = []
    for name, text in call.world.config.section(f"{GROUP}{group}").items():
        try:
            found.append((name, compiled(text)))
        except PatternError as error:
            raise GmsError(500, f"Pattern [{name}] of group [{group}]: {error}") from error
    return found
