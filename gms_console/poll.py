"""The Poll: one request repeated on an Instance until a state is reached."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import uuid4

from gms_console.guard import check
from gms_console.instance import Instance
from gms_console.model.answer import Answer
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange, FailureKind
from gms_console.model.form import Form
from gms_console.model.stop_rule import StopCheck
from gms_console.model.timeline import Attempt, Timeline
from gms_console.wire.body import BodyKind
from gms_console.wire.request import REQUEST_PATH, PreparedRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class PollPlan:
    """What to repeat and when to stop. `every` and `within` are seconds.

    `until`: any of these rules means the wanted state is reached. `fail_on`: any of these
    means it cannot be reached any more. `terminal`: states of the service that end a poll
    whatever was wanted. `tolerate`: how many transport errors, 5xx or unreadable answers
    in a row are borne; one more ends the poll.
    """

    request: str = "status"
    every: float = 1.0
    until: tuple[StopCheck, ...] = ()
    fail_on: tuple[StopCheck, ...] = ()
    terminal: frozenset[str] = frozenset()
    within: float | None = None
    attempts: int | None = None
    tolerate: int = 3
    form: Form = field(default_factory=Form)
    kind: BodyKind = BodyKind.AUTO
    method: str = "POST"
    path: str = REQUEST_PATH


class PollOutcome(StrEnum):
    """How a Poll ended."""

    REACHED = "reached"
    FAILED = "failed"
    ENDED = "ended"
    OUT_OF_TIME = "out of time"
    OUT_OF_ATTEMPTS = "out of attempts"
    TOO_MANY_ERRORS = "too many errors"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class Poll:
    """A repeated request and its timeline; `outcome` is None while it runs. `id` is its own.

    `error` is what ended it before anything more could be sent, such as a file that is gone. The
    interval counts from the start of each attempt, the first comes at once, and there
    are never two at a time: an attempt that outlasts the interval is followed at once.
    """

    def __init__(
        self,
        instance: Instance,
        plan: PollPlan,
        on_change: Callable[[Poll], None] = lambda _: None,
    ) -> None:
        self.id = uuid4().hex
        self.instance = instance
        self.plan = plan
        self.timeline = Timeline()
        self.outcome: PollOutcome | None = None
        self.reason = ""
        self.error: Exception | None = None
        self.started: datetime | None = None
        self.ended: datetime | None = None
        self.next_attempt: datetime | None = None
        self.last_exchange: Exchange | None = None
        self.last_answer: Answer | None = None
        self._on_change = on_change
        self._deadline = math.inf
        self._clock: Callable[[], float] = time.monotonic
        self._errors_in_a_row = 0
        self._answers = 0
        self._found: set[str] = set()
        self._prepared: PreparedRequest | None = None
        self._prepared_for: tuple[Environment, str | None] | None = None

    @property
    def running(self) -> bool:
        """Whether it has started and not ended."""
        return self.started is not None and self.outcome is None

    def start(self) -> None:
        """Begin at this moment; `run` goes on. Raises as `run` does."""
        check(self.instance.environment, self._prepare())
        self.started = datetime.now(UTC)
        self._on_change(self)

    def stopped(self) -> None:
        """Take note that its task is over, which may have been cancelled before its first step."""
        if self.outcome is None:
            self._end(PollOutcome.CANCELLED, "stopped by hand")

    async def run(self) -> PollOutcome:
        """Repeat the request until the plan says stop.

        A cancelled run ends as CANCELLED and raises CancelledError.
        Raises FormRefusedError, PathSegmentError and GuardError before the first attempt.
        """
        if self.started is None:
            self.start()
        try:
            await self._repeat()
        except asyncio.CancelledError:
            self._end(PollOutcome.CANCELLED, "stopped by hand")
            raise
        except BaseException as error:
            self.error = error if isinstance(error, Exception) else None
            self._end(PollOutcome.REFUSED, str(error))
            raise
        if self.outcome is None:
            raise AssertionError("a poll ends with an outcome")
        return self.outcome

    async def _repeat(self) -> None:
        clock = self._clock = asyncio.get_running_loop().time
        if self.plan.within is not None:
            self._deadline = clock() + self.plan.within
        while True:
            begun = clock()
            await self._attempt()
            if not self.running:
                return
            following = max(begun + self.plan.every, clock())
            if following < self._deadline:
                self.next_attempt = datetime.now(UTC) + timedelta(seconds=following - clock())
            self._on_change(self)
            await asyncio.sleep(min(following, self._deadline) - clock())
            if self._time_is_up():
                return

    def _prepare(self) -> PreparedRequest:
        """Give the request of the next attempt: the last one, unless something has changed."""
        plan = self.plan
        given = (self.instance.environment, self.instance.cookie_for(plan.request, plan.path))
        if self._prepared is not None and self._prepared_for == given:
            return self._prepared
        prepared = self.instance.prepare(
            plan.request, plan.form, method=plan.method, kind=plan.kind, path=plan.path
        )
        prepared = replace(prepared, operation=replace(prepared.operation, poll=self.id))
        # A file is looked at for each attempt: it may be another one by then.
        self._prepared = None if any(prepared.body.files) else prepared
        self._prepared_for = given
        return prepared

    def _time_is_up(self) -> bool:
        """End the poll when its time has run out."""
        if self._clock() < self._deadline:
            return False
        why = f"not reached within {self.plan.within:g} s{self._never_found()}"
        self._end(PollOutcome.OUT_OF_TIME, why)
        return True

    def _never_found(self) -> str:
        """Say where nothing ever stood of what was waited for: a path may be a mistake."""
        paths = dict.fromkeys(rule.path for rule in self.plan.until)
        missing = [path for path in paths if path not in self._found]
        if not missing or not self._answers:
            return ""
        answers = "the answer" if self._answers == 1 else f"{self._answers:,} answers"
        return f"; {', '.join(missing)}: nothing found there in {answers}"

    def _look(self, exchange: Exchange, answer: Answer) -> None:
        """Note which paths lead to something; of a body in a file not all is seen."""
        if answer.problem is not None:
            return
        self._answers += 1
        seen_whole = exchange.response is None or exchange.response.stored is None
        for rule in self.plan.until:
            if rule.path not in self._found and (not seen_whole or rule.finds(answer.data)):
                self._found.add(rule.path)

    async def _attempt(self) -> None:
        self.next_attempt = None
        prepared = self._prepare()
        left = self._deadline - self._clock()
        exchange, answer = await self.instance.send(
            prepared, within=None if left == math.inf else left
        )
        cut = exchange.failure is not None and exchange.failure.kind is FailureKind.GIVEN_UP
        if not cut or self.last_exchange is None:
            self.last_exchange, self.last_answer = exchange, answer
        self.timeline.add(
            Attempt(
                number=len(self.timeline.attempts) + 1,
                started=exchange.started,
                elapsed=exchange.timing.total,
                exchange_id=exchange.id,
                state=self._seen_state(answer),
                fault=None if answer.problem is None else answer.problem.said,
            )
        )
        self._look(exchange, answer)
        self._judge(answer)

    def _seen_state(self, answer: Answer) -> str | None:
        """Name the state that the timeline shows: `status`, else the value of the stop rule."""
        if answer.problem is not None or answer.state is not None:
            return answer.state if answer.problem is None else None
        for rule in (*self.plan.until, *self.plan.fail_on):
            value = rule.value(answer.data)
            if value is not None:
                return value
        return None

    def _judge(self, answer: Answer) -> None:
        plan, data = self.plan, answer.data
        if answer.problem is not None:
            self._judge_problem(answer)
        else:
            self._errors_in_a_row = 0
            if any(rule.holds(data) for rule in plan.until):
                self._end(PollOutcome.REACHED, self.timeline.state or "")
            elif any(rule.holds(data) for rule in plan.fail_on):
                self._end(PollOutcome.FAILED, f"came to {self.timeline.state}")
            elif answer.state in plan.terminal:
                self._end(PollOutcome.ENDED, f"the service ended in {answer.state}")
        if self.outcome is None and plan.attempts == len(self.timeline.attempts):
            attempts = f"{plan.attempts} attempt{'' if plan.attempts == 1 else 's'}"
            why = f"not reached in {attempts}{self._never_found()}"
            self._end(PollOutcome.OUT_OF_ATTEMPTS, why)

    def _judge_problem(self, answer: Answer) -> None:
        problem = answer.problem
        if problem is None:
            return
        if not problem.transient:
            self._end(PollOutcome.REFUSED, problem.said)
            return
        # An attempt that the limit itself cut short is no error of the server.
        if self._time_is_up():
            return
        self._errors_in_a_row += 1
        if self._errors_in_a_row > self.plan.tolerate:
            row = self._errors_in_a_row
            count = f"{row} error{'s' if row > 1 else ''} in a row"
            self._end(PollOutcome.TOO_MANY_ERRORS, f"{count}, the last: {problem.said}")

    def _end(self, outcome: PollOutcome, reason: str) -> None:
        self.outcome = outcome
        self.reason = reason
        self.ended = datetime.now(UTC)
        self.next_attempt = None
        self._on_change(self)
