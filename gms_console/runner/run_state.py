"""What all cases of a Run share: its plan, its listener, its numbers, and whether it goes on."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from enum import IntEnum
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Protocol

from gms_console.flow.types import Step
from gms_console.flow.variables import expand_step
from gms_console.guard import CreateQuestion
from gms_console.model.environment import Environment
from gms_console.redaction import secrets_of
from gms_console.runner.events import ExchangeDone, RunEvent, RunListener, StepEnded
from gms_console.runner.plan import Confirm, RequestPath, RunPlan
from gms_console.runner.results import CaseResult, RunSummary, Verdict
from gms_console.variables import Moment, Scope


class Stop(IntEnum):
    """How far a Run has been stopped."""

    NOT = 0
    STEPS = 1
    CLEAN_UP_TOO = 2


class Stoppable(Protocol):
    """A case that is under way."""

    def interrupt(self, stop: Stop) -> None:
        """End the step under way, unless it is a clean-up step that may go on."""


class RunState:
    """Tells events and counts them, and knows whether the Run was stopped or paused.

    `error` is what a listener, or the runner itself, raised: the Run ends by it.
    """

    def __init__(
        self, plan: RunPlan, tell: RunListener, confirm: Confirm, request_path: RequestPath
    ) -> None:
        self.plan = plan
        self.request_path = lru_cache(maxsize=1000)(request_path)
        self.stopped = Stop.NOT
        self.error: Exception | None = None
        self.started = datetime.now(UTC)
        self.active: set[Stoppable] = set()
        self.going_on = asyncio.Event()
        self.going_on.set()
        self._begun = time.perf_counter()
        self._listener = tell
        self._confirm = confirm
        self._confirmed: dict[tuple[str, str], bool] = {}
        self._secrets: dict[int, tuple[Environment, tuple[str, ...]]] = {}
        self._moments = count(1)
        self._plain: dict[tuple[int, Path], tuple[Step, Step | None]] = {}
        self._cases: Counter[Verdict] = Counter()
        self._steps = self._checks = self._failed_checks = self._requests = 0

    def tell(self, event: RunEvent) -> None:
        """Count an event and tell it; an error of the listener ends the Run."""
        if isinstance(event, ExchangeDone):
            self._requests += 1
        elif isinstance(event, StepEnded):
            self._steps += 1
            self._checks += len(event.result.checks)
            self._failed_checks += sum(not one.passed for one in event.result.checks)
        if self.error is not None:
            return
        try:
            self._listener(event)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is raised by the Run
            self.fail(error)

    def fail(self, error: Exception) -> None:
        """End the Run by an error that is none of a server: clean up, then raise it."""
        if self.error is None:
            self.error = error
        self.stop(Stop.STEPS)

    def stop(self, stop: Stop | None = None) -> None:
        """Stop, and each time further: the steps first, then the clean-up steps too."""
        if stop is None:
            stop = Stop(min(self.stopped + 1, Stop.CLEAN_UP_TOO))
        if stop <= self.stopped:
            return
        self.stopped = stop
        self.going_on.set()
        for case in tuple(self.active):
            case.interrupt(stop)

    def expanded(self, step: Step, folder: Path, scope: Callable[[Moment], Scope]) -> Step:
        """Put the variables of the next request into a step; one without any is made once.

        The number of the request counts over the whole Run. Raises as `expand_step` does.
        """
        number = next(self._moments)
        known = self._plain.get((id(step), folder))
        if known is not None and known[1] is not None:
            return known[1]
        expanded = expand_step(step, scope(Moment(counter=number)), folder)
        if known is None:
            # The step is kept, so that no other one gets its identity.
            plain = "{{" not in repr(step)
            self._plain[id(step), folder] = (step, expanded if plain else None)
        return expanded

    def confirmed(self, question: CreateQuestion) -> bool:
        """Ask whether a create may go out: once in a Run where once in a start is enough."""
        if question.typed:
            return self._confirm(question)
        place = (question.environment, question.base_url)
        if place not in self._confirmed:
            self._confirmed[place] = self._confirm(question)
        return self._confirmed[place]

    def secrets(self, environment: Environment) -> tuple[str, ...]:
        """Give the secrets of an Environment, which is kept so that its identity stays its own."""
        known = self._secrets.get(id(environment))
        if known is None:
            known = self._secrets[id(environment)] = (environment, secrets_of(environment))
        return known[1]

    def count_case(self, result: CaseResult) -> None:
        """Count a case that has ended."""
        self._cases[result.verdict] += 1

    def summary(self) -> RunSummary:
        """Give the Run in numbers."""
        return RunSummary(
            started=self.started,
            elapsed=(time.perf_counter() - self._begun) * 1000,
            cases=self._cases.total(),
            passed=self._cases[Verdict.PASSED],
            steps=self._steps,
            checks=self._checks,
            failed_checks=self._failed_checks,
            requests=self._requests,
            verdicts=tuple(sorted((pair for pair in self._cases.items() if pair[1]), key=_order)),
            interrupted=self.stopped is not Stop.NOT and self.error is None,
            not_begun=self.plan.size - self._cases.total(),
        )


def _order(counted: tuple[Verdict, int]) -> int:
    return list(Verdict).index(counted[0])
