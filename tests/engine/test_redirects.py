"""Redirects are followed on their own origin hop by hop, and elsewhere only with consent."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from gms_console.client.client import GmsClient
from gms_console.client.redirects import MOST_HOPS, redirect_of
from gms_console.guard import GuardError
from gms_console.model.answer import ProblemKind, read_answer
from gms_console.model.connection import GuardLevel
from gms_console.model.exchange import Exchange, FailureKind
from gms_console.model.form import Form, Row
from gms_console.model.transfer import Transfer
from gms_console.wire.body import BodyKind
from gms_console.wire.request import prepare_create
from tests.engine.helpers import create, created, environment, file_with, open_session, send
from tests.engine.redirects import CREATE, ROWS, elsewhere, failure, moved, with_secrets
from tests.support.wire_server import (
    Answer,
    Wire,
    WireRequest,
    WireServer,
    by_request,
    json_answer,
    text_answer,
)

# --- on the same origin ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "method", "then"),
    [
        (301, "POST", "GET"),
        (302, "POST", "GET"),
        (303, "POST", "GET"),
        (307, "POST", "POST"),
        (308, "POST", "POST"),
        (303, "PUT", "GET"),
        (302, "PUT", "PUT"),
        (307, "DELETE", "DELETE"),
    ],
)
async def test_method_and_body_go_by_the_rules_of_http(
    wire: WireServer, status: int, method: str, then: str
) -> None:
    wire.script(moved("/there", status), json_answer({"_id": "a1"}))
    place = environment(wire)
    prepared = prepare_create(
        place, "request-interaction", ROWS, method=method, kind=BodyKind.URLENCODED
    )
    exchange = await send(place, prepared)
    first, second = wire.requests
    assert (first.method, first.target, first.body) == (method, CREATE, b"a=1")
    assert (second.method, second.target) == (then, "/there")
    carries = then == method
    assert second.body == (b"a=1" if carries else b"")
    assert bool(second.values("Content-Type")) is carries
    assert second.values("Content-Length") == (["3"] if carries else [])
    assert second.connection == first.connection == 1
    assert read_answer(exchange).id == "a1"
    assert exchange.redirected_from is not None
    assert [one.response and one.response.status for one in exchange.hops] == [status, 200]
    assert exchange.redirected_from.response is not None
    assert exchange.redirected_from.response.body == b"moved"
    assert exchange.operation == exchange.redirected_from.operation
    assert exchange.request.headers == tuple(second.headers)
    assert exchange.request.body_size == len(second.body)


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/x?a=1&b=%20#top", "/x?a=1&b=%20"),
        ("sibling", "/genesys/1/service/sibling"),
        ("../up", "/genesys/1/up"),
        ("?q=1", f"{CREATE}?q=1"),
        ("{here}/whole", "/whole"),
        ("//{netloc}/no-scheme", "/no-scheme"),
        ("/with blank", "/with%20blank"),
        ("/gr\u00c3\u00bc\u00c3\u009f", "/gr%C3%BC%C3%9F"),  # UTF-8, as its bytes are on the wire
    ],
)
async def test_every_way_to_write_an_address_of_the_same_origin(
    wire: WireServer, location: str, target: str
) -> None:
    where = location.replace("{here}", wire.base_url).replace(
        "{netloc}", f"{wire.host}:{wire.port}"
    )
    wire.script(moved(where), json_answer({}))
    exchange = await send(environment(wire), create(wire, ROWS))
    assert wire.requests[-1].target == target
    assert len(exchange.hops) == 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "where", ["ftp://x/", "//[::1", "", "mailto:a@b.c", "http://u:p@x/", "http:///", "/a\\b"]
)
async def test_an_address_that_cannot_be_followed_is_the_answer_itself(
    wire: WireServer, status: int, where: str
) -> None:
    wire.script(moved(where, status))
    exchange = await send(environment(wire), create(wire, ROWS))
    assert exchange.failure is None
    assert exchange.response is not None
    assert (exchange.response.status, exchange.response.body) == (status, b"moved")
    assert exchange.response.header("location") == where
    assert redirect_of(environment(wire), exchange) is None
    assert len(wire.requests) == 1


@pytest.mark.parametrize("headers", [[], [("Location", "/a"), ("Location", "/b")]])
async def test_no_address_or_two_is_the_answer_itself(
    wire: WireServer, headers: list[tuple[str, str]]
) -> None:
    wire.script(text_answer("which?", 302, headers))
    exchange = await send(environment(wire), create(wire, ROWS))
    assert read_answer(exchange).problem is not None
    assert len(wire.requests) == 1


@pytest.mark.parametrize("status", [300, 304, 305, 201, 200])
async def test_other_statuses_are_not_followed(wire: WireServer, status: int) -> None:
    body = "" if status == 304 else "x"
    wire.script(moved("/there", status, text=body))
    exchange = await send(environment(wire), create(wire, ROWS))
    assert exchange.response is not None
    assert exchange.response.status == status
    assert len(wire.requests) == 1


async def test_headers_and_credentials_go_along_in_their_order_and_cookies_are_those_of_now(
    wire: WireServer,
) -> None:
    """A gateway sets a cookie on the way and wants to see it in the next request."""
    wire.script(
        moved("/genesys/one", 307, ("Set-Cookie", "JSESSIONID=7.node1; Path=/genesys")),
        moved("/other/two", 307, ("Set-Cookie", "lb=2; Path=/")),
        json_answer({}),
    )
    place = with_secrets(wire)
    exchange = await send(place, prepare_create(place, "x", ROWS))
    first, second, third = wire.requests
    assert (first.values("Cookie"), second.values("Cookie")) == ([], ["JSESSIONID=7.node1"])
    assert third.values("Cookie") == ["lb=2"]
    names = [name for name, _ in second.headers]
    assert [name for name in names if name != "Cookie"] == [name for name, _ in first.headers]
    assert names.index("Cookie") == names.index("Authorization") - 1
    assert second.values("Authorization") == first.values("Authorization") != []
    for one in exchange.hops:
        assert "pw-secret" not in repr(one)
        assert "YW5u" not in repr(one)


async def test_a_file_is_sent_again_to_where_307_leads(wire: WireServer, tmp_path: Path) -> None:
    path = file_with(tmp_path, "a.txt", b"content")
    wire.script(moved("/there", 307), json_answer({}))
    transfer = Transfer()
    prepared = create(wire, Form((Row(key="FileKey", file=path),)))
    exchange = await send(environment(wire), prepared, transfer)
    first, second = wire.requests
    assert first.body == second.body
    assert b"content" in second.body
    assert len(exchange.hops) == 2
    assert (transfer.hop, transfer.counts.sent) == (1, prepared.body.size)


async def test_a_file_that_changed_between_two_hops_ends_it_there(
    wire: WireServer, tmp_path: Path
) -> None:
    path = file_with(tmp_path, "a.txt", b"content")

    def change(connection: Wire, request: WireRequest) -> None:
        path.write_bytes(b"other content")
        moved("/there", 307).play(connection, request)

    wire.script(Answer(change))
    exchange = await send(environment(wire), create(wire, Form((Row(key="FileKey", file=path),))))
    assert failure(exchange)[0] is FailureKind.FILE
    assert "a.txt has changed" in failure(exchange)[1]
    assert exchange.failure is not None
    assert exchange.failure.phase == "redirect"
    assert [one.response is not None for one in exchange.hops] == [True, False]
    assert len(wire.requests) == 1


async def test_a_circle_ends_with_the_addresses_named_and_the_answer_kept(
    wire: WireServer,
) -> None:
    wire.script(moved("/a", 307), moved("/b", 307), moved("/a", 307, text="again"), json_answer({}))
    exchange = await send(environment(wire), create(wire, ROWS))
    kind, message = failure(exchange)
    assert kind is FailureKind.REDIRECTS
    a, b = wire.url("/a"), wire.url("/b")
    assert message.endswith(f"in a circle: {a} -> {b} -> {a}")
    assert exchange.response is not None
    assert (exchange.response.body, exchange.response.complete) == (b"again", True)
    assert len(exchange.hops) == len(wire.requests) == 3
    problem = read_answer(exchange).problem
    assert problem is not None
    assert (problem.kind, problem.failure) == (ProblemKind.TRANSPORT, FailureKind.REDIRECTS)


async def test_a_post_that_becomes_a_get_of_the_same_address_is_no_circle(
    wire: WireServer,
) -> None:
    wire.script(moved(CREATE, 303), json_answer({"_id": "1"}))
    exchange = await send(environment(wire), create(wire, ROWS))
    assert [request.method for request in wire.requests] == ["POST", "GET"]
    assert exchange.failure is None


async def test_a_gateway_that_tests_for_cookies_is_no_circle(wire: WireServer) -> None:
    """It sends back to the same address and looks whether its cookie comes along."""
    wire.script(
        by_request(
            lambda request: (
                json_answer({"_id": "1"})
                if request.values("Cookie")
                else moved(CREATE, 307, ("Set-Cookie", "seen=1; Path=/"))
            )
        )
    )
    exchange = await send(environment(wire), create(wire, ROWS))
    assert read_answer(exchange).id == "1"
    assert len(wire.requests) == 2


async def test_ten_hops_are_followed_and_an_eleventh_is_not(wire: WireServer) -> None:
    wire.script(*(moved(f"/{n}") for n in range(MOST_HOPS)), json_answer({"_id": "1"}))
    exchange = await send(environment(wire), create(wire, ROWS))
    assert (exchange.failure, len(exchange.hops)) == (None, MOST_HOPS + 1)
    wire.script(*(moved(f"/{n}") for n in range(MOST_HOPS + 1)), json_answer({"_id": "1"}))
    before = len(wire.requests)
    exchange = await send(environment(wire), create(wire, ROWS))
    kind, message = failure(exchange)
    assert kind is FailureKind.REDIRECTS
    assert "10 redirects" in message
    assert all(wire.url(f"/{n}") in message for n in range(MOST_HOPS + 1))
    assert len(wire.requests) - before == MOST_HOPS + 1
    assert exchange.response is not None
    assert exchange.response.status == 302


async def test_an_instance_learns_from_the_last_answer_and_stays_where_it_is(
    wire: WireServer,
) -> None:
    async with open_session() as session:
        wire.script(moved("/moved"), json_answer({"_id": "i1"}))
        instance = await created(session, wire)
        assert instance.environment == environment(wire)
        wire.script(moved("/gateway/status", 307), json_answer({"status": "Running"}))
        exchange, answer = await instance.send(instance.prepare("status"))
        assert (answer.state, instance.state) == ("Running", "Running")
        assert instance.last_exchange is exchange
        assert session.exchanges.get(exchange.hops[0].id) is exchange.hops[0]
        assert len(session.exchanges) == 4


# --- read-only --------------------------------------------------------------------------------


async def test_read_only_holds_for_the_hops_too(wire: WireServer) -> None:
    """A status that is led to a cancel by POST would change something."""
    with elsewhere() as other:
        async with open_session() as session:
            wire.script(json_answer({"_id": "i1"}))
            instance = await created(session, wire)
            place = replace(instance.environment, guard=GuardLevel.READ_ONLY)
            instance.client.use(place)
            wire.script(moved("/genesys/1/service/i1/cancel", 307))
            exchange, _ = await instance.send(instance.prepare("status"))
            redirect = redirect_of(place, exchange)
            assert redirect is not None
            assert not redirect.allowed
            assert "read-only" in redirect.why
            assert len(wire.requests) == 2
            with pytest.raises(GuardError):
                await session.follow_redirect(place, exchange)
            wire.script(moved("/genesys/2/service/i1/status", 307), json_answer({}))
            exchange, _ = await instance.send(instance.prepare("status"))
            assert len(exchange.hops) == 2
            wire.script(moved(other.url("/i1/cancel"), 308))
            exchange, _ = await instance.send(instance.prepare("status"))
            with pytest.raises(GuardError):
                await instance.client.follow_redirect(exchange)
            other.script(moved("/i1/cancel", 307))
            wire.script(moved(other.url("/i1/status"), 307))
            exchange, _ = await instance.send(instance.prepare("status"))
            followed = await instance.client.follow_redirect(exchange)
            assert followed.response is not None
            assert followed.response.status == 307
            assert [request.target for request in other.requests] == ["/i1/status"]


# --- a cancel between two hops ----------------------------------------------------------------


async def test_cancelled_between_two_hops_is_said_so(wire: WireServer) -> None:
    wire.script(moved("/there", 307), json_answer({}))
    recorded: list[Exchange] = []
    task: asyncio.Task[Exchange]

    def record(exchange: Exchange) -> None:
        recorded.append(exchange)
        if len(recorded) == 1:
            task.cancel()

    async with GmsClient(environment(wire), record) as client:
        task = asyncio.create_task(client.send(create(wire, ROWS)))
        with pytest.raises(asyncio.CancelledError):
            await task
    first, second = recorded
    assert second.redirected_from is first
    assert failure(second)[0] is FailureKind.CANCELLED
    assert "“redirect”" in failure(second)[1]
    assert second.response is None
    assert len(wire.requests) == 1
