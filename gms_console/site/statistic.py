"""Reads the value of a statistic, and keeps the last ones."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from math import isfinite
from typing import TYPE_CHECKING

from gms_console.model.answer import Answer
from gms_console.model.exchange import Exchange
from gms_console.model.reading import as_json, text_of

if TYPE_CHECKING:
    from pydantic import JsonValue

KEPT = 120
"""Values of the past that are painted."""

_MOST = 200
"""Characters of a value that is none, such as a page."""

_VALUES = ("value", "statistic", "metric", "result")


@dataclass(frozen=True, slots=True)
class StatValue:
    """A value as it came; `number` where it is one, `age` in seconds where the answer told it."""

    text: str
    at: datetime
    number: float | None = None
    age: str = ""


@dataclass(slots=True)
class StatHistory:
    """The last values, oldest first."""

    values: deque[StatValue] = field(default_factory=lambda: deque(maxlen=KEPT))

    def add(self, value: StatValue) -> None:
        """Take a value in."""
        self.values.append(value)

    @property
    def numbers(self) -> tuple[float, ...]:
        """Those that are numbers."""
        return tuple(one.number for one in self.values if one.number is not None)


def read_value(exchange: Exchange, answer: Answer) -> StatValue | None:
    """Read the value of an answer; None where it is an error or there is none."""
    response = exchange.response
    if response is None or answer.problem is not None:
        return None
    told = _told(answer.data) if answer.is_json else response.body[:_MOST].decode(errors="replace")
    text = told.strip()[:_MOST]
    try:
        # NaN and Infinity, as Java writes them, have no place on a line.
        number = found if isfinite(found := float(text)) else None
    except ValueError:
        number = None
    return StatValue(text, exchange.started, number, response.header("age") or "")


def _told(data: JsonValue) -> str:
    """Give the value in an answer: itself, a member called so, or the only one that there is."""
    if isinstance(data, dict):
        named = next((data[name] for name in _VALUES if name in data), None)
        if named is None and len(data) == 1:
            named = next(iter(data.values()))
        return _told(named) if named is not None else "; ".join(_pairs(data))
    return text_of(data) or as_json(data)


def _pairs(data: dict[str, JsonValue]) -> list[str]:
    return [f"{key} {text_of(value) or as_json(value)}" for key, value in data.items()]
