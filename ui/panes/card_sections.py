"""The sections of the service card, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ..models.marks import MARKS, SOURCES
from .card_parts import (
    Section,
    answer_entry,
    parameter_entry,
    request_entry,
    state_entry,
    text_label,
)
from .state_looks import StateLooks

if TYPE_CHECKING:
    from gms_console.catalogue import ServiceKind

_AT_ONCE = 3
"""Entries that are made in one step, so that no step takes long."""

Make = Callable[[], QWidget | None]
Entries = Sequence[Callable[[], QWidget]]


def sections(kind: ServiceKind, wanted: Callable[[str], None]) -> Iterator[Make]:
    """Yield what makes the next part; one that goes on with a section gives None."""
    ordered = sorted(kind.parameters, key=lambda one: not one.mandatory)
    mandatory = sum(one.mandatory for one in ordered)
    count = f"{len(ordered)}, {mandatory} mandatory" if mandatory else f"{len(ordered)}"
    parameters = [partial(parameter_entry, one, wanted) for one in ordered]
    yield from _section(("serviceParameters", "Parameters", count), parameters)
    requests = [partial(request_entry, one) for one in kind.requests]
    yield from _section(("serviceRequests", "Requests", f"{len(requests)}"), requests)
    looks = StateLooks(kind)
    states = [partial(state_entry, one, n, looks) for n, one in enumerate(kind.states, start=1)]
    yield from _section(("serviceStates", "States", "in their usual order"), states)
    fields = [partial(answer_entry, one) for one in kind.answer]
    yield from _section(("serviceAnswer", "Answer", f"{len(fields)}"), fields)
    yield _legend


def _section(titles: tuple[str, str, str], entries: Entries) -> Iterator[Make]:
    """Yield the steps of one section; there is none where it would have no entries."""
    made: list[Section] = []
    for begin in range(0, len(entries), _AT_ONCE):
        yield partial(_add, made, titles, entries[begin : begin + _AT_ONCE])


def _add(made: list[Section], titles: tuple[str, str, str], entries: Entries) -> QWidget | None:
    is_new = not made
    if is_new:
        made.append(Section(*titles))
    for make in entries:
        made[0].add(make())
    return made[0] if is_new else None


def _legend() -> QWidget:
    lines = [f"{MARKS[name]}  {text}" for name, text in SOURCES.items()]
    legend = text_label("\n".join(lines), "muted")
    legend.setObjectName("serviceLegend")
    return legend
