"""A poll prepares its request once, and again whenever what it sends would be another one."""

import json
from dataclasses import replace
from pathlib import Path

from gms_console.events import ExchangeRecorded
from gms_console.model.form import Form, Row
from gms_console.poll import PollOutcome
from tests.engine.helpers import Watch, environment, open_session
from tests.engine.polls import READY, WAITING, plan
from tests.support.wire_server import WireServer, json_answer


async def test_a_cookie_that_comes_meanwhile_goes_with_the_next_attempt(wire: WireServer) -> None:
    waiting = {"status": "queued"}
    wire.script(
        WAITING,
        json_answer(waiting, headers=[("Set-Cookie", "node=1; Path=/")]),
        WAITING,
        json_answer(waiting, headers=[("Set-Cookie", "node=2; Path=/")]),
        json_answer(waiting, headers=[("Set-Cookie", "node=; Path=/; Max-Age=0")]),
        WAITING,
        READY,
    )
    async with open_session() as session:
        instance = session.attach(environment(wire), "a1")
        watch = Watch(session)
        poll = session.start_poll(instance, plan())
        await watch.until(lambda: not poll.running)
    assert poll.outcome is PollOutcome.REACHED
    sent = [request.values("cookie") for request in wire.requests]
    assert sent == [[], [], ["node=1"], ["node=1"], ["node=2"], [], []]


async def test_a_cookie_that_is_deleted_by_hand_is_sent_no_more(wire: WireServer) -> None:
    wire.script(json_answer({}, headers=[("Set-Cookie", "node=1; Path=/")]), json_answer({}))
    async with open_session() as session:
        instance = session.attach(environment(wire), "a1")
        for _ in range(2):
            await instance.send(instance.prepare("status"))
        [cookie] = instance.client.cookies
        instance.client.forget_cookie(cookie.domain, cookie.path, cookie.name)
        await instance.send(instance.prepare("status"))
    assert [request.values("cookie") for request in wire.requests] == [[], ["node=1"], []]


async def test_a_cookie_that_runs_out_is_sent_no_more(wire: WireServer) -> None:
    short = json_answer({}, headers=[("Set-Cookie", "node=1; Path=/; Max-Age=100")])
    wire.script(short, json_answer({}))
    async with open_session() as session:
        instance = session.attach(environment(wire), "a1")
        for _ in range(2):
            await instance.send(instance.prepare("status"))
        [cookie] = instance.client.cookies
        cookie.expires = 1
        await instance.send(instance.prepare("status"))
    assert [request.values("cookie") for request in wire.requests] == [[], ["node=1"], []]


async def test_settings_that_change_meanwhile_hold_from_the_next_attempt(
    wire: WireServer,
) -> None:
    wire.script(WAITING)
    place = environment(wire)
    async with open_session() as session:
        instance = session.attach(place, "a1")
        watch = Watch(session)
        poll = session.start_poll(instance, plan())
        await watch.until(lambda: len(poll.timeline.attempts) == 2)
        session.adopt(replace(place, headers=(("X-Trace", "7"),)))
        count = len(poll.timeline.attempts)
        await watch.until(lambda: len(poll.timeline.attempts) > count + 1)
        await session.stop_poll(poll)
    traced = [request.values("x-trace") for request in wire.requests]
    assert traced[0] == []
    assert traced[count + 1] == ["7"]


async def test_a_file_that_changes_meanwhile_is_sent_as_it_is_then(
    wire: WireServer, tmp_path: Path
) -> None:
    wire.script(WAITING, READY)
    file = tmp_path / "a.txt"
    file.write_text("first")
    async with open_session() as session:
        instance = session.attach(environment(wire), "a1")

        def change(event: object) -> None:
            if isinstance(event, ExchangeRecorded):
                file.write_text(json.dumps({"second": True}))

        session.subscribe(change)
        watch = Watch(session)
        form = Form((Row(key="a", file=file),))
        poll = session.start_poll(instance, plan(form=form))
        await watch.until(lambda: not poll.running)
    assert poll.outcome is PollOutcome.REACHED
    first, second = wire.requests
    assert b"first" in first.body
    assert b"second" in second.body
