"""Paths into a JSON document, written as JMESPath writes them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from enum import Enum


class Wildcard(Enum):
    """A step to any element of an array."""

    ANY = "*"


ANY = Wildcard.ANY

Step = str | int | Wildcard
"""From a value to one within it: a member's name, an element's index, or any element."""

_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TYPED = re.compile(r"""[^\s.\[\]"'@]+""")  # what may stand without quotes where a person types
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_HALF = re.compile("[\ud800-\udfff]")
_BRACKET = re.compile(r"\[\s*(\*|[0-9]+)\s*\]")


class PathError(ValueError):
    """A text that is no path; the message says where and what to write."""


def quoted_name(name: str) -> str:
    """Write a member's name as JMESPath does, in quotes where it needs them."""
    return name if _BARE.fullmatch(name) else json_string(name)


def json_string(text: str) -> str:
    """Write a string as JSON, readable; half of a surrogate pair, which shows nowhere, escaped."""
    return _HALF.sub(lambda one: f"\\u{ord(one[0]):04x}", json.dumps(text, ensure_ascii=False))


def member_path(path: str, name: str) -> str:
    """Give the path of a member of what is at `path`; an empty one is the root."""
    return f"{path}.{quoted_name(name)}" if path else quoted_name(name)


def path_text(steps: Iterable[Step]) -> str:
    """Write a rule's path; `@` begins one that would else be a name at whatever depth."""
    steps = tuple(steps)
    path = "@" if len(steps) == 1 and isinstance(steps[0], str) else ""
    for step in steps:
        if isinstance(step, str):
            path = member_path(path, step)
        else:
            path += "[*]" if step is ANY else f"[{step}]"
    return path


def generalised(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Give the way through any element in the place of a certain one."""
    return tuple(step if isinstance(step, str) else ANY for step in steps)


def parse_path(text: str, *, names_alone: bool = True) -> tuple[Step, ...]:
    """Read a path, empty for the root. Raises PathError.

    `names_alone`: a person typed it; names with a hyphen then need no quotes.
    """
    steps: list[Step] = []
    place = 1 if text.startswith("@") else 0
    while place < len(text):
        if text[place] == "[":
            found = _BRACKET.match(text, place)
            if found is None:
                raise PathError(
                    f"Character {place + 1}: write [*] for any element, or a name in quotes"
                )
            steps.append(ANY if found[1] == "*" else int(found[1]))
            place = found.end()
            continue
        if steps or place:
            if text[place] != ".":
                raise PathError(f"Character {place + 1}: expected . or [ before what follows")
            place += 1
        name, place = _name(text, place, _TYPED if names_alone else _BARE)
        steps.append(name)
    return tuple(steps)


def _name(text: str, place: int, bare: re.Pattern[str]) -> tuple[str, int]:
    found = (_STRING if text[place : place + 1] == '"' else bare).match(text, place)
    if found is None:
        what = "a quote that is not closed" if text[place : place + 1] == '"' else "no name"
        raise PathError(
            f"Character {place + 1}: {what}; write names as _id, others in double quotes"
        )
    if not found[0].startswith('"'):
        return found[0], found.end()
    try:
        return str(json.loads(found[0], strict=False)), found.end()
    except ValueError:
        raise PathError(f"Character {place + 1}: what is in the quotes is no JSON text") from None
