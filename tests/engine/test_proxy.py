"""Proxies: what goes through them, what only they are told, and what they refuse."""

import asyncio
import socket
import ssl
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from gms_console.client.client import GmsClient
from gms_console.model.connection import Proxy, ProxyMode, Tls
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange, Failure, FailureKind
from gms_console.model.form import Form, Row
from gms_console.wire.request import prepare_create
from tests.engine.helpers import full_listener, send, settle
from tests.support.certificates import Authority
from tests.support.proxy import RunningProxy, tinyproxy
from tests.support.wire_server import (
    UNKNOWN_HOST,
    Answer,
    WireServer,
    early,
    garbage,
    hold,
    json_answer,
    raw_answer,
    refused_port,
    text_answer,
)

USER, PASSWORD = "proxy user", "canary:pass wörd"
SECRET = b64encode(f"{USER}:{PASSWORD}".encode()).decode()


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningProxy]:
    with tinyproxy(tmp_path_factory.mktemp("proxy")) as started:
        yield started


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def secure(authority: Authority) -> Iterator[WireServer]:
    """GMS with TLS."""
    with WireServer(tls=authority.issue().files) as server:
        yield server


def through(url: str, user: str = "", password: str = "") -> Proxy:
    """An explicit proxy."""
    return Proxy(mode=ProxyMode.EXPLICIT, url=url, user=user, password=password)


def place_of(
    server: WireServer, proxy: Proxy, authority: Authority | None = None, *, patience: float = 5
) -> Environment:
    """The server behind a proxy."""
    tls = Tls(ca_file=authority.file if authority is not None else None)
    environment = Environment.parse(server.base_url, timeout=patience)
    return replace(environment, proxy=proxy, tls=tls)


async def create(place: Environment) -> Exchange:
    """Create with one row."""
    return await send(place, prepare_create(place, "callme", Form.of(("a", "1"))))


def failure(exchange: Exchange, kind: FailureKind = FailureKind.PROXY) -> Failure:
    """The failure; no answer came, and no secret stands in the Exchange."""
    assert exchange.failure is not None
    assert exchange.failure.kind is kind, exchange.failure
    assert exchange.response is None
    assert PASSWORD not in repr(exchange)
    assert SECRET not in repr(exchange)
    return exchange.failure


# --- through tinyproxy ------------------------------------------------------------------------


async def test_plain_http_is_forwarded(wire: WireServer, proxy: RunningProxy) -> None:
    wire.script(json_answer({"_id": "a1"}))
    exchange = await create(place_of(wire, through(proxy.url)))
    assert exchange.failure is None, exchange.failure
    (request,) = wire.requests
    assert "test-proxy" in request.values("via")[0]
    assert request.target == "/genesys/1/service/callme"
    assert request.body == b"a=1"
    assert f"POST {exchange.request.url} HTTP/1.1" in proxy.requests
    # What is recorded is the request itself, as without a proxy.
    assert ("Host", f"127.0.0.1:{wire.port}") in exchange.request.headers
    assert exchange.request.url == f"{wire.base_url}/genesys/1/service/callme"


async def test_https_goes_through_a_tunnel_and_keeps_it(
    secure: WireServer, proxy: RunningProxy, authority: Authority
) -> None:
    secure.script(json_answer({"_id": "a1"}))
    place = place_of(secure, through(proxy.url), authority)
    recorded: list[Exchange] = []
    async with GmsClient(place, recorded.append) as client:
        for _ in range(2):
            await client.send(prepare_create(place, "callme"))
    first, second = recorded
    assert first.failure is second.failure is None
    assert first.timing.connect is not None
    assert first.timing.tls is not None
    assert second.timing.connect is second.timing.tls is None
    assert secure.requests[0].values("via") == []
    assert first.request.headers == second.request.headers
    assert first.request.method == "POST"
    connects = [one for one in proxy.requests if one.startswith("CONNECT")]
    assert connects.count(f"CONNECT 127.0.0.1:{secure.port} HTTP/1.1") == 1


async def test_only_the_proxy_is_told_its_login(
    wire: WireServer, secure: WireServer, authority: Authority, tmp_path: Path
) -> None:
    login = ("tester", "canary-word")
    encoded = b64encode(":".join(login).encode()).decode()
    with tinyproxy(tmp_path, login=login) as started:
        for server, trusted in ((wire, None), (secure, authority)):
            place = place_of(server, through(started.url, *login), trusted)
            exchange = await create(place)
            assert exchange.failure is None, exchange.failure
            (request,) = server.requests
            assert b"roxy-" not in request.head
            assert encoded.encode() not in request.raw
            assert encoded not in repr(exchange)
            assert login[1] not in repr(exchange)

            refused = failure(await create(place_of(server, through(started.url), trusted)))
            assert "wants a user name and a password (407" in refused.message
            wrong = through(started.url, "tester", "other")
            exchange = await create(place_of(server, wrong, trusted))
            if server is secure:
                assert "does not accept the user name and password" in failure(exchange).message
            else:
                # tinyproxy says 401, as GMS might: it is shown as it came.
                assert exchange.response is not None
                assert exchange.response.status == 401
            assert len(server.requests) == 1


async def test_a_proxy_that_does_not_connect_to_a_port(
    secure: WireServer, authority: Authority, tmp_path: Path
) -> None:
    with tinyproxy(tmp_path, connect_ports=(563,)) as started:
        found = failure(await create(place_of(secure, through(started.url), authority)))
    assert found.phase == "connect"
    assert f"The proxy 127.0.0.1:{started.port} does not connect to" in found.message
    assert "403" in found.message
    assert secure.connections == 0


async def test_gms_is_down_behind_the_proxy(proxy: RunningProxy, authority: Authority) -> None:
    with refused_port() as port:
        plain = replace(
            Environment.parse(f"http://127.0.0.1:{port}", timeout=5), proxy=through(proxy.url)
        )
        exchange = await create(plain)
        tunnel = await create(replace(plain, scheme="https", tls=Tls(ca_file=authority.file)))
    # For plain HTTP the proxy's own page is an answer like any other.
    assert exchange.response is not None
    assert exchange.response.status in {500, 502, 503}
    assert "does not connect to" in failure(tunnel).message


async def test_the_name_of_a_proxy_may_be_written_in_any_script(
    wire: WireServer, proxy: RunningProxy
) -> None:
    # Full-width letters, which a look-up takes for the plain ones.
    url = f"http://\uff4c\uff4f\uff43alhost:{proxy.port}"
    exchange = await create(place_of(wire, through(url)))
    assert exchange.failure is None
    assert len(wire.requests) == 1


async def test_a_system_s_proxy_that_appears_later_is_taken(
    proxy: RunningProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is asked for when a connection is opened. The name needs no look-up here."""
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")
    place = replace(
        Environment.parse(f"http://{UNKNOWN_HOST}", timeout=5), proxy=Proxy(mode=ProxyMode.SYSTEM)
    )
    recorded: list[Exchange] = []
    async with GmsClient(place, recorded.append) as client:
        await client.send(prepare_create(place, "x"))
        monkeypatch.setenv("http_proxy", proxy.url)
        await client.send(prepare_create(place, "x"))
    assert recorded[0].failure is not None
    assert recorded[0].failure.kind is FailureKind.NAME
    assert recorded[1].response is not None
    assert recorded[1].response.status >= 500
    assert any(UNKNOWN_HOST in line for line in proxy.requests)


# --- proxies that fail ------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_proxy_that_cannot_be_reached(scheme: str) -> None:
    place = Environment.parse(f"{scheme}://gms.example", timeout=5)
    with refused_port() as port:
        found = failure(await create(replace(place, proxy=through(f"http://127.0.0.1:{port}"))))
        assert f"127.0.0.1:{port} refuses connections" in found.message
    found = failure(await create(replace(place, proxy=through(f"http://{UNKNOWN_HOST}:1"))))
    assert f"{UNKNOWN_HOST}:1 cannot be found" in found.message
    assert found.phase in {"connect", "look-up"}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (raw_answer(b"HTTP/1.1 502 Bad Gateway\r\n\r\n<html>", close=True), "502 Bad Gateway"),
        (raw_answer(b"HTTP/1.0 407 \r\n\r\n", close=True), "does not accept the user name"),
        (raw_answer(b"HTTP/1.1 200 OK\r\n\r\n<html>login</html>"), "a page of its own (200 OK)"),
        (text_answer("<p>", headers=[("Content-Type", "text/html")]), "a page of its own"),
        (garbage(), "begins with 'SSH-2.0"),
        (raw_answer(b"HTTP/1.1 abc\r\n\r\n", close=True), "does not answer as an HTTP proxy"),
        (raw_answer(b"HTTP/1.1 20", close=True), "does not answer as an HTTP proxy"),
        (raw_answer(b"", close=True), "closed the connection without an answer"),
    ],
    ids=["502", "407", "page", "html", "ssh", "status", "cut", "closed"],
)
async def test_a_proxy_that_answers_connect_with_something_else(answer: Answer, words: str) -> None:
    with WireServer(answer) as server:
        place = replace(
            Environment.parse("https://gms.example", timeout=5),
            proxy=through(f"http://127.0.0.1:{server.port}", USER, PASSWORD),
        )
        found = failure(await create(place))
    (request,) = server.requests
    assert (request.method, request.target) == ("CONNECT", "gms.example:443")
    assert request.values("proxy-authorization") == [f"Basic {SECRET}"]
    assert words in found.message
    assert f"The proxy 127.0.0.1:{server.port} " in found.message


async def test_interim_answers_of_a_proxy_are_passed_over(
    secure: WireServer, authority: Authority
) -> None:
    answer = raw_answer(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 403 No\r\n\r\n", close=True)
    with WireServer(answer) as server:
        place = place_of(secure, through(f"http://127.0.0.1:{server.port}"), authority)
        assert "403 No" in failure(await create(place)).message


async def test_a_proxy_that_says_nothing_is_named(authority: Authority) -> None:
    with WireServer(hold()) as server:
        place = replace(
            Environment.parse("https://gms.example", timeout=0.2),
            proxy=through(f"http://127.0.0.1:{server.port}"),
        )
        found = failure(await create(place), FailureKind.TIMEOUT)
        await asyncio.to_thread(server.wait_for_abandoned)
    assert f"The proxy 127.0.0.1:{server.port} made no connection within 0.2 s" == found.message
    with full_listener() as port:
        place = replace(place, proxy=through(f"http://127.0.0.1:{port}"))
        assert f":{port} made no" in failure(await create(place), FailureKind.TIMEOUT).message


async def test_failures_do_not_use_up_the_connections(authority: Authority) -> None:
    """The certificate is not trusted, behind a proxy that connects: as often as one likes."""
    with WireServer(tls=authority.issue().files) as server:
        async with relay(server.port) as (port, _):
            place = place_of(server, through(f"http://127.0.0.1:{port}"), patience=5)
            async with GmsClient(place, lambda _: None) as client:
                for _ in range(12):
                    exchange = await client.send(prepare_create(place, "x"))
                    assert exchange.failure is not None
                    assert exchange.failure.kind is FailureKind.TLS


async def test_socks_is_refused_in_words() -> None:
    place = Environment.parse("http://gms.example", timeout=5)
    for mode_url in ("socks5://127.0.0.1:1080", "socks4a://user:canary@h"):
        found = failure(await create(replace(place, proxy=through(mode_url))))
        assert "SOCKS" in found.message
        assert "canary" not in found.message


# --- a proxy that speaks TLS --------------------------------------------------------------------


@asynccontextmanager
async def relay(
    port: int, context: ssl.SSLContext | None = None
) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A proxy of our own, with or without TLS: connects every CONNECT to `port` of this machine.

    Gives its port, and the heads of what it was asked.
    """
    heads: list[bytes] = []

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            heads.append(await reader.readuntil(b"\r\n\r\n"))
            there, back = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await asyncio.gather(pump(reader, back), pump(there, writer))
        writer.close()

    asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1], heads
    await settle()


async def test_tls_within_tls(secure: WireServer, authority: Authority) -> None:
    secure.script(json_answer({"_id": "a1"}))
    context = authority.server_context(authority.issue("localhost"))
    async with relay(secure.port, context) as (port, heads):
        place = place_of(secure, through(f"https://localhost:{port}", USER, PASSWORD), authority)
        exchange = await create(place)
        assert exchange.failure is None, exchange.failure
        assert f"Basic {SECRET}".encode() in heads[0]
        assert secure.requests[0].values("proxy-authorization") == []
        # The proxy's own certificate is always checked, or its login would go to anybody.
        for verify in (True, False):
            lax = replace(place, tls=Tls(), verify_tls=verify)
            found = failure(await create(lax))
            assert "The certificate of localhost" in found.message
        assert len(heads) == 1


async def test_cancelled_inside_tls_within_tls_closes_all(
    secure: WireServer, authority: Authority
) -> None:
    secure.script(hold())
    context = authority.server_context(authority.issue("localhost"))
    async with relay(secure.port, context) as (port, _):
        place = place_of(secure, through(f"https://localhost:{port}"), authority)
        async with GmsClient(place, lambda _: None) as client:
            task = asyncio.create_task(client.send(prepare_create(place, "x")))
            await asyncio.to_thread(secure.wait_for_gates)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await asyncio.to_thread(secure.wait_for_abandoned)


async def test_plain_http_through_a_proxy_with_tls(authority: Authority) -> None:
    with WireServer(json_answer({"_id": "a1"}), tls=authority.issue().files) as server:
        proxy = through(f"https://127.0.0.1:{server.port}", USER, PASSWORD)
        place = replace(
            Environment.parse("http://gms.example", timeout=5),
            proxy=proxy,
            tls=Tls(ca_file=authority.file),
        )
        exchange = await create(place)
    assert exchange.failure is None, exchange.failure
    (request,) = server.requests
    assert request.target == "http://gms.example/genesys/1/service/callme"
    assert request.values("host") == ["gms.example"]
    assert request.values("proxy-authorization") == [f"Basic {SECRET}"]
    assert SECRET not in repr(exchange)
    assert not any("proxy" in name.lower() for name, _ in exchange.request.headers)


# --- early answers and cancelling -----------------------------------------------------------------


async def test_an_early_answer_comes_through_the_tunnel(
    secure: WireServer, proxy: RunningProxy, authority: Authority, tmp_path: Path
) -> None:
    secure.script(early(json_answer({"message": "too large"}, 413, [("Connection", "close")])))
    path = tmp_path / "big"
    path.write_bytes(bytes(16 << 20))
    place = place_of(secure, through(proxy.url), authority)
    form = Form((Row(key="FileKey", file=path),))
    exchange = await send(place, prepare_create(place, "callme", form))
    assert exchange.response is not None, exchange.failure
    assert exchange.response.status == 413


async def test_cancelled_while_the_proxy_connects() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(4)
        port = listener.getsockname()[1]
        place = replace(
            Environment.parse("https://gms.example"), proxy=through(f"http://127.0.0.1:{port}")
        )
        recorded: list[Exchange] = []
        async with GmsClient(place, recorded.append) as client:
            task = asyncio.create_task(client.send(prepare_create(place, "x")))
            connection, _ = await asyncio.to_thread(listener.accept)
            with connection:
                connection.settimeout(4)
                assert (await asyncio.to_thread(connection.recv, 99)).startswith(b"CONNECT ")
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                assert await asyncio.to_thread(_closed, connection)
    assert recorded[0].failure is not None
    assert (recorded[0].failure.kind, recorded[0].failure.phase) == (
        FailureKind.CANCELLED,
        "connect",
    )


def _closed(connection: socket.socket) -> bool:
    try:
        while connection.recv(65536):
            pass
    except ConnectionResetError:
        pass
    return True
