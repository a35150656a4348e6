"""A poll: one thing with an interval, a stop rule, a limit and a timeline of states."""

import asyncio
import itertools
import threading
import time

import pytest

from gms_console.events import ExchangeRecorded, InstanceAdded, InstanceChanged, PollChanged
from gms_console.model.form import Form, Row
from gms_console.model.stop_rule import StopRule
from gms_console.poll import PollOutcome
from gms_console.wire.refusal import FormRefusedError
from tests.engine.helpers import Watch, environment, open_session, settle
from tests.engine.polls import READY, WAITING, plan, run, state
from tests.support.wire_server import (
    Answer,
    Wire,
    WireRequest,
    WireServer,
    hold,
    json_answer,
    slow_body,
    text_answer,
)


async def test_the_first_attempt_comes_at_once_and_the_state_ends_it(wire: WireServer) -> None:
    wire.script(READY)
    begun = time.monotonic()
    poll = await run(wire, plan(every=60))
    assert time.monotonic() - begun < 2
    assert poll.outcome is PollOutcome.REACHED
    assert poll.reason == "agent-ready"
    assert [request.target for request in wire.requests] == ["/genesys/1/service/a1/status"]


class ServerTimes:
    """Answers after so many seconds each (the last repeats), and notes when requests came."""

    def __init__(self, *takes: float) -> None:
        self.answer = Answer(self._play)
        self.most_at_once = 0
        self._takes = [*takes, 0.0]
        self._times: list[float] = []
        self._inside = 0
        self._never = threading.Event()

    @property
    def gaps(self) -> list[float]:
        """Seconds between one request and the next."""
        return [after - before for before, after in itertools.pairwise(self._times)]

    def _play(self, connection: Wire, request: WireRequest) -> None:
        self._times.append(time.monotonic())
        self._inside += 1
        self.most_at_once = max(self.most_at_once, self._inside)
        self._never.wait(self._takes.pop(0) if len(self._takes) > 1 else self._takes[0])
        self._inside -= 1
        WAITING.play(connection, request)


async def test_the_interval_counts_from_the_start_of_each_attempt() -> None:
    """A server that takes half the interval does not make it longer."""
    server_times = ServerTimes(0.1, 0.1, 0.1)
    with WireServer(server_times.answer) as server:
        poll = await run(server, plan(every=0.2, attempts=4))
    assert poll.outcome is PollOutcome.OUT_OF_ATTEMPTS
    # A busy machine may be late with some, but never early; added answers would be late always.
    assert all(gap > 0.1 for gap in server_times.gaps), server_times.gaps
    assert min(server_times.gaps) < 0.29


async def test_never_two_attempts_at_a_time(wire: WireServer) -> None:
    """While an answer is held no other attempt goes out; the next comes right after it."""
    gate = threading.Event()
    wire.script(hold(gate, WAITING), READY)
    async with open_session() as session:
        watch = Watch(session)
        poll = session.start_poll(session.attach(environment(wire), "a1"), plan(every=0))
        await asyncio.to_thread(wire.wait_for_gates)
        await settle()
        assert (len(wire.requests), wire.connections) == (1, 1)
        assert poll.running
        assert session.running_polls() == [poll]
        gate.set()
        await watch.until(lambda: poll.outcome is not None)
    assert poll.outcome is PollOutcome.REACHED
    assert len(wire.requests) == 2


async def test_a_late_attempt_is_followed_by_one_not_by_all_that_were_missed() -> None:
    """The first answer outlasts four intervals: one attempt follows at once, then they resume."""
    server_times = ServerTimes(0.45)
    with WireServer(server_times.answer) as server:
        await run(server, plan(every=0.1, attempts=4))
    first, second, *others = server_times.gaps
    assert first > 0.44
    assert all(gap > 0.05 for gap in (second, *others))
    assert min(second, *others) < 0.25
    assert server_times.most_at_once == 1


async def test_the_countdown_to_the_next_attempt_is_told(wire: WireServer) -> None:
    wire.script(WAITING)
    async with open_session() as session:
        watch = Watch(session)
        poll = session.start_poll(session.attach(environment(wire), "a1"), plan(every=60))
        await watch.until(lambda: poll.next_attempt is not None)
        assert poll.started is not None
        assert poll.next_attempt is not None
        assert 58 < (poll.next_attempt - poll.started).total_seconds() < 62
        await session.stop_poll(poll)
        assert poll.next_attempt is None


@pytest.mark.parametrize(
    ("rules", "answers", "outcome"),
    [
        (["status=agent-ready,agent-connected"], [{"status": "agent-connected"}], "reached"),
        (["agent-ready,done"], [{"status": "wait"}, {"status": "done"}], "reached"),
        (["status=a", "data.n=3"], [{"status": "b"}, {"data": {"n": 3}}], "reached"),
        (
            ["items[?id=='x'].state | [0]=done"],
            [{"items": [{"id": "x", "state": "done"}]}],
            "reached",
        ),
        (["flag=true"], [{"flag": True}], "reached"),
        (["length(items)=2"], [{"items": [1]}, {"items": [1, 2]}], "reached"),
        (["status=A"], [{"status": "a"}, {"status": "A "}, {"status": "A"}], "reached"),
        (["status=a"], [{"Status": "a"}, {"status": ["a"]}, {"status": "a"}], "reached"),
    ],
)
async def test_stop_rules(
    wire: WireServer, rules: list[str], answers: list[object], outcome: str
) -> None:
    wire.script(*(json_answer(answer) for answer in answers), text_answer("end", 410))
    poll = await run(wire, plan(until=tuple(StopRule.parse(rule) for rule in rules)))
    assert poll.outcome == outcome
    assert len(wire.requests) == len(answers)


async def test_a_state_that_makes_it_hopeless_fails_the_poll(wire: WireServer) -> None:
    wire.script(WAITING, state("abandoned"), READY)
    poll = await run(wire, plan(fail_on=(StopRule.parse("status=abandoned,failed"),)))
    assert poll.outcome is PollOutcome.FAILED
    assert "abandoned" in poll.reason
    assert len(wire.requests) == 2


async def test_a_terminal_state_ends_the_poll_whatever_was_wanted(wire: WireServer) -> None:
    wire.script(WAITING, state("completed"), READY)
    poll = await run(wire, plan(terminal=frozenset({"completed"})))
    assert poll.outcome is PollOutcome.ENDED
    assert "completed" in poll.reason


async def test_a_wanted_state_is_reached_even_if_it_is_terminal_or_hopeless(
    wire: WireServer,
) -> None:
    wire.script(READY)
    fail_on = (StopRule.parse("status=agent-ready"),)
    poll = await run(wire, plan(terminal=frozenset({"agent-ready"}), fail_on=fail_on, attempts=1))
    assert poll.outcome is PollOutcome.REACHED


async def test_a_poll_ends_after_its_time(wire: WireServer) -> None:
    wire.script(WAITING)
    begun = time.monotonic()
    poll = await run(wire, plan(within=0.2, every=0.05))
    assert 0.19 < time.monotonic() - begun < 1
    assert poll.outcome is PollOutcome.OUT_OF_TIME
    assert "0.2 s" in poll.reason
    assert 2 <= len(poll.timeline.attempts) <= 5


@pytest.mark.parametrize("held", [hold(), slow_body(b'{"status"', threading.Event())])
async def test_a_poll_ends_after_its_time_even_while_an_attempt_hangs(
    wire: WireServer, held: Answer
) -> None:
    wire.script(WAITING, held)
    begun = time.monotonic()
    poll = await run(wire, plan(within=0.2))
    assert time.monotonic() - begun < 1
    assert poll.outcome is PollOutcome.OUT_OF_TIME
    await asyncio.to_thread(wire.wait_for_abandoned)
    assert len(wire.requests) == 2


async def test_a_poll_ends_after_its_attempts(wire: WireServer) -> None:
    wire.script(WAITING)
    poll = await run(wire, plan(attempts=3))
    assert poll.outcome is PollOutcome.OUT_OF_ATTEMPTS
    assert "3" in poll.reason
    assert len(wire.requests) == 3


async def test_the_last_attempt_counts(wire: WireServer) -> None:
    wire.script(WAITING, READY)
    assert (await run(wire, plan(attempts=2))).outcome is PollOutcome.REACHED


# --- the timeline -----------------------------------------------------------------------------


async def test_the_timeline_has_a_span_for_each_stay_in_a_state(wire: WireServer) -> None:
    """The state walk of an immediate callback: it returns to QUEUED."""
    walk = ["QUEUED", "QUEUED", "PAUSED", "QUEUED", "QUEUED", "COMPLETED"]
    wire.script(*(state(name) for name in walk))
    poll = await run(wire, plan(until=(StopRule.parse("COMPLETED"),)))
    timeline = poll.timeline
    assert [attempt.state for attempt in timeline.attempts] == walk
    assert [(span.state, span.attempts) for span in timeline.spans] == [
        ("QUEUED", 2),
        ("PAUSED", 1),
        ("QUEUED", 2),
        ("COMPLETED", 1),
    ]
    assert timeline.state == "COMPLETED"
    started = [attempt.started for attempt in timeline.attempts]
    assert [(span.first, span.last) for span in timeline.spans] == [
        (started[0], started[1]),
        (started[2], started[2]),
        (started[3], started[4]),
        (started[5], started[5]),
    ]
    assert started == sorted(started)
    assert all(attempt.elapsed > 0 for attempt in timeline.attempts)


async def test_an_error_between_two_sights_of_a_state_is_no_new_state(wire: WireServer) -> None:
    wire.script(state("a"), text_answer("x", 500), state("a"), READY)
    poll = await run(wire, plan())
    assert [(span.state, span.attempts) for span in poll.timeline.spans] == [
        ("a", 2),
        ("agent-ready", 1),
    ]
    assert [attempt.fault for attempt in poll.timeline.attempts] == [None, "x", None, None]


async def test_without_a_status_the_value_of_the_rule_is_the_state(wire: WireServer) -> None:
    wire.script(json_answer({"position": 3}), json_answer({"position": 1}))
    poll = await run(wire, plan(until=(StopRule.parse("position=1"),)))
    assert [span.state for span in poll.timeline.spans] == ["3", "1"]


async def test_what_a_poll_learns_the_instance_knows(wire: WireServer) -> None:
    wire.script(
        json_answer({"status": "wait", "_access_number": "800", "_expiration_time": 30}),
        state("agent-ready"),
    )
    async with open_session() as session:
        watch = Watch(session)
        instance = session.attach(environment(wire), "a1")
        poll = session.start_poll(instance, plan())
        await watch.until(lambda: poll.outcome is not None)
        assert instance.state == "agent-ready"
        assert instance.access is not None
        assert instance.access.number == "800"
        assert instance.last_exchange is poll.last_exchange
    kinds = [type(event) for event in watch.events]
    # Stored before it is learnt, learnt before it is shown.
    first = kinds.index(ExchangeRecorded)
    assert kinds[:first] == [InstanceAdded, PollChanged]
    assert kinds[first + 1] is InstanceChanged
    assert kinds.count(ExchangeRecorded) == 2


# --- what is repeated -------------------------------------------------------------------------


async def test_a_poll_sends_its_form_with_its_method(wire: WireServer) -> None:
    wire.script(WAITING, READY)
    form = Form.of(("a", "1"), ("a", "2"))
    await run(wire, plan(request="check queue", form=form, method="PUT"))
    for request in wire.requests:
        assert (request.method, request.target, request.body) == (
            "PUT",
            "/genesys/1/service/a1/check%20queue",
            b"a=1&a=2",
        )
    assert len(wire.requests) == 2
    assert wire.connections == 1


async def test_a_plan_that_cannot_be_sent_is_refused_before_it_starts(wire: WireServer) -> None:
    async with open_session() as session:
        instance = session.attach(environment(wire), "a1")
        bad = plan(form=Form((Row(key="", value="x"),)))
        with pytest.raises(FormRefusedError):
            session.start_poll(instance, bad)
        with pytest.raises(ValueError, match="empty"):
            session.start_poll(instance, plan(request=""))
        assert session.polls[instance] == []
        assert len(session.tasks) == 0
    assert wire.connections == 0
