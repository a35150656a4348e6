"""Redirects are followed on their own origin hop by hop, and elsewhere only with consent."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from gms_console.client.client import GmsClient
from gms_console.client.redirects import MOST_HOPS, RedirectError, redirect_of
from gms_console.guard import GuardError
from gms_console.model.answer import ProblemKind, read_answer
from gms_console.model.connection import GuardLevel, Node
from gms_console.model.credentials import Credentials, Login
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange, FailureKind
from gms_console.model.form import Form, Row
from gms_console.model.transfer import Transfer
from gms_console.wire.body import BodyKind
from gms_console.wire.refusal import FormRefusedError
from gms_console.wire.request import prepare_create
from tests.engine.helpers import create, created, environment, file_with, open_session, send
from tests.support.wire_server import (
    Answer,
    Wire,
    WireRequest,
    WireServer,
    by_request,
    json_answer,
    self_signed_certificate,
    text_answer,
)

ROWS = Form.of(("a", "1"))
CREATE = "/genesys/1/service/request-interaction"


def moved(where: str, status: int = 302, *headers: tuple[str, str], text: str = "moved") -> Answer:
    """An answer that leads to another place."""
    return text_answer(text, status, [("Location", where), *headers])


@contextmanager
def elsewhere(*answers: Answer) -> Iterator[WireServer]:
    """A second server: the same host, another port."""
    with WireServer(*answers, default=json_answer({"_id": "far"})) as server:
        yield server


def with_secrets(server: WireServer) -> Environment:
    """The server's Environment with all that must never leave it."""
    return replace(
        environment(server, headers=(("X-Api-Key", "key-secret"), ("gms_user", "Ann"))),
        credentials=Credentials(server=Login(user="ann", password="pw-secret")),
    )


def failure(exchange: Exchange) -> tuple[FailureKind, str]:
    """What an Exchange failed with."""
    assert exchange.failure is not None
    return exchange.failure.kind, exchange.failure.message


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


# --- to another origin ------------------------------------------------------------------------


async def test_another_port_is_not_followed_and_says_why(wire: WireServer) -> None:
    with elsewhere() as other:
        wire.script(moved(other.url("/x"), 307))
        place = with_secrets(wire)
        exchange = await send(place, prepare_create(place, "request-interaction", ROWS))
        redirect = redirect_of(place, exchange)
        assert (exchange.failure, exchange.redirected_from) == (None, None)
        assert redirect is not None
        assert (redirect.status, redirect.method, redirect.url) == (307, "POST", other.url("/x"))
        assert redirect.why == f"It leads to another port, {other.base_url}."
        assert (redirect.allowed, redirect.body_size) == (True, 3)
        assert "3 bytes" in redirect.consent
        assert other.connections == 0


@pytest.mark.parametrize(
    ("here", "there", "words"),
    [
        ("http://a", "http://b/x", "another host"),
        ("https://a", "http://a/x", "from https to http"),
        ("http://a", "https://a/x", "from http to https"),
        ("http://a", "http://a:81/x", "another port"),
        ("https://a:8443", "https://a/x", "another port"),
    ],
)
async def test_why_a_redirect_is_not_followed(
    wire: WireServer, here: str, there: str, words: str
) -> None:
    wire.script(moved(there))
    exchange = await send(environment(wire), create(wire))
    at = replace(exchange, request=replace(exchange.request, url=f"{here}/genesys/1/service/x"))
    redirect = redirect_of(Environment.parse(here), at)
    assert redirect is not None
    assert words in redirect.why


async def test_the_other_name_of_the_same_origin_is_the_same_origin(wire: WireServer) -> None:
    wire.script(moved(f"HTTP://127.0.0.1:{wire.port}/x"), json_answer({}))
    exchange = await send(environment(wire), create(wire))
    assert len(exchange.hops) == 2


@pytest.mark.parametrize("status", [302, 307])
async def test_with_consent_a_stranger_sends_it_and_nothing_of_ours_goes_along(
    wire: WireServer, status: int
) -> None:
    with elsewhere(
        json_answer({"_id": "far"}, headers=[("Set-Cookie", "theirs=1; Path=/")])
    ) as other:
        wire.script(
            json_answer({"_id": "i1"}, headers=[("Set-Cookie", "own=1; Path=/")]),
            moved(other.url("/x"), status),
        )
        place = with_secrets(wire)
        recorded: list[Exchange] = []
        async with GmsClient(place, recorded.append) as client:
            await client.send(prepare_create(place, "x"))
            cookie = client.cookie_header(place.service_url("x"))
            assert cookie == "own=1"
            exchange = await client.send(prepare_create(place, "request-interaction", ROWS))
            followed = await client.follow_redirect(exchange)
            assert client.cookie_header(other.url("/x")) == "own=1"
        (request,) = other.requests
        assert request.method == ("GET" if status == 302 else "POST")
        assert request.body == (b"" if status == 302 else b"a=1")
        for word in (b"secret", b"own=1", b"Ann", b"Authorization", b"gms_user", b"X-Api"):
            assert word not in request.raw
        assert request.values("Host") == [f"127.0.0.1:{other.port}"]
        assert read_answer(followed).id == "far"
        assert followed.hops == (exchange, followed)
        assert recorded[1:] == [exchange, followed]


async def test_a_stranger_follows_its_own_redirects_and_asks_again_for_the_way_back(
    wire: WireServer,
) -> None:
    with elsewhere() as other:
        other.script(moved("/second"), moved(wire.url("/back")))
        wire.script(moved(other.url("/first")))
        place = with_secrets(wire)
        async with GmsClient(place, lambda _: None) as client:
            exchange = await client.send(prepare_create(place, "x", ROWS))
            followed = await client.follow_redirect(exchange)
            assert [request.target for request in other.requests] == ["/first", "/second"]
            assert len(followed.hops) == 3
            back = redirect_of(place, followed)
            assert back is not None
            assert back.url == wire.url("/back")
            wire.script(json_answer({}))
            await client.follow_redirect(followed)
        assert wire.requests[-1].target == "/back"
        assert not wire.requests[-1].values("Authorization")
        assert not wire.requests[-1].values("X-Api-Key")


async def test_a_body_goes_once_more_only_as_long_as_it_is_kept(
    wire: WireServer, tmp_path: Path
) -> None:
    path = file_with(tmp_path, "a.txt", b"content")
    with elsewhere() as other:
        wire.script(moved(other.url("/x"), 308))
        place = environment(wire)
        prepared = create(wire, Form((Row(key="FileKey", file=path),)))
        async with GmsClient(place, lambda _: None) as client:
            exchange = await client.send(prepared)
            async with GmsClient(place, lambda _: None) as another:
                with pytest.raises(RedirectError, match="no longer kept"):
                    await another.follow_redirect(exchange)
            await client.follow_redirect(exchange)
            assert b"content" in other.requests[0].body
            assert other.requests[0].body == wire.requests[0].body
            path.write_bytes(b"other content")
            with pytest.raises(FormRefusedError):
                await client.follow_redirect(exchange)
        assert len(other.requests) == 1


async def test_what_leads_nowhere_else_cannot_be_followed(wire: WireServer) -> None:
    wire.script(json_answer({}))
    async with GmsClient(environment(wire), lambda _: None) as client:
        exchange = await client.send(create(wire))
        with pytest.raises(RedirectError):
            await client.follow_redirect(exchange)


async def test_a_session_follows_for_an_instance_and_for_a_create_that_brought_none(
    wire: WireServer,
) -> None:
    with elsewhere() as other:
        async with open_session() as session:
            wire.script(moved(other.url("/create"), 307))
            place = environment(wire)
            result = await session.create(place, create(wire, ROWS))
            assert result.instance is None
            exchange, answer = await session.follow_redirect(place, result.exchange)
            assert answer.id == "far"
            assert other.requests[0].body == b"a=1"
            assert session.instances == []
            wire.script(json_answer({"_id": "i1"}), moved(other.url("/status"), 307))
            instance = await created(session, wire)
            exchange, _ = await instance.send(instance.prepare("status"))
            other.script(json_answer({"status": "Running"}))
            exchange, _ = await session.follow_redirect(place, exchange)
            assert instance.state == "Running"
            assert session.exchanges.get(exchange.id) is exchange


async def test_a_stranger_keeps_to_limits_and_ways_and_never_shows_the_client_certificate() -> None:
    place = replace(
        Environment.parse("https://gms.example.com"),
        max_body=10,
        connect_timeout=1,
        total_timeout=2,
        verify_tls=False,
        guard=GuardLevel.READ_ONLY,
        tls=replace(
            Environment.parse("http://x").tls, ca_file=Path("ca.pem"), certificate=Path("me.pem")
        ),
        variables=(("a", "b"),),
    )
    exchange = replace(
        _exchange("https://gms.example.com/genesys/1/service/x", "https://other.example.com/y")
    )
    redirect = redirect_of(place, exchange)
    assert redirect is not None
    stranger = redirect.place
    assert (stranger.max_body, stranger.connect_timeout, stranger.total_timeout) == (10, 1, 2)
    assert (stranger.verify_tls, stranger.guard) == (False, GuardLevel.READ_ONLY)
    assert (stranger.tls.ca_file, stranger.tls.certificate) == (Path("ca.pem"), None)
    assert (stranger.name, stranger.variables, stranger.headers) == ("", (), ())


def _exchange(url: str, location: str, method: str = "GET") -> Exchange:
    from tests.engine.helpers import exchange_with  # noqa: PLC0415 - used here alone

    made = exchange_with(b"", status=302)
    assert made.response is not None
    return replace(
        made,
        request=replace(made.request, url=url, method=method),
        response=replace(made.response, headers=(("Location", location),)),
    )


async def test_a_redirect_from_one_node_to_another_is_to_another_place(wire: WireServer) -> None:
    """A request on node B is answered on node B's origin; the client is that of node A."""
    with elsewhere() as other:
        place = replace(
            environment(wire),
            name="qa",
            node="node1",
            nodes=(Node(name="node1", url=wire.base_url), Node(name="node2", url=other.base_url)),
        )
        second = place.on_node("node2")
        other.script(moved("/own"), json_answer({}), moved(wire.url("/first")))
        async with GmsClient(place, lambda _: None) as client:
            exchange = await client.send(prepare_create(second, "x", ROWS))
            assert [request.target for request in other.requests][1] == "/own"
            assert exchange.node == "node2"
            assert redirect_of(place, exchange) is None
            exchange = await client.send(prepare_create(second, "x", ROWS))
            redirect = redirect_of(place, exchange)
            assert redirect is not None
            assert redirect.url == wire.url("/first")
        assert wire.connections == 0


async def test_a_downgrade_is_not_followed_by_itself(wire: WireServer, tmp_path: Path) -> None:
    pair = self_signed_certificate(tmp_path)
    with WireServer(tls=pair) as secure:
        secure.script(moved(wire.url("/plain")))
        place = Environment.parse(secure.base_url, verify_tls=False)
        exchange = await send(place, prepare_create(place, "x", ROWS))
        redirect = redirect_of(place, exchange)
        assert redirect is not None
        assert "https to http" in redirect.why
    assert wire.connections == 0


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
