"""Carries out one step: sends what it stands for, and gives what came of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from gms_console.flow.types import Step, StepKind
from gms_console.model.answer import Answer
from gms_console.model.exchange import Exchange
from gms_console.phone import send_follow_up
from gms_console.poll import Poll, PollPlan
from gms_console.runner.case_scope import CaseScope
from gms_console.runner.choosing import choose
from gms_console.runner.ending import StepEnd, refused
from gms_console.runner.judging import Judged, judge, judge_nothing, judge_poll
from gms_console.runner.poll_check import PollCheck
from gms_console.runner.results import Verdict
from gms_console.runner.run_state import RunState
from gms_console.runner.whole_answer import with_whole_data
from gms_console.wire.request import prepare_create


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a step: how it was judged, and the Exchange that was looked at."""

    judged: Judged
    instance_id: str = ""
    exchange: Exchange | None = None


class StepWork:
    """One step under way, its variables put in.

    `poll` is the one that it began, `poll_over` is set when that ends.
    """

    def __init__(self, run: RunState, scope: CaseScope, step: Step) -> None:
        self._run = run
        self._scope = scope
        self.step = step
        self.poll: Poll | None = None
        self.poll_over = asyncio.Event()

    async def carry_out(self) -> Done:
        """Do what the step says. Raises StepEnd and what REFUSALS names."""
        match self.step.kind:
            case StepKind.CREATE:
                return await self._create()
            case StepKind.REQUEST:
                return await self._request()
            case StepKind.POLL:
                return await self._poll()
            case StepKind.FOLLOW:
                return await self._follow()
            case _:
                await asyncio.sleep(self.step.seconds)
                return Done(judge_nothing(self.step))

    async def _create(self) -> Done:
        step, scope = self.step, self._scope
        environment, session = scope.environment, scope.session
        prepared = prepare_create(
            environment, step.name, step.form, method=step.method, kind=step.encoding
        )
        question = session.guard.question(environment, prepared)
        if question is not None and not self._run.confirmed(question):
            return Done(Judged(Verdict.REFUSED, f"not confirmed. {question.text}"))
        created = await session.create(environment, prepared, confirmed=question)
        if created.instance is not None:
            scope.created(step.instance, created.instance)
        judged = await self._judged(created.exchange, created.answer)
        if created.instance is None and judged.verdict is Verdict.PASSED:
            scope.nameless(step.instance, step.title)
        return Done(judged, created.answer.id or "", created.exchange)

    async def _request(self) -> Done:
        step = self.step
        instance = self._scope.instance(step.instance)
        prepared = instance.prepare(
            step.name,
            step.form,
            method=step.method,
            kind=step.encoding,
            path=self._run.request_path(instance.service, step.name),
        )
        exchange, answer = await instance.send(prepared)
        return Done(await self._judged(exchange, answer), instance.id, exchange)

    async def _follow(self) -> Done:
        step = self.step
        instance = self._scope.instance(step.instance)
        following = choose(instance, step.name, step.method)
        if following is None:
            return Done(judge_nothing(step), instance.id)
        # A page is shown; of what it says nothing is learnt.
        page = following.prepared.operation.asks
        exchange, answer = await send_follow_up(instance, following, learn=not page)
        return Done(await self._judged(exchange, answer), instance.id, exchange)

    async def _judged(self, exchange: Exchange, answer: Answer) -> Judged:
        return judge(self.step, exchange, await with_whole_data(self.step, exchange, answer))

    async def _poll(self) -> Done:
        step, session = self.step, self._scope.session
        instance = self._scope.instance(step.instance)
        if instance not in session.polls:
            why = f"the instance {instance.id} has been closed in the console"
            raise StepEnd(Verdict.REFUSED, why)
        plan = PollPlan(
            request=step.name,
            every=step.every,
            until=tuple(map(PollCheck, step.until)),
            fail_on=tuple(map(PollCheck, step.fail_on)),
            within=step.within,
            tolerate=step.tolerate,
            form=step.form,
            kind=step.encoding,
            method=step.method,
            path=self._run.request_path(instance.service, step.name),
        )
        self.poll = poll = session.start_poll(instance, plan)
        try:
            await self.poll_over.wait()
        except asyncio.CancelledError:
            await session.stop_poll(poll)
            raise
        if poll.error is not None:
            raise refused(poll.error)
        exchange, answer = poll.last_exchange, poll.last_answer
        if exchange is not None and answer is not None:
            answer = await with_whole_data(step, exchange, answer)
        return Done(judge_poll(step, poll, answer), instance.id, exchange)
