"""The screens of a phone stay in order; what a poll repeats adds none."""

import json
from dataclasses import replace
from datetime import timedelta

from gms_console.model.answer import read_answer
from gms_console.model.dialog import AccessDialog, FailedDialog, PageDialog
from gms_console.model.exchange import Exchange, Operation, OperationKind
from gms_console.trail import Trail
from tests.engine.helpers import created, exchange_with, open_session
from tests.support.wire_server import WireServer, json_answer


def exchange(data: object, request: str = "status", **options: float) -> Exchange:
    """An Exchange of a request of an instance."""
    operation = Operation(kind=OperationKind.REQUEST, instance_id="a1", request=request)
    made = exchange_with(json.dumps(data).encode(), **options)  # type: ignore[arg-type]
    return replace(made, operation=operation)


def learn(trail: Trail, made: Exchange) -> bool:
    """Let a Trail learn an Exchange."""
    return trail.learn(made, read_answer(made))


def page(path: str) -> Exchange:
    """A status answer with a page."""
    return exchange({"status": "waiting", "dialog": path})


def test_a_trail_begins_empty() -> None:
    trail = Trail()
    assert (trail.screens, trail.current) == ((), None)
    assert not learn(trail, exchange({"status": "waiting"}))
    assert trail.current is None


def test_a_screen_knows_where_it_came_from() -> None:
    trail = Trail()
    made = exchange({"_action": "DialNumber", "_tel_url": "tel:1"}, "connect", total=1500.0)
    assert learn(trail, made)
    (screen,) = trail.screens
    assert (screen.number, screen.exchange_id, screen.came_by) == (1, made.id, "connect")
    assert screen.at == made.started + timedelta(seconds=1.5)
    create = exchange_with(b'{"_access_number": "800"}', service="callback/callme")
    assert learn(trail, create)
    assert [screen.came_by for screen in trail.screens] == ["connect", "create callback/callme"]


def test_a_repeated_page_is_one_screen_with_the_latest_exchange() -> None:
    trail = Trail()
    first, again, other, back = page("/a.html"), page("/a.html"), page("/b.html"), page("/a.html")
    assert [learn(trail, made) for made in (first, again, other, back)] == [True, False, True, True]
    assert [screen.exchange_id for screen in trail.screens] == [again.id, other.id, back.id]
    assert [screen.number for screen in trail.screens] == [1, 2, 3]
    assert trail.screens[0].at == first.started


def test_a_page_with_another_state_is_another_screen() -> None:
    trail = Trail()
    for state in ("waiting", "waiting", "agent-ready"):
        learn(trail, exchange({"status": state, "dialog": "/a.html"}))
    assert [screen.dialog for screen in trail.screens] == [
        PageDialog(path="/a.html", state="waiting"),
        PageDialog(path="/a.html", state="agent-ready"),
    ]


def test_access_information_that_counts_down_is_one_screen_that_is_kept_fresh() -> None:
    trail = Trail()
    for left in (30, 29, 28):
        learn(trail, exchange({"_access_number": "800", "_expiration_time": left}))
    (screen,) = trail.screens
    assert isinstance(screen.dialog, AccessDialog)
    assert screen.dialog.access.lifetime == 28
    learn(trail, exchange({"_access_number": "801", "_expiration_time": 30}))
    assert len(trail.screens) == 2


def test_a_failure_is_a_screen() -> None:
    trail = Trail()
    learn(trail, exchange({"error": "no agent"}))
    assert trail.current is not None
    assert trail.current.dialog == FailedDialog(said="no agent")


def test_a_trail_is_bounded_and_goes_on_counting() -> None:
    trail = Trail(limit=3)
    for number in range(1, 6):
        learn(trail, page(f"/{number}.html"))
    assert [screen.number for screen in trail.screens] == [3, 4, 5]


async def test_an_instance_keeps_the_trail_of_all_it_learns(wire: WireServer) -> None:
    confirmation = {"_action": "ConfirmationDialog", "_text": "Soon", "_id": "a1"}
    waiting = {"status": "waiting-for-agent", "dialog": "/waitingforagent.html"}
    wire.script(json_answer(confirmation), *[json_answer(waiting)] * 3)
    async with open_session() as session:
        instance = await created(session, wire)
        for _ in range(3):
            await instance.send(instance.prepare("status"))
    screens = instance.trail.screens
    assert [screen.came_by for screen in screens] == ["create request-interaction", "status"]
    assert instance.last_exchange is not None
    assert screens[1].exchange_id == instance.last_exchange.id


def test_a_failed_attempt_of_a_poll_does_not_take_the_menu_off_the_phone() -> None:
    trail = Trail()
    learn(trail, page("/menu.html"))
    failed = exchange({"message": "down"})
    assert failed.response is not None
    failed = replace(failed, response=replace(failed.response, status=503))
    assert not learn(trail, failed)
    assert [type(screen.dialog) for screen in trail.screens] == [PageDialog]
    # What the phone itself asked for is told on it.
    asked = replace(failed, operation=replace(failed.operation, label="Connect me"))
    assert learn(trail, asked)
    assert [type(screen.dialog) for screen in trail.screens] == [PageDialog, FailedDialog]
