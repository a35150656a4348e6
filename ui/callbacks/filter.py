"""What is typed above the list of callbacks, and the query that it makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from gms_console.callbacks.query import CallbackQuery

DEFAULT_MOST = 500
"""Callbacks that the admin's queues are asked for at most, unless another number is typed."""

CUSTOM = "custom"

_DAY = timedelta(days=1)

_HOURS = {"last day": (-1, 0), "next day": (0, 1), "last week": (-7, 0), "next week": (0, 7)}
_HOURS |= {"last month": (-30, 0), "next month": (0, 30)}

PERIODS: dict[str, str] = {
    "": "No time given",
    "last day": "Last 24 hours",
    "today": "Today",
    "next day": "Next 24 hours",
    "last week": "Last 7 days",
    "next week": "Next 7 days",
    "last month": "Last 30 days",
    "next month": "Next 30 days",
    CUSTOM: "From … to …",
}
"""The periods that can be chosen, as the vendor's own page has them, in words."""


_OPERAND = "operand"


class CallbackFilterError(ValueError):
    """A filter that asks for nothing; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackFilter:
    """The fields of the filter as they stand. `start` and `end` hold for a custom period.

    `queues`: the admin's queues are asked, else records are found by their properties. `further`
    are more keys as they stand in an address, such as `_vq=SIP&segment=!gold`.
    """

    queues: bool = True
    service: str = ""
    states: tuple[str, ...] = ()
    unfinished: bool = False
    customer: str = ""
    further: str = ""
    period: str = ""
    start: datetime | None = None
    end: datetime | None = None
    most: int = DEFAULT_MOST

    def query(self, now: datetime, expand: Callable[[str], str]) -> CallbackQuery:
        """Make the query; `expand` puts variables in. Raises CallbackFilterError."""
        pairs = further_pairs(expand(self.further))
        start, end = self._bounds(now)
        if start is not None and end is not None and start > end:
            raise CallbackFilterError("The period ends before it begins.")
        return CallbackQuery(
            service=expand(self.service).strip(),
            states=() if self.unfinished else self.states,
            unfinished=self.unfinished,
            customer=expand(self.customer).strip(),
            start=start,
            end=end,
            most=self.most,
            properties=tuple(pair for pair in pairs if pair[0] != _OPERAND),
            operand=dict(pairs).get(_OPERAND, ""),
        )

    def _bounds(self, now: datetime) -> tuple[datetime | None, datetime | None]:
        if self.period == CUSTOM:
            return self.start, self.end
        if self.period == "today":
            midnight = now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
            return midnight, midnight + _DAY
        if self.period in _HOURS:
            back, ahead = _HOURS[self.period]
            return now + back * _DAY, now + ahead * _DAY
        return None, None


def further_pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Read keys and values as they stand in an address. Raises CallbackFilterError."""
    found = []
    for part in filter(None, (one.strip() for one in text.split("&"))):
        key, equals, value = part.partition("=")
        if not equals or not key.strip():
            raise CallbackFilterError(
                f"{part!r} is no key with a value. Write key=value, and & between two of them."
            )
        found.append((key.strip(), value.strip()))
    return tuple(found)
