"""How a poll bears errors, and how it comes to an end before its state is reached."""

import asyncio
from collections.abc import Iterable

import pytest

from gms_console.events import PollChanged
from gms_console.instance import Instance
from gms_console.model.answer import ProblemKind
from gms_console.model.exchange import FailureKind
from gms_console.poll import Poll, PollOutcome
from tests.engine.helpers import Watch, environment, open_session
from tests.engine.polls import READY, WAITING, plan, run, state
from tests.support.wire_server import (
    Answer,
    Wire,
    WireRequest,
    WireServer,
    body_answer,
    close_before_answer,
    cut_in_body,
    garbage,
    hold,
    json_answer,
    reset_before_answer,
    text_answer,
)

# --- errors -----------------------------------------------------------------------------------

BROKEN = json_answer('{"status": ')


@pytest.mark.parametrize(
    "error",
    [
        reset_before_answer(),
        close_before_answer(),
        cut_in_body(),
        garbage(),
        BROKEN,
        text_answer("ORS down", 500),
        text_answer("busy", 503),
        body_answer(b"this is no gzip", headers=[("Content-Encoding", "gzip")]),
    ],
)
@pytest.mark.parametrize("tolerate", [0, 2])
async def test_exactly_so_many_errors_in_a_row_are_borne(
    wire: WireServer, error: Answer, tolerate: int
) -> None:
    wire.script(*[error] * tolerate, READY)
    assert (await run(wire, plan(tolerate=tolerate))).outcome is PollOutcome.REACHED
    wire.script(*[error] * (tolerate + 1), READY)
    before = len(wire.requests)
    poll = await run(wire, plan(tolerate=tolerate))
    assert poll.outcome is PollOutcome.TOO_MANY_ERRORS
    assert str(tolerate + 1) in poll.reason
    assert len(wire.requests) - before == len(poll.timeline.attempts) == tolerate + 1
    assert poll.timeline.attempts[-1].fault
    assert poll.timeline.spans == []
    assert poll.last_answer is not None
    assert poll.last_answer.problem is not None


async def test_a_good_answer_starts_the_count_of_errors_anew(wire: WireServer) -> None:
    bad = text_answer("x", 500)
    wire.script(bad, bad, WAITING, bad, bad, WAITING, bad, bad, READY)
    poll = await run(wire, plan(tolerate=2))
    assert poll.outcome is PollOutcome.REACHED
    assert len(poll.timeline.attempts) == 9
    assert [span.attempts for span in poll.timeline.spans] == [2, 1]


async def test_errors_count_as_attempts(wire: WireServer) -> None:
    wire.script(text_answer("x", 500))
    poll = await run(wire, plan(tolerate=10, attempts=2))
    assert poll.outcome is PollOutcome.OUT_OF_ATTEMPTS


async def test_slow_answers_are_errors_too(wire: WireServer) -> None:
    wire.script(hold())
    poll = await run(wire, plan(tolerate=1), patience=0.1)
    assert poll.outcome is PollOutcome.TOO_MANY_ERRORS
    assert poll.last_answer is not None
    assert poll.last_answer.problem is not None
    assert poll.last_answer.problem.failure is FailureKind.TIMEOUT


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 415, 302])
async def test_a_refusal_of_gms_ends_the_poll_at_once(wire: WireServer, status: int) -> None:
    wire.script(WAITING, text_answer("gone for good", status), READY)
    poll = await run(wire, plan(tolerate=5))
    assert poll.outcome is PollOutcome.REFUSED
    assert poll.reason == "gone for good"
    assert len(wire.requests) == 2


async def test_an_error_inside_a_200_ends_the_poll(wire: WireServer) -> None:
    wire.script(json_answer({"status": "agent-ready", "error": "no"}))
    poll = await run(wire, plan())
    assert poll.outcome is PollOutcome.REFUSED
    assert poll.last_answer is not None
    assert poll.last_answer.problem is not None
    assert poll.last_answer.problem.kind is ProblemKind.ERROR_INSIDE


# --- ending it --------------------------------------------------------------------------------


async def test_stopping_a_poll_closes_the_socket_of_its_attempt(wire: WireServer) -> None:
    wire.script(hold())
    async with open_session() as session:
        poll = session.start_poll(session.attach(environment(wire), "a1"), plan())
        await asyncio.to_thread(wire.wait_for_gates)
        await session.stop_poll(poll)
        assert poll.outcome is PollOutcome.CANCELLED
        assert poll.reason
        assert not poll.running
        await asyncio.to_thread(wire.wait_for_abandoned)
        assert len(session.exchanges) == 1
        await session.stop_poll(poll)
    assert len(wire.requests) == 1


async def test_stopping_a_poll_between_two_attempts(wire: WireServer) -> None:
    wire.script(WAITING)
    async with open_session() as session:
        watch = Watch(session)
        poll = session.start_poll(session.attach(environment(wire), "a1"), plan(every=60))
        await watch.until(lambda: poll.next_attempt is not None)
        await session.stop_poll(poll)
        assert poll.outcome is PollOutcome.CANCELLED
        assert len(poll.timeline.attempts) == 1
        assert isinstance(watch.events[-1], PollChanged)


async def test_a_poll_stopped_in_the_same_breath_ends_as_cancelled(wire: WireServer) -> None:
    async with open_session() as session:
        watch = Watch(session)
        poll = session.start_poll(session.attach(environment(wire), "a1"), plan())
        await session.stop_poll(poll)
        assert poll.outcome is PollOutcome.CANCELLED
        assert isinstance(watch.events[-1], PollChanged)
        assert session.running_polls() == []
    assert wire.requests == []


async def test_a_poll_runs_from_the_moment_it_is_started(wire: WireServer) -> None:
    wire.script(READY)
    async with open_session() as session:
        instance = session.attach(environment(wire), "a1")
        poll = session.start_poll(instance, plan())
        assert poll.running
        assert session.running_polls(instance) == [poll]


async def test_two_polls_of_one_instance_end_apart(wire: WireServer) -> None:
    wire.script(WAITING)
    async with open_session() as session:
        watch = Watch(session)
        instance = session.attach(environment(wire), "a1")
        first = session.start_poll(instance, plan())
        second = session.start_poll(instance, plan(request="other"))
        await watch.until(lambda: min(len(poll.timeline.attempts) for poll in (first, second)) > 0)
        assert session.running_polls(instance) == [first, second]
        await session.stop_poll(first)
        seen = len(second.timeline.attempts)
        await watch.until(lambda: len(second.timeline.attempts) > seen)
        assert session.running_polls() == [second]


async def test_a_listener_may_stop_the_whole_while_polls_run(wire: WireServer) -> None:
    """Twenty polls at once, closed in the middle of their attempts: nothing is left."""
    wire.script(hold())
    async with open_session() as session:
        polls = [
            session.start_poll(session.attach(environment(wire), f"a{n}"), plan())
            for n in range(20)
        ]
        await asyncio.to_thread(wire.wait_for_gates, 20)
        await session.close()
        assert {poll.outcome for poll in polls} == {PollOutcome.CANCELLED}
        assert asyncio.all_tasks() == {asyncio.current_task()}
    await asyncio.to_thread(wire.wait_for_abandoned, 20)


def _states(polls: Iterable[Poll]) -> list[str | None]:
    return [poll.timeline.state for poll in polls]


async def test_polls_of_many_instances_do_not_mix(wire: WireServer) -> None:
    def play(connection: Wire, request: WireRequest) -> None:
        name = request.target.split("/")[4]
        state(f"state-{name}").play(connection, request)

    wire.script(Answer(play))
    async with open_session() as session:
        watch = Watch(session)
        instances: list[Instance] = [session.attach(environment(wire), f"a{n}") for n in range(10)]
        polls = [session.start_poll(one, plan(attempts=3)) for one in instances]
        await watch.until(lambda: all(poll.outcome is not None for poll in polls))
        wanted = [f"state-a{n}" for n in range(10)]
        assert _states(polls) == wanted
        assert [instance.state for instance in instances] == wanted
