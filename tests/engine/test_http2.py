"""HTTP/2: agreed on in the handshake, recorded as it was spoken, and ended cleanly."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from h2.errors import ErrorCodes

from gms_console.client.client import GmsClient
from gms_console.client.network import Network
from gms_console.model.connection import Proxy, ProxyMode, Tls
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange, FailureKind, Operation, OperationKind
from gms_console.model.form import Form, Row
from gms_console.wire.request import PreparedRequest, prepare_create, prepare_request
from tests.engine.helpers import file_with, send, settle
from tests.support.certificates import Authority
from tests.support.http2_server import (
    Http2Request,
    Http2Server,
    Step,
    answer_at_the_end,
    http2_server,
)
from tests.support.nginx import Nginx, Site, nginx
from tests.support.proxy import tinyproxy
from tests.support.wire_server import WireServer, by_request, early, hold, json_answer

MIB = 1 << 20


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def gms() -> Iterator[WireServer]:
    with WireServer() as server:
        yield server


@pytest.fixture
def site(gms: WireServer, authority: Authority, tmp_path: Path) -> Iterator[Nginx]:
    """nginx before GMS: with HTTP/2, without it, and with a limit of 1 MiB for bodies."""
    pair = authority.issue()
    sites = (
        Site(pair, http2=True),
        Site(pair),
        Site(pair, http2=True, extra="client_max_body_size 1m;"),
    )
    with nginx(tmp_path / "nginx", gms.port, *sites) as started:
        yield started


HTTP2, HTTP1, LIMITED = range(3)


def place_at(port: int, authority: Authority, *, patience: float = 5) -> Environment:
    """A port of this machine where HTTP/2 is wanted."""
    place = Environment.parse(f"https://127.0.0.1:{port}", timeout=patience)
    return replace(place, http2=True, tls=Tls(ca_file=authority.file))


def status(place: Environment, instance: str = "a1") -> PreparedRequest:
    """A status request of an instance."""
    operation = Operation(kind=OperationKind.REQUEST, instance_id=instance, request="status")
    return prepare_request(place, operation)


def with_file(place: Environment, path: Path) -> PreparedRequest:
    """A create that uploads a file."""
    return prepare_create(place, "callme", Form((Row(key="FileKey", file=path),)))


def ended_by(exchange: Exchange) -> FailureKind | None:
    """The kind of failure, if it failed."""
    return exchange.failure.kind if exchange.failure is not None else None


# --- before nginx ---------------------------------------------------------------------------------


async def test_a_create_over_http2_is_recorded_as_it_was_spoken(
    gms: WireServer, site: Nginx, authority: Authority
) -> None:
    gms.script(json_answer({"_id": "a1"}))
    place = replace(
        place_at(site.ports[HTTP2], authority),
        headers=(("X-Token", "canary"), ("X-Plain", "Ä")),
        secret_headers=frozenset({"x-token"}),
    )
    prepared = prepare_create(place, "callme", Form.of(("a", "1")))
    exchange = await send(place, prepared)
    assert exchange.failure is None, exchange.failure
    assert exchange.response is not None
    assert exchange.response.http_version == exchange.request.http_version == "HTTP/2"
    assert exchange.response.body == b'{"_id": "a1"}'
    headers = exchange.request.headers
    assert headers[:4] == (
        (":method", "POST"),
        (":authority", f"127.0.0.1:{place.port}"),
        (":scheme", "https"),
        (":path", "/genesys/1/service/callme"),
    )
    assert all(name == name.lower() for name, _ in headers)
    assert ("content-length", "3") in headers
    assert ("x-token", "***") in headers
    assert not {"host", "connection"} & {name for name, _ in headers}
    timing = exchange.timing
    parts = (timing.connect, timing.tls, timing.send, timing.wait, timing.receive)
    assert all(part is not None for part in parts)
    (request,) = gms.requests
    assert request.body == b"a=1"
    assert request.values("x-token") == ["canary"]
    site.wait_for("HTTP/2.0 200 -")


async def test_http11_is_spoken_where_the_server_has_no_other(
    gms: WireServer, site: Nginx, authority: Authority
) -> None:
    gms.script(json_answer({"_id": "a1"}))
    place = place_at(site.ports[HTTP1], authority)
    exchanges: list[Exchange] = []
    async with GmsClient(place, exchanges.append) as client:
        await asyncio.gather(*(client.send(status(place, f"a{n}")) for n in range(4)))
    assert [ended_by(exchange) for exchange in exchanges] == [None] * 4
    assert {exchange.request.http_version for exchange in exchanges} == {"HTTP/1.1"}
    assert ("Host", f"127.0.0.1:{place.port}") in exchanges[0].request.headers


async def test_plain_http_stays_http11(gms: WireServer) -> None:
    place = replace(Environment.parse(gms.base_url), http2=True)
    exchange = await send(place, prepare_create(place, "callme"))
    assert exchange.failure is None
    assert exchange.request.http_version == "HTTP/1.1"


async def test_many_polls_share_one_connection(
    gms: WireServer, site: Nginx, authority: Authority
) -> None:
    gms.script(by_request(lambda request: json_answer({"target": request.target})))
    place = place_at(site.ports[HTTP2], authority)
    recorded: list[Exchange] = []
    async with GmsClient(place, recorded.append) as client:
        for _ in range(3):
            await asyncio.gather(*(client.send(status(place, f"a{n}")) for n in range(20)))
    assert [ended_by(exchange) for exchange in recorded] == [None] * 60
    for exchange in recorded:
        assert exchange.response is not None
        assert exchange.request.url.rsplit("/", 2)[1].encode() in exchange.response.body
    assert sum(exchange.timing.tls is not None for exchange in recorded) == 1


async def test_an_upload_and_an_answer_before_its_end(
    gms: WireServer, site: Nginx, authority: Authority, tmp_path: Path
) -> None:
    path = file_with(tmp_path, "big", bytes(range(256)) * (16 * 4096))
    gms.script(json_answer({"_id": "a1"}))
    place = place_at(site.ports[HTTP2], authority)
    exchange = await send(place, with_file(place, path))
    assert exchange.failure is None, exchange.failure
    assert path.read_bytes() in gms.requests[0].body
    # nginx refuses it by its size, while it is under way.
    limited = place_at(site.ports[LIMITED], authority)
    recorded: list[Exchange] = []
    async with GmsClient(limited, recorded.append) as client:
        early_one = await client.send(with_file(limited, path))
        assert early_one.response is not None, early_one.failure
        assert (early_one.failure, early_one.response.status) == (None, 413)
        again = await client.send(status(limited))
        assert again.failure is None
        assert again.timing.connect is None
    # GMS itself answers early, behind nginx.
    gms.script(early(json_answer({"message": "no"}, 401, [("Connection", "close")])))
    exchange = await send(place, with_file(place, path))
    assert exchange.response is not None, exchange.failure
    assert exchange.response.status in {401, 502}


async def test_http2_through_a_proxy(
    gms: WireServer, site: Nginx, authority: Authority, tmp_path: Path
) -> None:
    gms.script(json_answer({"_id": "a1"}))
    with tinyproxy(tmp_path / "proxy") as started:
        proxy = Proxy(mode=ProxyMode.EXPLICIT, url=started.url)
        place = replace(place_at(site.ports[HTTP2], authority), proxy=proxy)
        exchange = await send(place, prepare_create(place, "callme"))
    assert exchange.failure is None, exchange.failure
    assert exchange.request.http_version == "HTTP/2"
    assert started.requests == [f"CONNECT 127.0.0.1:{place.port} HTTP/1.1"]


async def test_cancelled_behind_nginx_ends_at_gms(
    gms: WireServer, site: Nginx, authority: Authority
) -> None:
    gms.script(hold())
    place = place_at(site.ports[HTTP2], authority)
    recorded: list[Exchange] = []
    async with GmsClient(place, recorded.append) as client:
        task = asyncio.create_task(client.send(status(place)))
        await asyncio.to_thread(gms.wait_for_gates)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.to_thread(gms.wait_for_abandoned)
    assert ended_by(recorded[0]) is FailureKind.CANCELLED
    assert recorded[0].failure is not None
    assert recorded[0].failure.phase == "wait"


# --- before a server that we play, frame by frame -------------------------------------------------


async def under_way(server: Http2Server, *tasks: "asyncio.Task[Exchange]") -> None:
    """Wait until the server has all of these requests."""
    await server.until(lambda: len(server.requests) >= len(tasks))
    assert not any(task.done() for task in tasks)


def silent(request: Http2Request, moment: str) -> None:
    """Answer nothing."""


async def test_cancelling_one_of_two_leaves_the_other_its_connection(authority: Authority) -> None:
    async with http2_server(authority.server_context(authority.issue())) as server:
        server.step = silent
        place = place_at(server.port, authority)
        async with GmsClient(place, lambda _: None) as client:
            first, second = (
                asyncio.create_task(client.send(status(place, name))) for name in ("a1", "a2")
            )
            await server.until(lambda: sum(one.ended for one in server.requests) == 2)
            first.cancel()
            with pytest.raises(asyncio.CancelledError):
                await first
            given_up = next(one for one in server.requests if "/a1/" in one.value(":path"))
            await server.until(lambda: given_up.reset is not None)
            assert given_up.reset == ErrorCodes.CANCEL
            assert not server.connections[0].lost.is_set()
            other = next(one for one in server.requests if one is not given_up)
            other.answer(b'{"status": "ok"}')
            exchange = await second
            assert exchange.failure is None
            # The last one takes the connection along.
            server.step = silent
            third = asyncio.create_task(client.send(status(place)))
            await server.until(lambda: len(server.requests) == 3)
            third.cancel()
            with pytest.raises(asyncio.CancelledError):
                await third
            await asyncio.wait_for(server.connections[0].lost.wait(), 2)
        assert len(server.connections) == 1


async def test_a_cancel_does_not_take_the_connection_from_the_next_request(
    authority: Authority,
) -> None:
    async with http2_server(authority.server_context(authority.issue())) as server:
        server.step = lambda request, moment: (
            request.answer() if moment == "end" and "/fast/" in request.value(":path") else None
        )
        place = place_at(server.port, authority)
        async with GmsClient(place, lambda _: None) as client:
            for turns in range(24):
                slow = asyncio.create_task(client.send(status(place, "slow")))
                await under_way(server, slow)
                slow.cancel()
                # The next one comes at any moment of the other one's end.
                for _ in range(turns):
                    await asyncio.sleep(0)
                assert (await client.send(status(place, "fast"))).failure is None
                assert slow.done()
                server.requests.clear()


async def test_the_silence_of_one_request_is_not_that_of_another(authority: Authority) -> None:
    async with http2_server(authority.server_context(authority.issue())) as server:
        server.step = lambda request, moment: (
            request.answer() if moment == "end" and "/fast/" in request.value(":path") else None
        )
        place = place_at(server.port, authority, patience=0.4)
        recorded: list[Exchange] = []
        async with GmsClient(place, recorded.append) as client:
            slow = asyncio.create_task(client.send(status(place, "slow")))
            await under_way(server, slow)
            # Answers to others come all the time, and do not give the slow one more time.
            while not slow.done():
                fast = await client.send(status(place, "fast"))
                assert fast.failure is None
            exchange = await slow
        assert ended_by(exchange) is FailureKind.TIMEOUT
        assert exchange.failure is not None
        assert exchange.failure.message == "No answer within 0.4 s"
        assert exchange.timing.wait is not None
        assert exchange.timing.wait < 2000
        # Where its end comes between two others, it takes the connection along.
        assert len(server.connections) <= 2


async def test_an_upload_that_the_server_does_not_take_times_out_and_one_it_answers_does_not(
    authority: Authority, tmp_path: Path
) -> None:
    path = file_with(tmp_path, "big", bytes(2 * MIB))
    async with http2_server(authority.server_context(authority.issue())) as server:
        server.takes, server.step = False, silent
        place = place_at(server.port, authority, patience=0.3)
        exchange = await send(place, with_file(place, path))
        assert ended_by(exchange) is FailureKind.TIMEOUT
        assert exchange.failure is not None
        assert exchange.failure.phase == "send"

        def refuse(request: Http2Request, moment: str) -> None:
            if moment == "head":
                request.answer(b'{"message": "too large"}', 413)
                request.connection.h2.reset_stream(request.stream, ErrorCodes.NO_ERROR)

        server.step = refuse
        exchange = await send(place, with_file(place, path))
        assert exchange.response is not None, exchange.failure
        assert (exchange.failure, exchange.response.status) == (None, 413)
        assert exchange.response.body == b'{"message": "too large"}'


async def test_an_upload_goes_on_while_another_request_waits(
    authority: Authority, tmp_path: Path
) -> None:
    path = file_with(tmp_path, "big", bytes(2 * MIB))
    async with http2_server(authority.server_context(authority.issue())) as server:
        server.step = lambda request, moment: (
            request.answer() if moment == "end" and request.body else None
        )
        place = place_at(server.port, authority)
        async with GmsClient(place, lambda _: None) as client:
            waiting = asyncio.create_task(client.send(status(place)))
            await under_way(server, waiting)
            exchange = await asyncio.wait_for(client.send(with_file(place, path)), 4)
            assert exchange.failure is None, exchange.failure
            server.requests[0].answer()
            assert (await waiting).failure is None
        assert len(server.requests[1].body) > 2 * MIB


async def test_a_connection_that_the_server_has_closed_is_not_used_again(
    authority: Authority,
) -> None:
    """Servers say goodbye to idle connections; a poll that comes later takes a new one."""
    async with http2_server(authority.server_context(authority.issue())) as server:
        place = place_at(server.port, authority)
        async with GmsClient(place, lambda _: None) as client:
            assert (await client.send(status(place))).failure is None
            first = server.connections[0]
            first.h2.close_connection()
            first.flush()
            first.transport.close()
            await asyncio.wait_for(first.lost.wait(), 2)
            await settle()
            again = await client.send(status(place))
    assert again.failure is None, again.failure
    assert again.timing.connect is not None


async def test_a_request_that_crosses_the_server_s_goodbye_is_not_sent_twice(
    authority: Authority,
) -> None:
    async with http2_server(authority.server_context(authority.issue())) as server:
        place = place_at(server.port, authority)
        async with GmsClient(place, lambda _: None) as client:
            assert (await client.send(status(place))).failure is None

            def goodbye(request: Http2Request, moment: str) -> None:
                if moment == "end":
                    request.connection.h2.close_connection(last_stream_id=1)

            server.step = goodbye
            crossed = await client.send(prepare_create(place, "callme", Form.of(("a", "1"))))
            assert ended_by(crossed) is FailureKind.RESET
            assert crossed.failure is not None
            assert "goodbye" in crossed.failure.message
            assert len(server.requests) == 2
            server.step = answer_at_the_end
            again = await client.send(prepare_create(place, "callme", Form.of(("a", "1"))))
            assert again.failure is None, again.failure
            # One that is told while nothing is under way costs nothing.
            server.connections[1].h2.close_connection()
            server.connections[1].flush()
            await settle()
            third = await client.send(prepare_create(place, "callme", Form.of(("a", "1"))))
            assert third.failure is None, third.failure
    assert (len(server.requests), len(server.connections)) == (4, 3)


def _reset(request: Http2Request, moment: str) -> None:
    if moment == "head":
        request.connection.h2.reset_stream(request.stream, ErrorCodes.ENHANCE_YOUR_CALM)


def _hang_up(request: Http2Request, moment: str) -> None:
    request.connection.transport.abort()


def _go_away(request: Http2Request, moment: str) -> None:
    if moment == "end":
        request.connection.h2.close_connection(ErrorCodes.INTERNAL_ERROR, last_stream_id=1)


def _cut(request: Http2Request, moment: str) -> None:
    if moment == "head":
        request.answer(b'{"_id": ', end=False)
        # What the client sends on is answered by a reset; what came before that is kept.
        request.connection.transport.close()


def _reset_inside(request: Http2Request, moment: str) -> None:
    if moment == "head":
        request.answer(b'{"_id": ', end=False)
        request.connection.h2.reset_stream(request.stream, ErrorCodes.INTERNAL_ERROR)


def _garble(request: Http2Request, moment: str) -> None:
    # DATA for no stream.
    request.connection.transport.write(bytes(9))


@pytest.mark.parametrize(
    ("step", "kinds", "words", "kept"),
    [
        (_reset, {FailureKind.RESET}, "ENHANCE_YOUR_CALM", None),
        (_hang_up, {FailureKind.NO_ANSWER, FailureKind.RESET}, "", None),
        (_go_away, {FailureKind.RESET}, "INTERNAL_ERROR", None),
        (_cut, {FailureKind.CUT}, "inside the answer", b'{"_id": '),
        (_reset_inside, {FailureKind.RESET}, "INTERNAL_ERROR", b'{"_id": '),
        (_garble, {FailureKind.GARBLED}, "not HTTP/2", None),
    ],
    ids=["reset", "hang-up", "go-away", "cut", "reset-inside", "garble"],
)
async def test_what_goes_wrong_is_named_and_the_client_stays_usable(
    authority: Authority,
    step: Step,
    kinds: set[FailureKind],
    words: str,
    kept: bytes | None,
) -> None:
    async with http2_server(authority.server_context(authority.issue())) as server:
        server.step = step
        place = place_at(server.port, authority)
        recorded: list[Exchange] = []
        async with GmsClient(place, recorded.append) as client:
            exchange = await client.send(prepare_create(place, "callme", Form.of(("a", "1"))))
            assert exchange.failure is not None
            assert exchange.failure.kind in kinds, exchange.failure
            assert words in exchange.failure.message
            body = exchange.response.body if exchange.response is not None else None
            assert body == kept
            assert len(server.requests) == 1
            server.step = answer_at_the_end
            again = await client.send(prepare_create(place, "callme"))
            assert again.failure is None, again.failure
        assert len(recorded) == 2


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_small_pieces_leave_at_once(gms: WireServer, host: str) -> None:
    """Otherwise each of them would wait for the other side's word, 40 ms at a time."""
    stream = await Network().connect_tcp(host, gms.port)
    sock = stream.get_extra_info("socket")
    assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    await stream.aclose()


def test_http2_is_loaded_only_where_it_is_wanted() -> None:
    code = """
import asyncio, sys
from gms_console.client.client import GmsClient
from gms_console.model.environment import Environment
from gms_console.wire.request import prepare_create
async def main():
    place = Environment.parse("http://127.0.0.1:1", timeout=2)
    async with GmsClient(place, lambda _: None) as client:
        await client.send(prepare_create(place, "x"))
asyncio.run(main())
assert "httpcore" in sys.modules
print([name for name in ("h2", "hpack", "truststore", "cryptography") if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=30
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
