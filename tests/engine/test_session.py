"""A session: its instances, their cookies, what was exchanged, and an end that leaves nothing."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from gms_console.events import (
    Event,
    ExchangeRecorded,
    InstanceAdded,
    InstanceChanged,
    InstanceRemoved,
    PollChanged,
)
from gms_console.model.exchange import FailureKind, OperationKind
from gms_console.model.form import Form, Row
from gms_console.poll import PollOutcome, PollPlan
from gms_console.session import Session
from gms_console.tasks import TaskOwner
from gms_console.wire.refusal import FormRefusedError
from tests.engine.helpers import Watch, create, created, environment, open_session, settle
from tests.support.wire_server import (
    Answer,
    Wire,
    WireRequest,
    WireServer,
    by_request,
    close_before_answer,
    hold,
    json_answer,
    text_answer,
)


async def test_a_create_gives_an_instance_that_knows_its_access_information(
    wire: WireServer,
) -> None:
    wire.script(json_answer({"_id": "a1", "_access_number": "800", "_expiration_time": "30"}))
    async with open_session() as session:
        watch = Watch(session)
        result = await session.create(environment(wire), create(wire))
        instance = result.instance
        assert instance is not None
        assert session.instances == [instance]
        assert (instance.id, instance.service) == ("a1", "request-interaction")
        assert instance.environment == environment(wire)
        assert instance.access is not None
        assert (instance.access.number, instance.access.lifetime) == ("800", 30.0)
        assert instance.last_exchange is result.exchange
        assert result.exchange.operation.kind is OperationKind.CREATE
        assert session.exchanges.get(result.exchange.id) is result.exchange
        # Evidence first, then what is learnt from it.
        assert watch.events == [
            ExchangeRecorded(result.exchange),
            InstanceAdded(instance),
            InstanceChanged(instance),
        ]


@pytest.mark.parametrize(
    "answer",
    [
        json_answer({"msg": "hello"}),
        json_answer({"_id": "a1"}, 500),
        json_answer({"_id": "a1", "error": "no"}),
        json_answer('{"_id": "a1"'),
        text_answer("fine"),
        close_before_answer(),
    ],
    ids=["no-id", "500", "error-inside", "broken", "text", "closed"],
)
async def test_a_create_without_a_sound_id_is_recorded_and_makes_no_instance(
    wire: WireServer, answer: Answer
) -> None:
    wire.script(answer)
    async with open_session() as session:
        result = await session.create(environment(wire), create(wire))
        assert result.instance is None
        assert session.instances == []
        assert session.exchanges.get(result.exchange.id) is result.exchange
        await asyncio.to_thread(wire.wait_until, lambda: wire.open_connections == 0)


async def test_a_request_uses_the_connection_of_its_create(wire: WireServer) -> None:
    wire.script(json_answer({"_id": "a 1"}), json_answer({"status": "x"}))
    async with open_session() as session:
        instance = await created(session, wire)
        exchange, answer = await instance.send(instance.prepare("status"))
        assert answer.state == instance.state == "x"
        assert exchange.operation.kind is OperationKind.REQUEST
        assert (exchange.operation.instance_id, exchange.operation.request) == ("a 1", "status")
        assert exchange.operation.service == "request-interaction"
    assert [request.target for request in wire.requests] == [
        "/genesys/1/service/request-interaction",
        "/genesys/1/service/a%201/status",
    ]
    assert wire.connections == 1


async def test_a_failed_request_forgets_nothing_that_was_known(wire: WireServer) -> None:
    wire.script(
        json_answer({"_id": "a1", "status": "x", "_access_code": "1"}), close_before_answer()
    )
    async with open_session() as session:
        instance = await created(session, wire)
        exchange, answer = await instance.send(instance.prepare("status"))
        assert not answer.ok
        assert (instance.state, instance.last_exchange) == ("x", exchange)
        assert instance.access is not None


async def test_each_instance_keeps_its_own_cookies(wire: WireServer) -> None:
    """Two customers behind a sticky load balancer: each stays on its node."""
    numbers = iter(range(1, 100))

    def choose(request: WireRequest) -> Answer:
        if request.target.endswith("/request-interaction"):
            number = next(numbers)
            cookie = ("Set-Cookie", f"JSESSIONID=s{number}.node{number}; Path=/genesys; HttpOnly")
            return json_answer({"_id": f"a{number}"}, headers=[cookie])
        return json_answer({"status": "x"})

    wire.script(by_request(choose))
    async with open_session() as session:
        first, second = await created(session, wire), await created(session, wire)
        for instance in (first, second, first):
            await instance.send(instance.prepare("status"))
        other = session.attach(environment(wire), "a9")
        await other.send(other.prepare("status"))
    assert [request.values("Cookie") for request in wire.requests] == [
        [],
        [],
        ["JSESSIONID=s1.node1"],
        ["JSESSIONID=s2.node2"],
        ["JSESSIONID=s1.node1"],
        [],
    ]


async def test_a_cookie_of_a_later_answer_replaces_the_first_and_can_end(
    wire: WireServer,
) -> None:
    def cookie(value: str) -> Answer:
        return json_answer({"_id": "a1", "status": "x"}, headers=[("Set-Cookie", value)])

    wire.script(
        cookie("S=1; Path=/genesys"),
        cookie("S=2; Path=/genesys"),
        cookie("S=gone; Path=/genesys; Max-Age=0"),
        json_answer({}),
    )
    async with open_session() as session:
        instance = await created(session, wire)
        for _ in range(3):
            await instance.send(instance.prepare("status"))
    assert [request.values("Cookie") for request in wire.requests] == [[], ["S=1"], ["S=2"], []]


async def test_an_instance_is_reopened_by_its_id_once(wire: WireServer) -> None:
    async with open_session() as session:
        watch = Watch(session)
        place = environment(wire)
        instance = session.attach(place, "a1", "request-inbound-poll")
        assert (instance.id, instance.service, instance.state) == (
            "a1",
            "request-inbound-poll",
            None,
        )
        assert session.attach(place, "a1") is instance
        assert session.attach(place, "a2") is not instance
        patient = environment(wire, timeout=3)
        assert session.attach(patient, "a1") is instance
        assert instance.environment.timeout == 3
        elsewhere = replace(patient, name="qa")
        assert session.attach(elsewhere, "a1") is not instance
        assert len(session.instances) == 3
        assert sum(isinstance(event, InstanceAdded) for event in watch.events) == 3
        await instance.send(instance.prepare("status"))
    assert wire.requests[0].target == "/genesys/1/service/a1/status"


async def test_a_created_instance_is_found_by_its_id(wire: WireServer) -> None:
    wire.script(json_answer({"_id": "a1"}))
    async with open_session() as session:
        instance = await created(session, wire)
        assert session.attach(environment(wire), "a1") is instance


async def test_removing_an_instance_stops_its_polls_and_closes_its_connection(
    wire: WireServer,
) -> None:
    wire.script(json_answer({"_id": "a1"}), hold())
    async with open_session() as session:
        watch = Watch(session)
        instance = await created(session, wire)
        stays = session.attach(environment(wire), "a2")
        polls = [session.start_poll(instance, PollPlan()) for _ in range(2)]
        other = session.start_poll(stays, PollPlan())
        await asyncio.to_thread(wire.wait_for_gates, 3)
        await session.remove(instance)
        assert [poll.outcome for poll in polls] == [PollOutcome.CANCELLED] * 2
        assert session.instances == [stays]
        assert session.running_polls() == [other]
        assert InstanceRemoved(instance) in watch.events
        await asyncio.to_thread(wire.wait_for_abandoned, 2)
        await asyncio.to_thread(wire.wait_until, lambda: wire.open_connections == 1)
    # GMS is not told: nothing but the create and the three polls went out.
    assert len(wire.requests) == 4


async def test_a_refused_form_sends_nothing_and_adds_nothing(wire: WireServer) -> None:
    async with open_session() as session:
        instance = session.attach(environment(wire), "a1")
        with pytest.raises(FormRefusedError):
            instance.prepare("status", Form((Row(key="", value="x"),)))
        assert len(session.exchanges) == 0
    assert wire.connections == 0


async def test_closing_the_session_leaves_no_task_and_no_connection(wire: WireServer) -> None:
    wire.script(json_answer({"_id": "a1"}), json_answer({"status": "x"}), hold())
    async with open_session() as session:
        events: list[Event] = []
        instance = await created(session, wire)
        await instance.send(instance.prepare("status"))
        session.start_poll(instance, PollPlan())
        sending = session.tasks.start(
            instance.send(instance.prepare("other")), name="other", owner=instance
        )
        await asyncio.to_thread(wire.wait_for_gates, 2)
        session.subscribe(events.append)
        await session.close()
        assert asyncio.all_tasks() == {asyncio.current_task()}
        assert sending.cancelled()
        assert len(session.tasks) == 0
        assert events == []
        # What was under way stays on record.
        assert len(session.exchanges) == 4
        await session.close()
    await asyncio.to_thread(wire.wait_until, lambda: wire.open_connections == 0)


async def test_a_cancelled_create_leaves_no_connection(wire: WireServer) -> None:
    wire.script(hold())
    async with open_session() as session:
        watch = Watch(session)
        task = session.tasks.start(
            session.create(environment(wire), create(wire)), name="create", owner=session
        )
        await asyncio.to_thread(wire.wait_for_gates)
        await session.tasks.close(session)
        assert task.cancelled()
        await asyncio.to_thread(wire.wait_for_abandoned)
        (event,) = watch.events
        assert isinstance(event, ExchangeRecorded)
        assert event.exchange.failure is not None
        assert event.exchange.failure.kind is FailureKind.CANCELLED
        assert session.instances == []


async def test_a_listener_that_unsubscribed_hears_nothing(wire: WireServer) -> None:
    async with open_session() as session:
        heard: list[Event] = []
        stop = session.subscribe(heard.append)
        session.attach(environment(wire), "a1")
        stop()
        session.attach(environment(wire), "a2")
        assert len(heard) == 1


async def test_a_listener_may_unsubscribe_while_it_is_told(wire: WireServer) -> None:
    async with open_session() as session:
        heard: list[str] = []
        stops: list[Callable[[], None]] = []

        def once(_: Event) -> None:
            heard.append("once")
            stops[0]()

        stops.append(session.subscribe(once))
        session.subscribe(lambda _: heard.append("always"))
        session.attach(environment(wire), "a1")
        session.attach(environment(wire), "a2")
        assert heard == ["once", "always", "always"]


# --- the owner of all tasks -------------------------------------------------------------------


async def test_a_task_that_fails_is_reported_with_its_name() -> None:
    errors: list[tuple[str, BaseException]] = []
    told = asyncio.Event()

    def report(name: str, error: BaseException) -> None:
        errors.append((name, error))
        told.set()

    async def fail() -> None:
        raise KeyError("oops")

    owner = TaskOwner(report)
    owner.start(fail(), name="a job", owner=owner)
    async with asyncio.timeout(2):
        await told.wait()
    ((name, error),) = errors
    assert name == "a job"
    assert isinstance(error, KeyError)
    assert len(owner) == 0


async def test_an_error_in_a_poll_is_reported_and_ends_it(wire: WireServer) -> None:
    """A listener that breaks is a defect of a face; it must not be swallowed."""
    errors: list[BaseException] = []
    session = Session(lambda _, error: errors.append(error))
    instance = session.attach(environment(wire), "a1")
    ended = asyncio.Event()

    def listener(event: Event) -> None:
        if isinstance(event, PollChanged):
            return
        ended.set()
        raise LookupError("a broken face")

    session.subscribe(listener)
    poll = session.start_poll(instance, PollPlan())
    async with asyncio.timeout(2):
        await ended.wait()
    await settle()
    assert len(session.tasks) == 0
    assert [type(error) for error in errors] == [LookupError]
    assert poll.outcome is not None
    await session.close()


async def test_closing_an_owner_waits_for_its_tasks_and_leaves_others() -> None:
    owner = TaskOwner(lambda *_: None)
    mine, yours = object(), object()
    log: list[str] = []

    async def work(name: str) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            log.append(name)

    owner.start(work("mine"), name="1", owner=mine)
    other = owner.start(work("yours"), name="2", owner=yours)
    await asyncio.sleep(0)
    await owner.close(mine)
    assert log == ["mine"]
    assert not other.done()
    await owner.close_all()
    assert log == ["mine", "yours"]
    assert len(owner) == 0


async def test_the_task_that_closes_all_is_not_its_own_victim() -> None:
    owner = TaskOwner(lambda *_: None)
    idle = owner.start(asyncio.Event().wait(), name="idle", owner=owner)

    async def closer() -> str:
        await owner.close_all()
        return "closed"

    task = owner.start(closer(), name="closer", owner=owner)
    async with asyncio.timeout(2):
        assert await task == "closed"
    assert idle.cancelled()


async def test_a_slow_server_does_not_keep_the_loop_from_working(wire: WireServer) -> None:
    """Fifty instances at once over their own connections."""

    def play(connection: Wire, request: WireRequest) -> None:
        json_answer({"status": request.target.split("/")[4]}).play(connection, request)

    wire.script(Answer(play))
    async with open_session() as session:
        instances = [session.attach(environment(wire), f"i{n}") for n in range(50)]
        answers = await asyncio.gather(*(one.send(one.prepare("status")) for one in instances))
        assert [answer.state for _, answer in answers] == [f"i{n}" for n in range(50)]
    assert len(session.exchanges) == 50
