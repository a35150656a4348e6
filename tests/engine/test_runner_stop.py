"""A run that is stopped, paused or broken off cleans up what was begun, and tells its end."""

import asyncio
import threading
from collections.abc import Callable

import pytest

from gms_console.flow.types import Step, StepKind
from gms_console.poll import PollOutcome
from gms_console.runner.events import (
    CaseEnded,
    ExchangeDone,
    PollMoved,
    RunEnded,
    RunEvent,
    StepEnded,
    StepStarted,
)
from gms_console.runner.plan import RunPlan
from gms_console.runner.results import RunSummary, Verdict
from gms_console.runner.runner import Runner
from tests.engine.helpers import environment
from tests.engine.runs import (
    CREATED,
    Told,
    ask,
    cancel,
    carry_out,
    check_order,
    create,
    gms,
    planned,
    poll,
    runner_of,
    targets,
)
from tests.support.wire_server import Answer, WireRequest, WireServer, by_request, hold, json_answer

WAIT = Step(kind=StepKind.WAIT, seconds=60)


def start(
    plan: RunPlan, told: Callable[[RunEvent], None]
) -> tuple[Runner, asyncio.Task[RunSummary]]:
    """Begin a run."""
    runner = runner_of(plan, told, confirm=lambda _: True)
    return runner, asyncio.get_running_loop().create_task(runner.run())


async def test_a_stop_ends_the_poll_and_cancels_the_call(wire: WireServer) -> None:
    wire.script(gms(["queued"]))
    told = Told()
    plan = planned(
        environment(wire), [create(), poll(every=60.0, within=60.0), ask("start"), cancel()]
    )
    runner, run = start(plan, told)
    await told.until(lambda: any(isinstance(one, PollMoved) for one in told.events[-1:]))
    await told.until(lambda: len(told.exchanges) == 2)
    runner.stop()
    summary = await run
    check_order(told)
    assert told.verdicts == [
        Verdict.PASSED,
        Verdict.INTERRUPTED,
        Verdict.SKIPPED,
        Verdict.PASSED,
    ]
    interrupted = told.steps[1]
    assert interrupted.poll is not None
    assert interrupted.poll.outcome is PollOutcome.CANCELLED
    assert len(interrupted.poll.attempts) == 1
    assert told.steps[2].message == "the run was interrupted"
    assert targets(wire) == ["request-inbound-poll", "status", "cancel"]
    assert (summary.interrupted, summary.ok) == (True, False)
    assert summary.verdicts == ((Verdict.INTERRUPTED, 1),)


async def test_a_stop_closes_the_socket_of_the_request_under_way(wire: WireServer) -> None:
    gate = threading.Event()
    wire.script(CREATED, hold(gate), json_answer({}))
    told = Told()
    runner, run = start(planned(environment(wire), [create(), ask(), cancel()]), told)
    await asyncio.to_thread(wire.wait_for_gates)
    runner.stop()
    await run
    await asyncio.to_thread(wire.wait_for_abandoned)
    gate.set()
    assert told.verdicts == [Verdict.PASSED, Verdict.INTERRUPTED, Verdict.PASSED]
    failures = [one.failure.kind.value for one in told.exchanges if one.failure is not None]
    assert failures == ["cancelled"]
    assert told.steps[1].exchange is told.exchanges[1]


async def test_a_stop_cleans_up_every_case_that_had_begun_and_begins_no_other(
    wire: WireServer,
) -> None:
    wire.script(gms())
    told = Told()
    plan = planned(environment(wire), [create(), WAIT, cancel()], repeat=10, parallel=3)
    runner, run = start(plan, told)
    await told.until(
        lambda: sum(isinstance(one, StepStarted) and one.index == 1 for one in told.events) == 3
    )
    runner.stop()
    summary = await run
    assert sorted(targets(wire)) == ["cancel"] * 3 + ["request-inbound-poll"] * 3
    assert summary.verdicts == ((Verdict.INTERRUPTED, 3),)
    assert (summary.cases, summary.not_begun) == (3, 7)


def _holding_cancel(gate: threading.Event) -> Answer:
    def answer(request: WireRequest) -> Answer:
        return hold(gate) if request.target.endswith("/cancel") else CREATED

    return by_request(answer)


async def test_a_clean_up_step_under_way_goes_on_until_the_second_stop(wire: WireServer) -> None:
    gate = threading.Event()
    wire.script(_holding_cancel(gate))
    told = Told()
    steps = [create(), cancel(), ask("forget", always=True)]
    runner, run = start(planned(environment(wire), steps), told)
    await asyncio.to_thread(wire.wait_for_gates)
    runner.stop()
    await asyncio.sleep(0)
    assert wire.waiting == 1
    assert not run.done()
    runner.stop()
    summary = await run
    gate.set()
    assert told.verdicts == [Verdict.PASSED, Verdict.INTERRUPTED, Verdict.SKIPPED]
    assert summary.interrupted


async def test_a_cancelled_run_cleans_nothing_up_tells_its_end_and_says_so(
    wire: WireServer,
) -> None:
    wire.script(gms())
    told = Told()
    _, run = start(planned(environment(wire), [create(), WAIT, cancel()]), told)
    await told.until(lambda: len(told.steps) == 1)
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    check_order(told)
    assert isinstance(told.events[-1], RunEnded)
    assert told.events[-1].summary.interrupted
    assert told.verdicts == [Verdict.PASSED, Verdict.INTERRUPTED, Verdict.SKIPPED]
    assert targets(wire) == ["request-inbound-poll"]


async def test_a_stop_between_two_steps_interrupts_the_case(wire: WireServer) -> None:
    wire.script(gms())
    told = Told()
    runners: list[Runner] = []

    def listen(event: RunEvent) -> None:
        told(event)
        if isinstance(event, StepEnded) and event.result.index == 0:
            runners[0].stop()

    plan = planned(environment(wire), [create(), ask(), cancel()], repeat=2)
    runners.append(runner_of(plan, listen, confirm=lambda _: True))
    summary = await runners[0].run()
    assert told.verdicts == [Verdict.PASSED, Verdict.SKIPPED, Verdict.PASSED]
    assert summary.verdicts == ((Verdict.INTERRUPTED, 1),)


@pytest.mark.parametrize("when", [StepStarted, ExchangeDone])
async def test_a_stop_by_who_hears_of_a_step_ends_that_step(
    wire: WireServer, when: type[RunEvent]
) -> None:
    wire.script(gms())
    told = Told()
    runners: list[Runner] = []

    def listen(event: RunEvent) -> None:
        told(event)
        if isinstance(event, when) and getattr(event, "index", 0) == 1:
            runners[0].stop()

    plan = planned(environment(wire), [create(), ask(), ask("start"), cancel()])
    runners.append(runner_of(plan, listen, confirm=lambda _: True))
    await runners[0].run()
    assert told.verdicts == [
        Verdict.PASSED,
        Verdict.INTERRUPTED,
        Verdict.SKIPPED,
        Verdict.PASSED,
    ]
    assert targets(wire)[-1] == "cancel"


async def test_a_pause_takes_effect_before_the_next_step(wire: WireServer) -> None:
    wire.script(gms(["queued", "agent-ready"]))
    told = Told()
    runner, run = start(planned(environment(wire), [create(), poll(), ask("start")]), told)
    await told.until(lambda: any(isinstance(one, PollMoved) for one in told.events))
    runner.pause()
    await told.until(lambda: len(told.steps) == 2)
    for _ in range(50):
        await asyncio.sleep(0)
    assert runner.paused
    assert told.verdicts == [Verdict.PASSED, Verdict.PASSED]
    assert not any(isinstance(one, StepStarted) and one.index == 2 for one in told.events)
    runner.resume()
    assert (await run).ok
    assert not runner.paused


async def test_a_run_that_is_paused_can_be_stopped(wire: WireServer) -> None:
    wire.script(gms())
    told = Told()
    runner, run = start(planned(environment(wire), [create(), ask(), cancel()]), told)
    runner.pause()
    for _ in range(20):
        await asyncio.sleep(0)
    assert wire.requests == []
    runner.stop()
    summary = await run
    assert told.verdicts == [Verdict.SKIPPED] * 3
    assert summary.verdicts == ((Verdict.INTERRUPTED, 1),)


@pytest.mark.parametrize("kind", [ExchangeDone, PollMoved, StepEnded])
async def test_an_error_of_a_listener_ends_the_run_after_clean_up(
    wire: WireServer, kind: type[RunEvent]
) -> None:
    wire.script(gms(["queued"]))
    after: list[RunEvent] = []

    def listen(event: RunEvent) -> None:
        if after:
            raise AssertionError("nothing is told after an error")
        if isinstance(event, kind) and (kind is StepEnded or getattr(event, "index", 0) == 1):
            after.append(event)
            raise OSError("no space left")

    plan = planned(environment(wire), [create(), poll(every=60.0), cancel()], repeat=3)
    runner = runner_of(plan, listen, confirm=lambda _: True)
    with pytest.raises(OSError, match="no space left"):
        await runner.run()
    assert targets(wire).count("cancel") == 1
    assert targets(wire)[-1] == "cancel"


async def test_a_case_that_is_stopped_leaves_no_task_behind(wire: WireServer) -> None:
    wire.script(gms(["queued"]))
    told = Told()
    plan = planned(environment(wire), [create(), poll(every=60.0), cancel()], parallel=3, repeat=3)
    runner, run = start(plan, told)
    await told.until(lambda: sum(isinstance(one, PollMoved) for one in told.events) >= 3)
    runner.stop()
    await run
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert sum(isinstance(one, CaseEnded) for one in told.events) == 3


async def test_a_run_without_cases_ends_at_once() -> None:
    summary, told = await carry_out(RunPlan(flows=()))
    assert summary.ok
    assert [type(event).__name__ for event in told.events] == ["RunStarted", "RunEnded"]
