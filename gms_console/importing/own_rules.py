"""What an exported collection says of its steps: the line of JSON that its scripts begin with."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from gms_console.flow.judging import problem_with
from gms_console.flow.types import Check, HttpCheck, Operator, TimeCheck, ValueCheck
from gms_console.importing.calls import PollRule

_RULES = re.compile(
    r"\A// Made by GMS Console: [^\n]*\n(?:[^\n]*\n){0,3}?[ \t]*const rules = (\{[^\n]*\});[ \t]*\n"
)

_LONGEST = 1e6
"""Seconds; a poll of days is a mistake."""


@dataclass(frozen=True, slots=True)
class OwnRules:
    """Checks, captures and poll of a step; `id_name` keeps the id of what it creates.

    `is_there`: false where a script has none.
    """

    expect: tuple[Check, ...] = ()
    capture: tuple[tuple[str, str], ...] = ()
    id_name: str = ""
    poll: PollRule | None = None
    keep_going: bool = False
    always: bool = False
    is_there: bool = False


def own_rules(script: str) -> OwnRules | None:
    """Read the rules of a script; None where it is not one of ours, or was changed."""
    found = _RULES.match(script)
    if found is None:
        return None
    try:
        data = json.loads(found[1])
        return OwnRules(
            expect=tuple(_check(one) for one in data["expect"]),
            capture=tuple((str(name), jmespath_of(path)) for name, path in data["capture"]),
            id_name=str(data["created"] or ""),
            poll=None if data["poll"] is None else _poll(data["poll"]),
            keep_going=data["keep_going"] is True,
            always=data.get("always") is True,
            is_there=True,
        )
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
        return None


def jmespath_of(steps: object) -> str:
    """Write steps, names and indices, as a JMESPath. Raises ValueError."""
    if not isinstance(steps, list) or not steps:
        raise ValueError("no path")
    path = ""
    for step in steps:
        if isinstance(step, int):
            path += f"[{step}]"
        else:
            plain = re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", step)
            path += f"{'.' if path else ''}{step if plain else json.dumps(step)}"
    return path


def _check(data: dict[str, Any]) -> Check:
    if "http" in data:
        return HttpCheck(tuple(int(code) for code in data["http"]))
    if "max_ms" in data:
        return TimeCheck(float(data["max_ms"]))
    return _value_check(data["rule"])


def _value_check(rule: list[Any]) -> ValueCheck:
    path, operator, operand = rule
    check = ValueCheck(jmespath_of(path), Operator(operator), operand)
    if problem_with(check):
        raise ValueError("a check that cannot be judged")
    return check


def _poll(data: dict[str, Any]) -> PollRule:
    if not data["until"]:
        raise ValueError("a poll without an end")
    return PollRule(
        every=_seconds(data["every"]),
        within=_seconds(data["within"]),
        tolerate=int(data["tolerate"]),
        until=tuple(map(_value_check, data["until"])),
        fail_on=tuple(map(_value_check, data["fail_on"])),
    )


def _seconds(milliseconds: object) -> float:
    seconds = float(str(milliseconds)) / 1000
    if not 0 < seconds < _LONGEST:
        raise ValueError("no time")
    return seconds
