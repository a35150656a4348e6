"""JSON read and written with every number as it was sent."""

from __future__ import annotations

import json
import re
from typing import Any

Json = Any
"""What json.loads gives."""

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_MOST_DIGITS = 4_000
"""Python reads no whole number of many more digits."""


class ExactNumber(float):
    """A number that would be written otherwise than it was sent, such as `1.10`.

    Its class has the name of a Python number, by which jmespath knows what it is.
    """

    text: str


ExactNumber.__name__ = "float"


class _Reading:
    def __init__(self) -> None:
        self.exact = False

    def fraction(self, text: str) -> float:
        number = float(text)
        return number if float.__repr__(number) == text else self._kept(text)

    def whole(self, text: str) -> float:
        if len(text) > _MOST_DIGITS or text == "-0":
            return self._kept(text)
        return int(text)

    def _kept(self, text: str) -> ExactNumber:
        self.exact = True
        number = ExactNumber(text)
        number.text = text
        return number


def read_exact(text: str | bytes) -> tuple[Json, bool]:
    """Read JSON; also say whether any number of it is an ExactNumber.

    Raises ValueError and RecursionError.
    """
    reading = _Reading()
    value = json.loads(text, parse_float=reading.fraction, parse_int=reading.whole)
    return value, reading.exact


def write_exact(value: Json, *, exact: bool = True) -> str:
    """Write JSON compactly. `exact`: there may be numbers in it that are an ExactNumber."""
    if exact:
        written: list[str] = []
        _write(value, written)
        text = "".join(written)
    else:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _LONE_SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _write(value: Json, written: list[str]) -> None:
    if isinstance(value, dict):
        mark = "{"
        for key, member in value.items():
            written.append(mark + json.dumps(key, ensure_ascii=False) + ":")
            _write(member, written)
            mark = ","
        written.append("}" if value else "{}")
    elif isinstance(value, list):
        mark = "["
        for member in value:
            written.append(mark)
            _write(member, written)
            mark = ","
        written.append("]" if value else "[]")
    elif isinstance(value, ExactNumber):
        written.append(value.text)
    else:
        written.append(json.dumps(value, ensure_ascii=False))
