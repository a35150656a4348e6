"""Part of exported scripts: how an answer of GMS is read and judged, as GMS Console does it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

SIMPLE_PATH = re.compile(r'(?:[A-Za-z_]\w*|"[^"\\]+")(?:\.(?:[A-Za-z_]\w*|"[^"\\]+")|\[-?\d+\])*')
PATH_STEP = re.compile(r'([A-Za-z_]\w*)|"([^"\\]+)"|\[(-?\d+)\]')
BARE = re.compile(r"[^\s,\[\]{}\"'](?:[^\r\n,\[\]{}\"']*[^\s,\[\]{}\"'])?")
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,6})?")


class Exact(float):
    """A number that is captured as it was sent: 1.10 stays 1.10."""

    def __new__(cls, text: str) -> Exact:
        self = super().__new__(cls, text)
        self.text = text
        return self


def read_json(body: bytes) -> Any:
    """Give the JSON of an answer, or None where it has none."""
    try:
        return json.loads(body.decode("utf-8-sig", "replace"), parse_float=Exact)
    except ValueError:
        return None


def search(path: str, data: Any) -> Any:
    """Give what stands at a JMESPath; one without functions and filters needs no library."""
    if SIMPLE_PATH.fullmatch(path) is None:
        import jmespath  # pip install jmespath

        try:
            return jmespath.search(path, data)
        except jmespath.exceptions.JMESPathError:
            return None  # as a function of what has another type
    for name, quoted, index in PATH_STEP.findall(path):
        if index:
            place = int(index)
            fits = isinstance(data, list) and -len(data) <= place < len(data)
            data = data[place] if fits else None
        else:
            data = data.get(name or quoted) if isinstance(data, dict) else None
    return data


def find(path: str, data: Any) -> Any:
    """Look into an array of one object, as a query by id answers, as into that object too."""
    value = None if data is None else search(path, data)
    if value in (None, []) and isinstance(data, list) and len(data) == 1:
        within = search(path, data[0])
        return value if within is None else within
    return value


def text_of(value: Any) -> str:
    """Write a value as text: GMS sends texts and numbers alike, so both compare as text."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, (bool, dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def captured_text(value: Any) -> str:
    return value.text if isinstance(value, Exact) else text_of(value)


def shown(value: Any) -> str:
    """Write a value for people: a plain text as it is, all else as JSON, cut when it is long."""
    if value is None:
        return "nothing"
    bare = isinstance(value, str) and BARE.fullmatch(value)
    text = value if bare else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else f"{text[:200]}..."


def rule_text(path: str, operator: str, wanted: Any) -> str:
    """Say what a check wants, such as `status in [agent-ready, connected]`."""
    if operator == "exists":
        return f"{path} exists" if wanted else f"{path} does not exist"
    if operator == "in" and isinstance(wanted, list):
        operand = f"[{', '.join(map(shown, wanted))}]"
    elif operator == "matches":
        operand = str(wanted)
    else:
        operand = "null" if wanted is None else shown(wanted)
    return f"{path} {operator.replace('_', ' ')} {operand}"


def number_of(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    text = value.strip() if isinstance(value, str) else repr(value)
    return Decimal(text) if NUMBER.fullmatch(text) else None


def time_of(value: Any) -> datetime | None:
    """Read an ISO 8601 time; one without a zone is in UTC."""
    try:
        time = datetime.fromisoformat(value.strip().replace("Z", "+00:00"))
    except (AttributeError, ValueError):
        return None
    return time if time.tzinfo is not None else time.replace(tzinfo=timezone.utc)


def same(value: Any, wanted: Any) -> bool:
    if isinstance(value, dict) and isinstance(wanted, dict):
        return value.keys() == wanted.keys() and all(same(value[key], wanted[key]) for key in value)
    if isinstance(value, list) and isinstance(wanted, list):
        return len(value) == len(wanted) and all(map(same, value, wanted))
    if value is None or wanted is None or isinstance(value, (dict, list)):
        return value is wanted
    if isinstance(wanted, (dict, list)):
        return False
    if not isinstance(value, str) and (number := number_of(value)) is not None:
        return number == number_of(wanted)
    return text_of(value) == text_of(wanted)


def contains(value: Any, wanted: Any) -> bool:
    if isinstance(value, list):
        return any(same(one, wanted) for one in value)
    if isinstance(value, dict):
        return text_of(wanted) in value
    return not isinstance(wanted, (dict, list)) and text_of(wanted) in text_of(value)


def order(value: Any, wanted: Any) -> int | None:
    """Say how a value stands to another, as numbers or else as times; None: not at all."""
    for read in (number_of, time_of):
        first, second = read(value), read(wanted)
        if first is not None and second is not None:
            return (first > second) - (first < second)
    return None


def holds(data: Any, path: str, operator: str, wanted: Any) -> bool:
    """Whether an answer fulfils a check; nothing holds of what is not there."""
    value = find(path, data)
    if operator == "exists":
        return (value is not None) is wanted
    if value is None:
        return False
    if operator == "equals":
        return same(value, wanted)
    if operator == "in":
        return any(same(value, one) for one in wanted)
    if operator == "contains":
        return contains(value, wanted)
    if operator == "matches":
        return not isinstance(value, (dict, list)) and bool(re.search(wanted, text_of(value)))
    return order(value, wanted) == (-1 if operator == "less_than" else 1)


def problem_of(status: int, body: bytes, data: Any, asked: Sequence[int] | None = ()) -> str:
    """Say what error GMS answered with; empty where there is none.

    `asked`: the HTTP status codes of errors that the step's own checks ask for; None is any error.
    """
    if asked is None or (status in asked and not 200 <= status < 300):
        return ""
    fields = data if isinstance(data, dict) else {}
    names = ("message", "error", "phrase", "exception")
    said = next((text_of(fields[name]) for name in names if fields.get(name)), "")
    text = body.decode("utf-8", "replace").strip(" \t\r\n.\ufeff")
    if not 200 <= status < 300:
        return f"HTTP {status}: {said or text[:200]}"
    if fields.get("error") or fields.get("exception"):
        return said
    if text.lower() == "forbidden":
        return text
    return "the answer is broken JSON" if data is None and text[:1] in ("{", "[") else ""


def is_transient(status: int, data: Any, problem: str) -> bool:
    """Whether an error says nothing of the instance: the server's, or what cannot be read."""
    unreadable = 200 <= status < 300 and data is None and problem.lower() != "forbidden"
    return not status or status >= 500 or unreadable


def id_of(data: Any) -> str:
    """Give the id of a created service: `_id`, `id`, or a `chatId`."""
    if isinstance(data, list) and len(data) == 1:
        data = data[0]
    fields = data if isinstance(data, dict) else {}
    value = fields.get("_id") or fields.get("id") or fields.get("chatId")
    return text_of(value) if value else ""
