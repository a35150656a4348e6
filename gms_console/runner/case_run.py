"""One case of a Run: its steps in order, and its clean-up steps whatever came of the others."""

from __future__ import annotations

import asyncio
import time
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime

from gms_console.events import Event, ExchangeRecorded, PollChanged
from gms_console.flow.types import Step, StepKind
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange
from gms_console.runner.case_scope import CaseScope
from gms_console.runner.ending import REFUSALS, StepEnd, refused
from gms_console.runner.events import (
    CaseEnded,
    CaseStarted,
    ExchangeDone,
    PollMoved,
    StepEnded,
    StepStarted,
)
from gms_console.runner.judging import Judged
from gms_console.runner.poll_check import wanted_of
from gms_console.runner.results import Case, CaseResult, PollResult, StepResult, Verdict
from gms_console.runner.run_state import RunState, Stop
from gms_console.runner.step_work import Done, StepWork
from gms_console.session import Session

_HERE: ContextVar[object] = ContextVar("_HERE", default=None)
"""The case that a task belongs to: tasks that it starts inherit it, as that of a poll does."""

INTERRUPTED = "the run was interrupted"


@dataclass(slots=True)
class _Open:
    """The step that is under way."""

    index: int
    step: Step
    title: str
    started: datetime
    begun: float
    work: StepWork | None = None
    exchange: Exchange | None = None


class CaseRun:
    """Carries out one case in a Session, of which it hears what its own requests did."""

    def __init__(
        self, run: RunState, case: Case, environment: Environment, session: Session
    ) -> None:
        self._run = run
        self._case = case
        self._environment = environment
        self._session = session
        self._scope = CaseScope(case, environment, session, run.plan, run.secrets(environment))
        self._task: asyncio.Task[object] | None = None
        self._open: _Open | None = None
        self._why_skipped = ""
        self._verdict = Verdict.PASSED
        self._steps = self._failed = self._skipped = 0

    async def run(self) -> CaseResult:
        """Carry it out; whatever a server does, it gives a result."""
        started, begun = datetime.now(UTC), time.perf_counter()
        self._task = asyncio.current_task()
        inside = _HERE.set(self)
        unsubscribe = self._session.subscribe(self._heard)
        self._run.active.add(self)
        try:
            self._run.tell(CaseStarted(self._case, self._environment))
            for index, step in enumerate(self._case.flow.steps):
                if index >= self._run.plan.first:
                    await self._one(index, step)
        finally:
            self._run.active.discard(self)
            unsubscribe()
            _HERE.reset(inside)
        if self._run.stopped and self._verdict is Verdict.PASSED and self._skipped:
            self._verdict = Verdict.INTERRUPTED
        result = CaseResult(
            case=self._case,
            started=started,
            elapsed=(time.perf_counter() - begun) * 1000,
            verdict=self._verdict,
            steps=self._steps,
            failed=self._failed,
            skipped=self._skipped,
        )
        self._run.count_case(result)
        self._run.tell(CaseEnded(result))
        return result

    def interrupt(self, stop: Stop) -> None:
        """End the step under way; a clean-up step goes on until the second time."""
        step = self._open
        if step is None or step.work is None or self._task is None:
            return
        if stop is Stop.CLEAN_UP_TOO or not step.step.always:
            self._task.cancel()

    # --- steps ----------------------------------------------------------------------------------

    async def _one(self, index: int, step: Step) -> None:
        """Carry out a step, or say that it was skipped."""
        await self._run.going_on.wait()
        if self._run.stopped and not self._why_skipped:
            self._why_skipped = INTERRUPTED
        if (self._why_skipped and not step.always) or self._run.stopped is Stop.CLEAN_UP_TOO:
            now, clock = datetime.now(UTC), time.perf_counter()
            self._open = _Open(index, step, step.title, now, clock)
            if step.kind is StepKind.CREATE:
                self._scope.not_creating(step.instance, step.title)
            self._end(Done(Judged(Verdict.SKIPPED, self._why_skipped or INTERRUPTED)))
            return
        self._open = _Open(index, step, step.title, datetime.now(UTC), time.perf_counter())
        self._run.tell(StepStarted(self._case, index, step))
        if step.kind is StepKind.CREATE:
            self._scope.creating(step.instance, step.title)
        done = await self._carried_out(self._open)
        verdict = done.judged.verdict
        failed = verdict not in {Verdict.PASSED, Verdict.SKIPPED}
        interrupted = verdict is Verdict.INTERRUPTED
        if failed and not self._why_skipped and (interrupted or not step.keep_going):
            self._why_skipped = f"step {index + 1}, {self._open.title}, did not pass"
            if interrupted and self._run.stopped:
                self._why_skipped = INTERRUPTED
        self._scope.capture(done.judged.captured)
        self._end(done)

    async def _carried_out(self, opened: _Open) -> Done:
        """Carry out a step; whatever ends it is told in what this gives."""
        try:
            folder = self._case.flow.folder
            step = self._run.expanded(opened.step, folder, self._scope.scope)
            opened.title = step.title
            opened.work = StepWork(self._run, self._scope, step)
            if self._run.stopped > (Stop.STEPS if step.always else Stop.NOT):
                # It was stopped by who heard that the step began.
                return self._ended(Judged(Verdict.INTERRUPTED, INTERRUPTED))
            done = await opened.work.carry_out()
            if self._task is not None and self._task.cancelling():
                # It was stopped by who heard of the step's own Exchange.
                await asyncio.sleep(0)
        except asyncio.CancelledError:
            if self._task is not None:
                self._task.uncancel()
            return self._ended(Judged(Verdict.INTERRUPTED, INTERRUPTED))
        except StepEnd as end:
            return self._ended(Judged(end.verdict, str(end)))
        except REFUSALS as error:
            refusal = refused(error)
            return self._ended(Judged(refusal.verdict, str(refusal)))
        except Exception as error:  # noqa: BLE001 - the Run ends by it, once it has cleaned up
            self._run.fail(error)
            return self._ended(Judged(Verdict.INTERRUPTED, f"{type(error).__name__} in the run"))
        return done

    def _ended(self, judged: Judged) -> Done:
        return Done(judged, "", self._open.exchange if self._open is not None else None)

    def _end(self, done: Done) -> None:
        """Count and tell what came of the step that is under way."""
        opened, self._open = self._open, None
        if opened is None:
            raise AssertionError("a step ends once")
        judged = done.judged
        self._steps += 1
        if judged.verdict is Verdict.SKIPPED:
            self._skipped += 1
        elif judged.verdict is not Verdict.PASSED:
            self._failed += 1
            if self._verdict is Verdict.PASSED:
                self._verdict = judged.verdict
        poll = opened.work.poll if opened.work is not None else None
        result = StepResult(
            index=opened.index,
            step=opened.step,
            title=opened.title,
            started=opened.started,
            elapsed=(time.perf_counter() - opened.begun) * 1000,
            verdict=judged.verdict,
            message=judged.message,
            checks=judged.checks,
            captured=judged.captured,
            instance_id=done.instance_id or (poll.instance.id if poll is not None else ""),
            exchange=done.exchange,
            poll=None
            if poll is None or poll.outcome is None
            else PollResult(
                outcome=poll.outcome,
                reason=poll.reason,
                wanted=wanted_of(poll.plan),
                attempts=tuple(poll.timeline.attempts),
                spans=tuple(poll.timeline.spans),
            ),
        )
        # What was never sent is told by no Exchange.
        form = opened.work.step.form if opened.work is not None and not result.passed else None
        self._run.tell(StepEnded(self._case, result, self._scope.secrets(form)))

    # --- what the Session tells -----------------------------------------------------------------

    def _heard(self, event: Event) -> None:
        """Tell what this case's own requests did; the Session may be shared with others."""
        opened = self._open
        if _HERE.get() is not self or opened is None:
            return
        if isinstance(event, ExchangeRecorded):
            exchange = opened.exchange = event.exchange
            secrets = self._scope.secrets(exchange.request.form)
            self._run.tell(ExchangeDone(self._case, opened.index, exchange, secrets))
        elif isinstance(event, PollChanged):
            self._run.tell(PollMoved(self._case, opened.index, event.poll))
            if event.poll.outcome is not None and opened.work is not None:
                opened.work.poll_over.set()
