"""Redirects to another place: not followed, and with consent followed as a stranger."""

from dataclasses import replace
from pathlib import Path

import pytest

from gms_console.client.client import GmsClient
from gms_console.client.redirects import RedirectError, redirect_of
from gms_console.model.answer import read_answer
from gms_console.model.connection import GuardLevel, Node
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange
from gms_console.model.form import Form, Row
from gms_console.wire.refusal import FormRefusedError
from gms_console.wire.request import prepare_create
from tests.engine.helpers import create, created, environment, file_with, open_session, send
from tests.engine.redirects import ROWS, elsewhere, moved, with_secrets
from tests.support.wire_server import (
    WireServer,
    json_answer,
    self_signed_certificate,
)


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
