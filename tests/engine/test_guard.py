"""The guard: read-only lets only questions out, the others ask before a create, or never."""

from dataclasses import replace

import pytest

from gms_console.guard import Guard, GuardError, check
from gms_console.model.connection import GuardLevel
from gms_console.model.environment import Environment, PathSegmentError
from gms_console.model.exchange import Operation, OperationKind
from gms_console.model.form import Form
from gms_console.phone import (
    Push,
    follow_up,
    page_request,
    push_follow_up,
    send_follow_up,
)
from gms_console.poll import PollPlan
from gms_console.wire.request import PreparedRequest, prepare_create, prepare_request, prepare_url
from tests.engine.helpers import environment, open_session
from tests.support.wire_server import WireServer, json_answer


def guarded(wire: WireServer, level: GuardLevel, name: str = "live") -> Environment:
    """The server as a named environment with a guard."""
    return replace(environment(wire), name=name, guard=level)


def a_create(place: Environment, method: str = "POST") -> PreparedRequest:
    """A create of `request-interaction`."""
    return prepare_create(place, "request-interaction", Form(), method=method)


async def test_open_asks_nothing(wire: WireServer) -> None:
    place = guarded(wire, GuardLevel.OPEN)
    async with open_session() as session:
        assert session.guard.question(place, a_create(place)) is None
        await session.create(place, a_create(place))
    assert len(wire.requests) == 1


async def test_the_first_create_of_a_start_is_confirmed_and_then_no_more(wire: WireServer) -> None:
    wire.script(json_answer({"_id": "a1"}), json_answer({"_id": "a2"}))
    place = guarded(wire, GuardLevel.CONFIRM_FIRST)
    async with open_session() as session:
        question = session.guard.question(place, a_create(place))
        assert question is not None
        assert "request-interaction" in question.text
        assert "live" in question.text
        assert question.holds("")
        with pytest.raises(GuardError, match="confirmed"):
            await session.create(place, a_create(place))
        assert wire.connections == 0
        await session.create(place, a_create(place), confirmed=question)
        assert session.guard.question(place, a_create(place)) is None
        await session.create(place, a_create(place))
        other = replace(place, name="live too")
        assert session.guard.question(other, a_create(other)) is not None
    assert len(wire.requests) == 2
    assert Guard().question(place, a_create(place)) is not None


async def test_every_create_is_confirmed_by_the_name(wire: WireServer) -> None:
    wire.script(json_answer({"_id": "a1"}))
    place = guarded(wire, GuardLevel.CONFIRM_EVERY)
    async with open_session() as session:
        question = session.guard.question(place, a_create(place))
        assert question is not None
        assert [question.holds(text) for text in ("live", " live ", "Live", "")] == [
            *(True, True, False, False)
        ]
        await session.create(place, a_create(place), confirmed=question)
        assert session.guard.question(place, a_create(place)) == question
        with pytest.raises(GuardError):
            await session.create(place, a_create(place))
    assert len(wire.requests) == 1


async def test_what_was_confirmed_for_one_service_does_not_let_another_out(
    wire: WireServer,
) -> None:
    place = guarded(wire, GuardLevel.CONFIRM_EVERY)
    async with open_session() as session:
        question = session.guard.question(place, a_create(place))
        other = prepare_create(place, "request-chat")
        with pytest.raises(GuardError):
            await session.create(place, other, confirmed=question)
        moved = replace(place, host="localhost")
        with pytest.raises(GuardError):
            await session.create(moved, a_create(moved), confirmed=question)
    assert wire.connections == 0


@pytest.mark.parametrize("level", [GuardLevel.CONFIRM_FIRST, GuardLevel.CONFIRM_EVERY])
async def test_a_create_by_get_is_confirmed_too(wire: WireServer, level: GuardLevel) -> None:
    place = guarded(wire, level)
    async with open_session() as session:
        with pytest.raises(GuardError, match="confirmed"):
            await session.create(place, a_create(place, "GET"))
        with pytest.raises(GuardError, match="confirmed"):
            await session.ask(place, a_create(place))
        assert session.guard.question(place, a_create(place, "HEAD")) is None
        hours = prepare_create(place, "office-hours", method="GET", asks=True)
        assert session.guard.question(place, hours) is None
    assert wire.connections == 0


async def test_read_only_lets_no_choice_on_the_phone_out_by_get(wire: WireServer) -> None:
    place = guarded(wire, GuardLevel.READ_ONLY)
    async with open_session() as session:
        instance = session.attach(place, "a1", "request-inbound-x")
        for choice in (
            follow_up(instance, "/genesys/1/service/a1/talk", "Talk", "GET"),
            push_follow_up(instance, Push("a1", "confirm"), "GET"),
        ):
            with pytest.raises(GuardError, match="read-only"):
                await send_follow_up(instance, choice)
        assert wire.connections == 0
        await send_follow_up(instance, page_request(instance, "/waiting.html"), learn=False)
        status = follow_up(instance, "/genesys/1/service/a1/status", "Look again", "GET")
        await send_follow_up(instance, status)
    assert [one.target for one in wire.requests] == [
        *("/waiting.html", "/genesys/1/service/a1/status")
    ]


async def test_read_only_lets_questions_out_and_nothing_else(wire: WireServer) -> None:
    place = guarded(wire, GuardLevel.READ_ONLY)
    async with open_session() as session:
        instance = session.attach(place, "a1", "request-inbound-x")
        for request, method in (("cancel", "POST"), ("update", "POST"), ("status", "DELETE")):
            with pytest.raises(GuardError, match="read-only"):
                await instance.send(instance.prepare(request, method=method))
        # GMS takes these by GET just as by POST.
        with pytest.raises(GuardError, match="read-only"):
            await instance.send(instance.prepare("cancel", method="GET"))
        for method in ("POST", "GET"):
            with pytest.raises(GuardError, match="read-only"):
                await session.create(place, a_create(place, method))
        choice = follow_up(instance, "/genesys/1/service/a1/talk", "Talk")
        with pytest.raises(GuardError):
            await send_follow_up(instance, choice)
        assert wire.connections == 0
        await instance.send(instance.prepare("status"))
        await instance.send(instance.prepare("status", method="GET"))
        await instance.send(instance.prepare("storage", method="GET"))
        record = instance.prepare("callback record", method="GET", path="callback/{id}")
        await instance.send(record)
        hours = prepare_create(place, "office-hours", method="GET", asks=True)
        await session.create(place, hours)
    targets = [(one.method, one.target) for one in wire.requests]
    assert targets == [
        ("POST", "/genesys/1/service/a1/status"),
        ("GET", "/genesys/1/service/a1/status"),
        ("GET", "/genesys/1/service/a1/storage"),
        ("GET", "/genesys/1/service/callback/a1"),
        ("GET", "/genesys/1/service/office-hours"),
    ]


async def test_a_poll_of_what_may_change_something_does_not_start(wire: WireServer) -> None:
    place = guarded(wire, GuardLevel.READ_ONLY)
    async with open_session() as session:
        instance = session.attach(place, "a1")
        with pytest.raises(GuardError):
            session.start_poll(instance, PollPlan(request="cancel"))
        assert session.polls[instance] == []
        assert session.start_poll(instance, PollPlan(request="status")).running
    assert all(one.target.endswith("/status") for one in wire.requests)


@pytest.mark.parametrize("base", ["http://a:1", "http://a:1//", "http://a:1/gw/gms"])
def test_posts_that_only_ask_are_known_by_their_address_alone(base: str) -> None:
    """Statistics and patterns have no GET; nothing else becomes a question by its name."""
    place = replace(Environment.parse(base), name="live", guard=GuardLevel.READ_ONLY)
    root = f"{place.origin}{place.base_path}"
    for service in (
        "/1/statistic",
        "/1/internal_statistic",
        "/1/patterns",
        "/1/patterns/group/v p",
    ):
        check(place, prepare_create(place, service, Form.of(("a", "1"))))
        for method in ("PUT", "DELETE", "PATCH"):
            with pytest.raises(GuardError, match="read-only"):
                check(place, prepare_create(place, service, method=method))
        asked = replace(place, guard=GuardLevel.CONFIRM_EVERY)
        assert Guard().question(asked, prepare_create(asked, service)) is None
    for service in (
        *("/1/patterns/group", "/1/patterns/group/a/b", "/1/patterns/group/a\\b", "/1/statistics"),
        *("/1/patterns/group/../../x", "/1/patterns/group/a;b", "/2/statistic", "/1/storage/30"),
        *("statistic", "patterns", "1/statistic", "/1/service/1/statistic"),
    ):
        with pytest.raises((GuardError, PathSegmentError)):
            check(place, prepare_create(place, service))
    # An address of a redirect or a dialog is not made of segments that were quoted.
    named = Operation(kind=OperationKind.REQUEST, request="statistic", asks=True)
    for url in (
        *(f"{root}/1/patterns/group/..", f"{root}/1/patterns/group/%2e%2e", f"{root}x/1/statistic"),
        *(
            f"{root}/1/service/a1/cancel?x=/1/statistic",
            f"{root}/1/statistic/",
            f"{root}/1/statistic;a",
        ),
        *(f"http://b:1{place.base_path}/1/statistic", f"{root}/1/patterns/group/a%252f"),
    ):
        with pytest.raises(GuardError, match="read-only"):
            check(place, prepare_url(place, named, url))
    check(place, prepare_url(place, named, f"{root}/1/statistic?objectId=a/b"))
    # By GET a path only asks where GMS does not take it as a POST.
    for service in (
        *("/1/storage/a1", "/1/admin/node/status", "/1/phonenumber", "/1/whatever"),
        *("/1/service/callback/callme", "/2/service/callback/callme/availability"),
        "/1/service/a1/storage/key",
    ):
        check(place, prepare_create(place, service, method="GET"))
    for service in (
        *("/1/service/request-interaction", "/1/service/a1/cancel", "/1/service/a1/ixn/chat"),
        *("/2/chat/sales", "/2/chat/sales/c1/disconnect", "/1/admin/node/changestatus/OFFLINE"),
    ):
        with pytest.raises(GuardError, match="read-only"):
            check(place, prepare_create(place, service, method="GET"))
    on_it = Operation(kind=OperationKind.REQUEST, instance_id="a1", request="create chat")
    with pytest.raises(GuardError, match="read-only"):
        check(place, prepare_request(place, on_it, method="GET", path="{id}/ixn/chat"))
    # A person who changes the method of office hours creates something by that name.
    hours = prepare_create(place, "office-hours", method="POST", asks=True)
    with pytest.raises(GuardError, match="read-only"):
        check(place, hours)
    check(place, prepare_create(place, "office-hours", method="GET", asks=True))
