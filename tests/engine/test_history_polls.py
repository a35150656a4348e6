"""A Poll is one row, with all its attempts behind it, and an end even where the console had one."""

import asyncio
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from gms_console.history import Entry, History, HistoryQuery, HistoryRow, HistorySettings
from gms_console.history.rows import KeptPoll
from gms_console.poll import Poll, PollPlan
from gms_console.session import Session
from tests.engine.helpers import Watch, environment, open_session
from tests.engine.histories import PLACE, all_rows, exchange, names, open_history
from tests.engine.polls import READY, WAITING, plan, state
from tests.engine.redirects import moved
from tests.support.wire_server import WireServer, hold, json_answer, text_answer

ROOT = Path(__file__).resolve().parents[2]


async def run(server: WireServer, session: Session, wanted: PollPlan) -> Poll:
    instance = session.attach(environment(server), "a1", "request-inbound-x")
    watch = Watch(session)
    poll = session.start_poll(instance, wanted)
    await watch.until(lambda: poll.outcome is not None)
    return poll


async def loaded(history: History, poll_id: str) -> KeptPoll:
    kept = await history.load_poll(poll_id)
    assert kept is not None
    return kept


async def the_row(history: History) -> HistoryRow:
    (row,) = (await all_rows(history)).rows
    return row


async def test_a_poll_is_one_row_that_has_its_attempts(wire: WireServer, tmp_path: Path) -> None:
    wire.script(WAITING, text_answer("busy", 503), WAITING, READY)
    async with open_history(tmp_path) as history, open_session(history) as session:
        poll = await run(wire, session, plan())
    assert poll.last_exchange is not None
    async with open_history(tmp_path) as history:
        row = await the_row(history)
        assert (row.entry, row.key, row.attempts) == (Entry.POLL, poll.id, 4)
        assert (row.outcome, row.state, row.status, row.ok) == ("reached", "agent-ready", 200, True)
        assert (row.title, row.service, row.instance_id) == ("status", "request-inbound-x", "a1")
        assert row.exchange == poll.last_exchange.id
        assert row.started == poll.started
        assert poll.started is not None
        assert poll.ended is not None
        assert row.elapsed == (poll.ended - poll.started) / timedelta(milliseconds=1)
        kept = await loaded(history, poll.id)
        assert kept.attempts == tuple(poll.timeline.attempts)
        assert [attempt.fault for attempt in kept.attempts] == [None, "busy", None, None]
        assert (kept.request, kept.every, kept.until) == ("status", 0.01, ("status=agent-ready",))
        assert (kept.reason, kept.ended) == ("agent-ready", poll.ended)
        for attempt in kept.attempts:
            one = await history.load(attempt.exchange_id)
            assert one is not None
            assert one.row == row
        assert await history.count(HistoryQuery(text="waiting-for")) == 1
        assert await history.load_poll("no such poll") is None


async def test_a_running_poll_shows_how_it_stands(wire: WireServer, tmp_path: Path) -> None:
    gate = threading.Event()
    wire.script(hold(gate, WAITING), state("queued"))
    async with open_history(tmp_path) as history, open_session(history) as session:
        watch = Watch(session)
        instance = session.attach(environment(wire), "a1")
        poll = session.start_poll(instance, plan())
        row = await the_row(history)
        assert (row.attempts, row.outcome, row.status, row.exchange) == (0, "", None, "")
        gate.set()
        await watch.until(lambda: len(poll.timeline.attempts) >= 2)
        row = await the_row(history)
        assert row.attempts >= 2
        assert (row.state, row.outcome, row.status) == ("queued", "", 200)
        await session.stop_poll(poll)
        row = await the_row(history)
        assert row.outcome == "cancelled"
        assert (await loaded(history, poll.id)).reason == "stopped by hand"


async def test_an_attempt_that_was_redirected_is_one(wire: WireServer, tmp_path: Path) -> None:
    wire.script(moved("/there"), WAITING, moved("/there"), READY)
    async with open_history(tmp_path) as history, open_session(history) as session:
        poll = await run(wire, session, plan())
        kept = await loaded(history, poll.id)
        assert kept.row.attempts == 2
        assert kept.attempts == tuple(poll.timeline.attempts)
        last = await history.load(kept.row.exchange)
        assert last is not None
        assert [one.response and one.response.status for one in last.exchange.hops] == [302, 200]


async def test_deleting_a_running_poll_leaves_what_comes_after(
    wire: WireServer, tmp_path: Path
) -> None:
    wire.script(WAITING)
    async with open_history(tmp_path) as history, open_session(history) as session:
        watch = Watch(session)
        poll = session.start_poll(session.attach(environment(wire), "a1"), plan())
        await watch.until(lambda: len(poll.timeline.attempts) == 2)
        first = (await loaded(history, poll.id)).attempts[0]
        await history.delete([(await the_row(history)).number])
        gone = len(poll.timeline.attempts)
        await watch.until(lambda: len(poll.timeline.attempts) > gone + 1)
        await session.stop_poll(poll)
        assert await history.load(first.exchange_id) is None
        kept = await loaded(history, poll.id)
        assert kept.attempts
        assert kept.attempts == tuple(poll.timeline.attempts)[-len(kept.attempts) :]
        assert (kept.row.outcome, kept.every) == ("cancelled", 0.01)


_CHILD = """
import asyncio, sys
from pathlib import Path
from gms_console.history import History, HistorySettings
from gms_console.model.environment import Environment
from gms_console.poll import PollPlan
from gms_console.session import Session

async def main(folder, url):
    history = History(Path(folder), HistorySettings())
    await history.open()
    session = Session(lambda name, error: sys.exit(repr(error)), history=history)
    poll = session.start_poll(
        session.attach(Environment.parse(url), "a1"), PollPlan(every=0.01)
    )
    while len(poll.timeline.attempts) < 3:
        await asyncio.sleep(0.01)
    await history.load_poll(poll.id)
    print(poll.id, flush=True)
    await asyncio.sleep(60)

asyncio.run(main(*sys.argv[1:]))
"""


def console_that_polls(folder: Path, url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _CHILD, folder, url], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


async def test_a_poll_whose_console_was_killed_was_interrupted(
    wire: WireServer, tmp_path: Path
) -> None:
    wire.script(json_answer({"status": "waiting"}))
    child = console_that_polls(tmp_path, wire.base_url)
    try:
        assert child.stdout is not None
        poll_id = (await asyncio.to_thread(child.stdout.readline)).strip()
        assert poll_id
        async with open_history(tmp_path) as history:
            assert (await loaded(history, poll_id)).row.outcome == ""  # it lives
    finally:
        child.kill()
        child.communicate()
    async with open_history(tmp_path) as history:
        kept = await loaded(history, poll_id)
        assert (kept.row.outcome, kept.row.state) == ("interrupted", "waiting")
        assert (kept.ended, len(kept.attempts) >= 3) == (None, True)
        assert kept.row.elapsed > 0
        assert await history.load(kept.attempts[-1].exchange_id) is not None
    assert names(tmp_path) == ["history.sqlite"]


async def test_a_poll_of_another_console_that_runs_is_left_alone(
    wire: WireServer, tmp_path: Path
) -> None:
    wire.script(WAITING)
    async with open_history(tmp_path) as one, open_session(one) as session:
        poll = session.start_poll(session.attach(environment(wire), "a1"), plan())
        await loaded(one, poll.id)
        async with open_history(tmp_path) as two:
            assert (await loaded(two, poll.id)).row.outcome == ""
        await session.stop_poll(poll)
        assert (await loaded(one, poll.id)).row.outcome == "cancelled"


async def test_attempts_are_in_order_where_their_standing_was_not_noted(tmp_path: Path) -> None:
    """As when the console is killed between an attempt and what it says."""
    sent = [exchange(b'{"status": "waiting"}', poll="p1") for _ in range(3)]
    sent.append(replace(exchange(b'{"status": "x"}', poll="p1"), redirected_from=sent[2]))
    async with open_history(tmp_path) as history:
        for one in sent:
            await history.add(one, PLACE)
        kept = await loaded(history, "p1")
    assert [(one.number, one.state, one.exchange_id) for one in kept.attempts] == [
        (1, "waiting", sent[0].id),
        (2, "waiting", sent[1].id),
        (3, "x", sent[3].id),
    ]
    assert (kept.row.attempts, kept.row.state) == (3, "x")


async def test_in_private_mode_a_poll_leaves_nothing(wire: WireServer, tmp_path: Path) -> None:
    wire.script(WAITING, READY)
    async with (
        open_history(tmp_path, private=True) as history,
        open_session(history) as session,
    ):
        poll = await run(wire, session, plan())
        assert await history.load_poll(poll.id) is None
        await history.use(HistorySettings())
        wire.script(READY)
        again = await run(wire, session, plan())
        assert (await the_row(history)).key == again.id
