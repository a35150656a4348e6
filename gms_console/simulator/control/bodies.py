"""What the body of an order says."""

import json
from collections.abc import Mapping

from gms_console.simulator.control.refusals import Refused


def read_json(text: str) -> object:
    """Return what a body is; raises Refused for one that is no JSON."""
    try:
        loaded: object = json.loads(text)
    except ValueError as error:
        raise Refused(400, f"the body is no JSON: {error}") from error
    except RecursionError as error:
        raise Refused(400, "the body is nested too deeply") from error
    return loaded


def flag(fields: Mapping[str, object], name: str) -> bool:
    """Return a field that is true or false; raises Refused, as the others here do."""
    value = fields.get(name)
    if not isinstance(value, bool):
        raise Refused(400, f"{name} must be true or false")
    return value


def text(fields: Mapping[str, object], name: str) -> str:
    """Return a field that is a text."""
    value = fields.get(name)
    if not isinstance(value, str) or not value:
        raise Refused(400, f"{name} must be a text")
    return value


def number(fields: Mapping[str, object], name: str) -> float:
    """Return a field that is a number."""
    value = fields[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused(400, f"{name} must be a number")
    try:
        return float(value)
    except OverflowError as error:
        raise Refused(400, f"{name} is too large a number") from error


def only(fields: Mapping[str, object], known: tuple[str, ...]) -> None:
    """Raise Refused unless there are fields, all of them known."""
    if not fields or not fields.keys() <= set(known):
        raise Refused(400, f"the body must have one of {', '.join(known)}")


def whole(said: str, name: str) -> int:
    """Return the number that a text is."""
    if not said.isascii() or not said.isdigit():
        raise Refused(400, f"{name} must be a number, not {said}")
    return int(said)
