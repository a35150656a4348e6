"""Whether a value looks as a parameter wants it, in a sentence; it is advice, never a rule."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

from gms_console.catalogue.kinds import Parameter, ParameterType

PHONE_EXAMPLE = "+1 650 466 9999"
TIME_EXAMPLE = "2026-11-24T16:30:00.000Z"

_PHONE = re.compile(r"\+?[0-9 ()-]+", re.ASCII)
_DIGIT = re.compile("[0-9]")
_INTEGER = re.compile(r"[+-]?[0-9]{1,30}", re.ASCII)
_DOCUMENTED_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)
_UNTYPED = frozenset({ParameterType.TEXT, ParameterType.FILE})


def value_problem(parameter: Parameter, text: str) -> str:
    """Say what is unusual about a value of this parameter; empty when it fits."""
    if parameter.type in _UNTYPED:
        return ""
    if not text:
        return f"This is empty; expected is {_expected(parameter)}."
    match parameter.type:
        case ParameterType.PHONE:
            return _phone(text)
        case ParameterType.BOOLEAN:
            return _boolean(text)
        case ParameterType.INTEGER:
            return _integer(parameter, text)
        case ParameterType.ENUM:
            return _enum(parameter, text)
        case ParameterType.TIME:
            return _time(text)
        case _:
            return _json(text)


def format_hint(parameter: Parameter) -> str:
    """Say in a few words what a value looks like; empty where any text does."""
    match parameter.type:
        case ParameterType.PHONE:
            return PHONE_EXAMPLE
        case ParameterType.TIME:
            return TIME_EXAMPLE
        case ParameterType.BOOLEAN:
            return "true or false"
        case ParameterType.INTEGER:
            return _range(parameter)
        case ParameterType.ENUM:
            return _listed([choice.value for choice in parameter.choices])
        case ParameterType.JSON:
            return '{"key": "value"}'
        case ParameterType.FILE:
            return "a file"
        case ParameterType.TEXT:
            return parameter.unit


def read_time(text: str) -> datetime | None:
    """Read an ISO 8601 time with a zone; None for anything else."""
    try:
        time = datetime.fromisoformat(text)
        return time.astimezone(UTC) if time.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def write_time(time: datetime) -> str:
    """Write a time as GMS documents it: UTC, milliseconds, Z. `time` must know its zone."""
    if time.tzinfo is None:
        raise ValueError("a time without a zone has no place in UTC")
    return time.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def _range(parameter: Parameter) -> str:
    """Say the range of an integer with its unit, such as `5 to 1800 s`."""
    least, most = parameter.least, parameter.most
    if least is not None and most is not None:
        return f"{least} to {most} {parameter.unit}".rstrip()
    unit = f" ({parameter.unit})" if parameter.unit else ""
    if least is not None:
        return f"{least} or more{unit}"
    if most is not None:
        return f"{most} or less{unit}"
    return f"a whole number{unit}"


def _listed(words: list[str]) -> str:
    return " or ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)


def _expected(parameter: Parameter) -> str:
    hint = format_hint(parameter)
    match parameter.type:
        case ParameterType.PHONE:
            return f"a phone number such as {hint}"
        case ParameterType.TIME:
            return f"a time such as {hint}"
        case ParameterType.JSON:
            return f"JSON such as {hint}"
        case _:
            return hint


def _phone(text: str) -> str:
    if _PHONE.fullmatch(text) and _DIGIT.search(text):
        return ""
    return f"This does not look like a phone number; expected are digits, such as {PHONE_EXAMPLE}."


def _boolean(text: str) -> str:
    return "" if text in {"true", "false"} else "Expected is true or false, in small letters."


def _integer(parameter: Parameter, text: str) -> str:
    if not _INTEGER.fullmatch(text):
        return f"Expected is {_whole(parameter)}."
    number = int(text)
    low = parameter.least is not None and number < parameter.least
    high = parameter.most is not None and number > parameter.most
    return f"{text} is out of range; expected is {_range(parameter)}." if low or high else ""


def _whole(parameter: Parameter) -> str:
    """Say that a whole number is wanted, and its range where there is one."""
    hint = _range(parameter)
    return hint if hint.startswith("a whole number") else f"a whole number, {hint}"


def _enum(parameter: Parameter, text: str) -> str:
    if parameter.choice(text) is not None:
        return ""
    near = [one.value for one in parameter.choices if one.value.casefold() == text.casefold()]
    if near:
        return f"Did you mean {near[0]}? The known value is written that way."
    return f"This is none of the known values: {format_hint(parameter)}."


def _time(text: str) -> str:
    if _DOCUMENTED_TIME.fullmatch(text) and read_time(text) is not None:
        return ""
    time = read_time(text)
    if time is None:
        return f"This is no time with a zone; GMS documents the form {TIME_EXAMPLE}."
    return f"GMS documents times in UTC with milliseconds; this one would be {write_time(time)}."


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not allowed in JSON")


def _json(text: str) -> str:
    try:
        json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        return f"This is not JSON: {error.msg}, line {error.lineno}, column {error.colno}."
    except ValueError as error:
        return f"This is not JSON: {error}."
    except RecursionError:
        return "This JSON is nested too deeply to be checked."
    return ""
