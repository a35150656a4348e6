"""Every fault of the table is named, explained and recorded, and nothing else suffers from it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

import pytest
import pytest_asyncio

from gms_console.cli.report_json import json_report
from gms_console.cli.report_text import text_problem, text_report
from gms_console.events import Event, ExchangeRecorded
from gms_console.first_part import first_part, reads_as_json
from gms_console.instance import Instance
from gms_console.model.answer import Answer, ProblemKind
from gms_console.model.exchange import Exchange, FailureKind
from gms_console.model.reading import whole_body
from gms_console.poll import Poll, PollPlan
from gms_console.presentation import (
    headers_text,
    request_text,
    status_line,
    status_meaning,
    timing_text,
)
from gms_console.problems import explain
from gms_console.redaction import Masker
from gms_console.session import Session
from gms_console.viewing.source import source_of
from gms_console.wire.request import prepare_create
from tests.engine.helpers import Watch
from tests.faults.fault import GOOD, Fault, Stage, at
from tests.faults.table import FAULTS
from tests.support.wire_server import WireServer, json_answer

pytestmark = pytest.mark.asyncio(loop_scope="module")

SERVICE = "a-fault"
SECRET = "c2VjcmV0"
_WHOLE = {FailureKind.REDIRECTS}
CATCH_ALL = "GMS did not do what was asked."


@dataclass
class World:
    """A Session with a poll that must never notice a fault, and a server that is well."""

    session: Session
    poll: Poll
    well: WireServer
    watch: Watch

    async def polled_on(self) -> None:
        """Wait until the poll has made two more attempts, all of them good."""
        attempts = self.poll.timeline.attempts
        wanted = len(attempts) + 2
        await self.watch.until(lambda: len(attempts) >= wanted or not self.poll.running)
        assert self.poll.running, self.poll.reason
        assert [one.fault for one in attempts if one.fault is not None] == []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    """Open the Session and start the poll."""
    errors: list[tuple[str, BaseException]] = []
    session = Session(lambda name, error: errors.append((name, error)))
    waiting = json_answer({"_id": "other", "status": "waiting-for-agent"})
    with WireServer(default=waiting) as server, WireServer(default=GOOD) as well:
        instance = session.attach(at(server.base_url), "other")
        poll = session.start_poll(instance, PollPlan(every=0.02))
        yield World(session, poll, well, Watch(session))
        await session.close()
    assert errors == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name.replace(" ", "-"))
async def test_a_fault(
    fault: Fault,
    world: World,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    record_property("fault", fault.name)
    why_not = fault.unless()
    if why_not:
        pytest.skip(why_not)
    await world.polled_on()
    before = _left_over()
    with fault.scene(tmp_path) as stage:
        exchange, answer = await _send(fault, stage, world, tmp_path)
        _check_kind(fault, exchange, answer)
        _check_kept(fault, exchange)
        _check_words(fault, exchange, answer)
    _check_every_face(exchange, answer)
    await world.polled_on()
    assert len(world.session.tasks) == 1
    await _nothing_left(before)


async def _send(fault: Fault, stage: Stage, world: World, folder: Path) -> tuple[Exchange, Answer]:
    """Send through an Instance, then a good request through the same one."""
    session = world.session
    recorded: list[Exchange] = []
    unsubscribe = session.subscribe(
        lambda event: recorded.append(event.exchange) if _is_of_a_fault(event) else None
    )
    instance = session.attach(stage.place, "of-a-fault")
    try:
        if fault.warm:
            exchange, _ = await instance.send(instance.prepare("status"))
            assert exchange.failure is None
        prepared = prepare_create(stage.place, SERVICE, fault.form(folder))
        exchange, answer = await instance.send(prepared)
        assert len(recorded) == fault.requests
        assert recorded[-1] is exchange
        _check_sent_once(fault, stage)
        await _send_well(instance, stage, world)
    finally:
        unsubscribe()
        await session.remove(instance)
    return exchange, answer


def _is_of_a_fault(event: Event) -> TypeGuard[ExchangeRecorded]:
    return isinstance(event, ExchangeRecorded) and event.exchange.operation.service == SERVICE


def _check_sent_once(fault: Fault, stage: Stage) -> None:
    if stage.server is not None:
        seen = len(stage.server.requests) + len(stage.server.incomplete) - fault.warm
        assert seen == fault.requests, "the request was sent more or less often than it should be"


async def _send_well(instance: Instance, stage: Stage, world: World) -> None:
    if not stage.again:
        instance.client.use(at(world.well.base_url))
    exchange, answer = await instance.send(instance.prepare("status"))
    assert exchange.failure is None, exchange.failure
    assert (answer.id, answer.state) == ("i-1", "fine")


def _check_kind(fault: Fault, exchange: Exchange, answer: Answer) -> None:
    problem, failure = answer.problem, exchange.failure
    if fault.kind is None:
        assert (problem, failure) == (None, None)
    elif isinstance(fault.kind, FailureKind):
        assert failure is not None
        assert problem is not None
        assert failure.kind is fault.kind, failure
        assert (problem.kind, problem.failure) == (ProblemKind.TRANSPORT, fault.kind)
    else:
        assert failure is None, failure
        assert problem is not None
        assert problem.kind is fault.kind, problem


def _check_kept(fault: Fault, exchange: Exchange) -> None:
    response = exchange.response
    if fault.status is None:
        assert response is None
        return
    assert response is not None
    assert response.status == fault.status
    assert response.complete is (fault.kind in _WHOLE or exchange.failure is None)
    if isinstance(fault.kept, int):
        assert response.size == fault.kept
    else:
        assert whole_body(response) == fault.kept


def _check_words(fault: Fault, exchange: Exchange, answer: Answer) -> None:
    problem = answer.problem
    if problem is None:
        assert fault.says in " ".join(answer.notes)
        assert bool(answer.notes) is bool(fault.says), answer.notes
        return
    assert fault.says
    assert fault.says in problem.said
    found = explain(problem, exchange)
    assert found.means != CATCH_ALL
    assert found.means
    assert found.advice
    assert found.look or problem.kind is ProblemKind.TRANSPORT


def _body_texts(exchange: Exchange, answer: Answer) -> Iterator[str]:
    """Give the body as the window shows it at first: as it came, and indented."""
    response = exchange.response
    if response is None:
        return
    source = source_of(response)
    for pretty in {False, reads_as_json(response, answer)}:
        yield first_part(response.body, source.size, source.charset, pretty=pretty).text


def _check_every_face(exchange: Exchange, answer: Answer) -> None:
    """Show it in all the ways there are: none may raise, and none may tell a secret."""
    shown = [
        json_report(exchange, None, Masker()),
        text_report(exchange),
        status_line(exchange, answer),
        status_meaning(exchange, answer),
        *_body_texts(exchange, answer),
        timing_text(exchange),
        request_text(exchange),
    ]
    if answer.problem is not None:
        shown.append(text_problem(answer.problem, exchange))
    assert headers_text(exchange)
    for text in shown:
        assert SECRET not in text


@dataclass(frozen=True)
class _LeftOver:
    """What one process may not have more of after a fault than before it."""

    tasks: int
    sockets: int
    threads: frozenset[str]


def _left_over() -> _LeftOver:
    names = (thread.name for thread in threading.enumerate())
    return _LeftOver(
        len(asyncio.all_tasks()),
        sum(_is_socket(place) for place in Path("/proc/self/fd").iterdir()),
        # The loop keeps its threads for look-ups and files.
        frozenset(name for name in names if not name.startswith(("wire-", "asyncio_"))),
    )


def _is_socket(place: Path) -> bool:
    try:
        return str(place.readlink()).startswith("socket:")
    except OSError:
        return False  # closed meanwhile


async def _nothing_left(before: _LeftOver) -> None:
    """Wait until all that the fault brought is gone; what closes needs a turn of the loop."""
    for _ in range(1000):
        if _is_less(_left_over(), before):
            return
        await asyncio.sleep(0.005)
    assert _left_over() == before


def _is_less(now: _LeftOver, before: _LeftOver) -> bool:
    fewer = now.tasks <= before.tasks and now.sockets <= before.sockets
    return fewer and now.threads <= before.threads
