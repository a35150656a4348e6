"""What a Run is to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

from gms_console.flow.types import Flow
from gms_console.guard import CreateQuestion
from gms_console.instance import Instance
from gms_console.model.environment import Environment
from gms_console.runner.results import Case
from gms_console.session import Session

SessionSource = Callable[[Case], AbstractAsyncContextManager[Session]]
"""Gives each case the Session that it runs in: one of its own, or the window's."""

Confirm = Callable[[CreateQuestion], bool]
"""Says whether a create may go out that an Environment's guard asks about."""

RequestPath = Callable[[str, str], str]
"""Gives where a request of a service goes below `/1/service/`, as the catalogue has it."""


@dataclass(frozen=True, slots=True)
class PlannedFlow:
    """A Flow and the Environment that it runs in."""

    flow: Flow
    environment: Environment


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPlan:
    """Which Flows to carry out, with which values, how often, and how many at a time.

    `data` has a mapping for each row of a table; empty runs each Flow once for itself.
    `variables` are those of `--var`. `first` is the step to begin with, for a person who runs on
    from there; `instances` are then known by name already, and `captured` holds earlier captures.
    `advice` is what a face adds where a variable is not known: how to give it one.
    """

    flows: tuple[PlannedFlow, ...]
    variables: Mapping[str, str] = field(default_factory=dict)
    data: Sequence[Mapping[str, str]] = ()
    repeat: int = 1
    parallel: int = 1
    first: int = 0
    instances: Mapping[str, Instance] = field(default_factory=dict)
    captured: Mapping[str, str] = field(default_factory=dict)
    advice: str = ""

    @property
    def size(self) -> int:
        """How many cases there are."""
        return len(self.flows) * max(1, len(self.data)) * self.repeat

    def cases(self) -> Iterator[tuple[Case, Environment]]:
        """Give the cases in order: flow by flow, row by row, repetition by repetition."""
        number = 0
        for planned in self.flows:
            for row, data in enumerate(self.data or ({},), start=1):
                for repetition in range(1, self.repeat + 1):
                    number += 1
                    case = Case(
                        number=number,
                        flow=planned.flow,
                        data=tuple(data.items()),
                        row=row if self.data else None,
                        repetition=repetition,
                        repetitions=self.repeat,
                    )
                    yield case, planned.environment
