"""Whether an answer is what a check wants, and what is said of it.

GMS sends numbers and texts alike, so values compare as text: `5` is `"5"`, and `true` is `"true"`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache

from gms_console.flow.regex_words import regex_words
from gms_console.flow.types import Check, HttpCheck, Operator, TimeCheck, ValueCheck
from gms_console.json_text.exact import ExactNumber
from gms_console.model.reading import JsonValue, as_json, json_type, text_of
from gms_console.model.stop_rule import StopRuleError, find
from gms_console.variables import names_in

MOST_SHOWN = 200
"""Characters of a value that a message shows."""

_WORDS = {
    Operator.EQUALS: "equals",
    Operator.IN: "in",
    Operator.MATCHES: "matches",
    Operator.CONTAINS: "contains",
    Operator.LESS_THAN: "less than",
    Operator.GREATER_THAN: "greater than",
}
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,6})?")
_BARE = re.compile(r"[^\s,\[\]{}\"'](?:[^\r\n,\[\]{}\"']*[^\s,\[\]{}\"'])?")


def holds(check: ValueCheck, data: JsonValue) -> bool:
    """Whether the data of an answer fulfils a check; None is an answer without JSON.

    Nothing holds of a value that is not there, or is null, but `exists: false`.
    """
    return holds_of(check, value_at(check.path, data))


def holds_of(check: ValueCheck, value: JsonValue) -> bool:
    """Whether a check holds of what stands at its path; None is nothing."""
    if check.operator is Operator.EXISTS:
        return (value is not None) is (check.operand is True)
    return value is not None and _judge(check.operator, value, check.operand)


def found(check: ValueCheck, data: JsonValue) -> str:
    """Say in a word or two what stands where a check looks, for a message."""
    return value_text(value_at(check.path, data))


def value_at(path: str, data: JsonValue) -> JsonValue:
    """Give what stands at a JMESPath; None where there is nothing, or the path is none.

    An array of one object, as a query by id answers, is looked into as that object too.
    """
    if data is None:
        return None
    try:
        value = find(path, data)
        # Projections give an empty list where nothing is found.
        if value in (None, []) and isinstance(data, list) and len(data) == 1:
            within = find(path, data[0])
            return value if within is None else within
    except StopRuleError:
        return None
    return value


def value_text(value: JsonValue) -> str:
    """Write a value for people: a plain text as it is, all else as JSON, cut when it is long."""
    if value is None:
        return "nothing"
    bare = isinstance(value, str) and _BARE.fullmatch(value)
    text = str(value) if bare else as_json(value)
    return _cut(value.text if isinstance(value, ExactNumber) else text)


def check_text(check: Check) -> str:
    """Say what a check wants, such as `status in [agent-ready, connected]`."""
    if isinstance(check, HttpCheck):
        if len(check.statuses) == 1:
            return f"http {check.statuses[0]}"
        return f"http in [{', '.join(map(str, check.statuses))}]"
    if isinstance(check, TimeCheck):
        return f"time at most {check.max_ms:g} ms"
    if check.operator is Operator.EXISTS:
        return f"{check.path} {'exists' if check.operand else 'does not exist'}"
    return f"{check.path} {_WORDS[check.operator]} {_operand_text(check)}"


def problem_with(check: ValueCheck) -> str:
    """Say why a check cannot be judged: a wrong JMESPath, regex or operand; empty when it can.

    What has variables in it is known to be right or wrong only once they are put in.
    """
    return path_problem(check.path) or operand_problem(check.operator, check.operand)


def path_problem(path: str) -> str:
    """Say why a text is no JMESPath; empty when it is one."""
    if not path.strip():
        return "an empty path, expected a JMESPath such as status"
    try:
        find(path, {})
    except StopRuleError as error:
        reason = str(error).rpartition(" is not a JMESPath: ")[2].rstrip(":")
        return f"{_cut(path)!r} ({reason}), expected a JMESPath such as status"
    return ""


def operand_problem(operator: Operator, operand: JsonValue) -> str:
    """Say why an operator cannot take an operand; empty when it can."""
    if operator is Operator.IN:
        wrong = not isinstance(operand, list) or not operand
        return _misfit(operand, "a list of values") if wrong else ""
    if operator is Operator.EXISTS:
        return "" if isinstance(operand, bool) else _misfit(operand, "true or false")
    if operator is Operator.MATCHES:
        return _regex_problem(operand)
    if operator in {Operator.LESS_THAN, Operator.GREATER_THAN}:
        right = _has_variables(operand) or (
            _number(operand) is not None or _time(operand) is not None
        )
        return "" if right else _misfit(operand, "a number, or a time such as 2026-01-31T08:00:00Z")
    if operand is None:
        return "nothing, expected a value; exists: false says that there is none"
    return ""


def _judge(operator: Operator, value: JsonValue, operand: JsonValue) -> bool:
    if operator is Operator.EQUALS:
        return _same(value, operand)
    if operator is Operator.IN:
        return isinstance(operand, list) and any(_same(value, one) for one in operand)
    if operator is Operator.CONTAINS:
        return _contains(value, operand)
    if operator is Operator.MATCHES:
        regex = _compiled(str(operand)) if operand != "" else None
        text = None if isinstance(value, dict | list) else _text(value)
        return text is not None and regex is not None and regex.search(text) is not None
    order = _order(value, operand)
    return order is not None and (order < 0 if operator is Operator.LESS_THAN else order > 0)


def _same(value: JsonValue, wanted: JsonValue) -> bool:
    if isinstance(value, dict) or isinstance(wanted, dict):
        return (
            isinstance(value, dict)
            and isinstance(wanted, dict)
            and value.keys() == wanted.keys()
            and all(_same(one, wanted[key]) for key, one in value.items())
        )
    if isinstance(value, list) or isinstance(wanted, list):
        return (
            isinstance(value, list)
            and isinstance(wanted, list)
            and len(value) == len(wanted)
            and all(map(_same, value, wanted))
        )
    if value is None or wanted is None:
        return value is wanted
    # A number has no one way to be written: 1.50 in the file is 1.5 in the answer.
    if not isinstance(value, str) and (number := _number(value)) is not None:
        return number == _number(wanted)
    return _text(value) == _text(wanted)


def _contains(value: JsonValue, operand: JsonValue) -> bool:
    if isinstance(value, dict):
        return _text(operand) in value
    if isinstance(value, list):
        return any(_same(one, operand) for one in value)
    if isinstance(operand, dict | list):
        return False
    return _text(operand) in _text(value)


def _order(value: JsonValue, operand: JsonValue) -> int | None:
    """Say how a value stands to an operand, as numbers or else as times; None: not at all."""
    first, second = _number(value), _number(operand)
    if first is not None and second is not None:
        return (first > second) - (first < second)
    one, other = _time(value), _time(operand)
    if one is not None and other is not None:
        return (one > other) - (one < other)
    return None


def _text(value: JsonValue) -> str:
    """Give a scalar as text, in the words of JSON."""
    if value is None:
        return "null"
    if isinstance(value, ExactNumber):
        return value.text
    return text_of(value) or ""


def _number(value: JsonValue) -> Decimal | None:
    """Read a number, or a text that is one, exactly as it is written."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, ExactNumber):
        text = value.text
    else:
        text = value.strip() if isinstance(value, str) else repr(value)
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _time(value: JsonValue) -> datetime | None:
    """Read an ISO 8601 time; one without a zone is in UTC, as GMS writes times."""
    if not isinstance(value, str):
        return None
    try:
        time = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)


def _regex_problem(operand: JsonValue) -> str:
    if not isinstance(operand, str) or not operand:
        return _misfit(operand, "a regular expression")
    if _has_variables(operand):
        return ""
    try:
        re.compile(operand.replace("{{{{", "{{"))
    except (re.error, RecursionError, OverflowError) as error:
        return f"{_cut(operand)!r} ({regex_words(error)}), expected a regular expression"
    return ""


@lru_cache(maxsize=256)
def _compiled(regex: str) -> re.Pattern[str] | None:
    try:
        return re.compile(regex)
    except (re.error, RecursionError, OverflowError):
        return None


def _has_variables(operand: JsonValue) -> bool:
    return isinstance(operand, str) and bool(names_in(operand))


def _misfit(operand: JsonValue, expected: str) -> str:
    if operand is None:
        seen = "nothing"
    elif operand == "":
        seen = "an empty text"
    elif isinstance(operand, dict | list):
        seen = json_type(operand) if operand else f"an empty {json_type(operand).split()[-1]}"
    else:
        seen = repr(_cut(operand)) if isinstance(operand, str) else as_json(operand)
    return f"{seen}, expected {expected}"


def _operand_text(check: ValueCheck) -> str:
    operand = check.operand
    if check.operator is Operator.MATCHES:
        return _cut(str(operand))
    if isinstance(operand, list) and check.operator is Operator.IN:
        return _cut(f"[{', '.join(value_text(one) for one in operand)}]")
    return "null" if operand is None else value_text(operand)


def _cut(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
