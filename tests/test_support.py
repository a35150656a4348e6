"""The test server and the body readers, judged by hand-written bytes."""

import asyncio
import contextlib
import gc
import hashlib
import socket
import ssl
import struct
import threading
from pathlib import Path

import httpx
import pytest

from tests.support.wire_server import (
    UNKNOWN_HOST,
    Answer,
    Wire,
    WireRequest,
    WireServer,
    by_request,
    chunked_answer,
    close_before_answer,
    cut_in_body,
    cut_in_headers,
    early,
    garbage,
    hold,
    json_answer,
    raw_answer,
    refused_port,
    reset_before_answer,
    self_signed_certificate,
    slow_body,
    slow_headers,
    text_answer,
    truncated_chunked,
    unused_port,
)

GET = b"GET /genesys/1/service/42 HTTP/1.1\r\nHost: x\r\n\r\n"
LAST = b"GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


def connect(server: WireServer) -> socket.socket:
    return socket.create_connection((server.host, server.port), timeout=5)


def read_all(sock: socket.socket) -> bytes:
    return b"".join(iter(lambda: sock.recv(65536), b""))


def read_exactly(sock: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        part = sock.recv(count - len(data))
        assert part, f"closed after {data!r}"
        data += part
    return data


def talk(server: WireServer, data: bytes) -> bytes:
    """Send bytes and return everything up to the server's close."""
    with connect(server) as sock:
        sock.sendall(data)
        return read_all(sock)


def test_records_a_request_to_the_byte() -> None:
    head = (
        b"POST /GMS-web/gms/1/service/a%20b?x=1 HTTP/1.1\r\n"
        b"hOsT:  127.0.0.1\r\nX-Twice: 1\r\nx-twice: 2\r\nX-Latin: \xe9\r\n"
        b"content-LENGTH: 4\r\nConnection: close\r\n\r\n"
    )
    with WireServer() as server:
        assert talk(server, head + b"\x00\r\n\xff") == OK
        (request,) = server.requests
    assert request == WireRequest(
        method="POST",
        target="/GMS-web/gms/1/service/a%20b?x=1",
        version="HTTP/1.1",
        headers=[
            ("hOsT", "127.0.0.1"),
            ("X-Twice", "1"),
            ("x-twice", "2"),
            ("X-Latin", "é"),
            ("content-LENGTH", "4"),
            ("Connection", "close"),
        ],
        head=head,
        body=b"\x00\r\n\xff",
        wire_body=b"\x00\r\n\xff",
        body_size=4,
        body_sha256=hashlib.sha256(b"\x00\r\n\xff").hexdigest(),
        connection=1,
    )
    assert request.raw == head + b"\x00\r\n\xff"
    assert request.values("X-TWICE") == ["1", "2"]


def test_reads_a_chunked_request_and_keeps_its_framing() -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    framed = b"4\r\nab\r\n\r\nA;x=y\r\n0123456789\r\n0\r\nX-Trailer: t\r\n\r\n"
    with WireServer() as server:
        assert talk(server, head + framed) == OK
        (request,) = server.requests
    assert request.body == b"ab\r\n0123456789"
    assert request.body_size == 14
    assert request.raw == head + framed


def test_a_request_in_single_bytes_is_the_same_request() -> None:
    data = b"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    with WireServer() as server, connect(server) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in data:
            sock.sendall(bytes([byte]))
        assert read_exactly(sock, len(OK)) == OK
        (request,) = server.requests
    assert (request.raw, request.body) == (data, b"abc")


def test_keep_alive_pipelining_and_the_script() -> None:
    with WireServer(text_answer("one"), text_answer("two"), default=text_answer("-")) as server:
        answers = talk(server, GET + b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi" + GET + LAST)
        assert [part[:3] for part in answers.split(b"\r\n\r\n")[1:]] == [
            b"one",
            b"two",
            b"two",
            b"two",
        ]
        assert [request.target[-4:] for request in server.requests] == ["e/42", "/", "e/42", "last"]
        assert [request.body for request in server.requests] == [b"", b"hi", b"", b""]
        server.script(json_answer("{broken", 201, [("X-A", "b")]))
        assert talk(server, LAST) == (
            b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nX-A: b\r\n"
            b"Content-Length: 7\r\n\r\n{broken"
        )
        server.script()
        assert talk(server, LAST).endswith(b"\r\n\r\n-")
        assert [request.connection for request in server.requests] == [1, 1, 1, 1, 2, 3]
        server.wait_until(lambda: not server.open_connections)
        assert server.disconnected == 0


def test_http_1_0_and_connection_close_end_the_connection() -> None:
    with WireServer() as server:
        assert talk(server, b"GET / HTTP/1.0\r\n\r\n" + GET) == OK
        server.script(text_answer("bye", headers=[("Connection", "close")]))
        assert talk(server, GET).endswith(b"\r\n\r\nbye")


def test_measures_without_keeping() -> None:
    block = bytes(range(256)) * 4096
    with WireServer(keep_body=False) as server, connect(server) as sock:
        sock.sendall(b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (40 * len(block)))
        for _ in range(40):
            sock.sendall(block)
        assert read_exactly(sock, len(OK)) == OK
        sock.sendall(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
        sock.sendall(b"3\r\nabc\r\n0\r\n\r\n")
        assert read_exactly(sock, len(OK)) == OK
        big, small = server.requests
        assert server.bytes_received >= 40 << 20
    assert (big.body, big.body_size, big.raw) == (b"", 40 << 20, big.head)
    assert big.body_sha256 == hashlib.sha256(block * 40).hexdigest()
    assert (small.body_size, small.raw) == (3, small.head)
    assert small.body_sha256 == hashlib.sha256(b"abc").hexdigest()


@pytest.mark.parametrize(
    ("answer", "received"),
    [
        (raw_answer(b"HTTP/1.1 200 OK\r\n\r\n\xff until close", close=True), None),
        (chunked_answer([b"ab", b"0123456789"]), b"2\r\nab\r\na\r\n0123456789\r\n0\r\n\r\n"),
        (close_before_answer(), b""),
        (cut_in_headers(), b"HTTP/1.1 200 OK\r\nContent-Type: appl"),
        (cut_in_body(b"abc", 7), b"Content-Length: 7\r\n\r\nabc"),
        (truncated_chunked(b"abc"), b"chunked\r\n\r\n3\r\nabc\r\n40\r\nonly this"),
        (garbage(), b"SSH-2.0-OpenSSH_9.6\r\n"),
        (by_request(lambda request: text_answer(request.target)), b"\r\n\r\n/last"),
    ],
)
def test_answers_on_the_wire(answer: Answer, received: bytes | None) -> None:
    with WireServer(answer) as server:
        data = talk(server, LAST)
    if received is None:
        assert data == b"HTTP/1.1 200 OK\r\n\r\n\xff until close"
    elif received.startswith((b"HTTP", b"SSH")) or not received:
        assert data == received
    else:
        assert data.endswith(received)


@pytest.mark.parametrize("answer", [reset_before_answer(), cut_in_body(b"abc", 7, reset=True)])
def test_a_reset_is_a_reset(answer: Answer) -> None:
    with WireServer(answer) as server, pytest.raises(ConnectionResetError):
        talk(server, GET)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (reset_before_answer(), httpx.ReadError),
        (close_before_answer(), httpx.RemoteProtocolError),
        (cut_in_headers(), httpx.RemoteProtocolError),
        (cut_in_body(), httpx.RemoteProtocolError),
        (cut_in_body(reset=True), httpx.ReadError),
        (truncated_chunked(), httpx.RemoteProtocolError),
        (garbage(), httpx.RemoteProtocolError),
        (hold(), httpx.ReadTimeout),
        (slow_headers(threading.Event()), httpx.ReadTimeout),
        (slow_body(b"{", threading.Event()), httpx.ReadTimeout),
    ],
)
def test_what_a_real_client_makes_of_it(answer: Answer, error: type[Exception]) -> None:
    with (
        WireServer(answer) as server,
        httpx.Client(trust_env=False, verify=False, timeout=httpx.Timeout(5, read=0.2)) as client,
        pytest.raises(error),
    ):
        client.post(server.url("/x"), data={"a": "1"})
    assert [request.body for request in server.requests] == [b"a=1"]


def test_slow_answers_wait_for_their_gate() -> None:
    headers, body, held = threading.Event(), threading.Event(), threading.Event()
    with (
        WireServer(
            slow_headers(headers), slow_body(b'{"a":', body, b"1}"), hold(held, json_answer({}))
        ) as server,
        connect(server) as sock,
    ):
        sock.sendall(GET)
        part = read_exactly(sock, 35)
        assert part == b"HTTP/1.1 200 OK\r\nContent-Type: appl"
        server.wait_for_gates()
        headers.set()
        assert part + read_exactly(sock, len(OK) - 35) == OK
        sock.sendall(GET)
        first = read_exactly(sock, OK.index(b"{") + 5)
        assert first.endswith(b'Content-Length: 7\r\n\r\n{"a":')
        server.wait_for_gates()
        assert server.waiting == 1
        body.set()
        assert read_exactly(sock, 2) == b"1}"
        sock.sendall(GET)
        server.wait_for_gates()
        sock.settimeout(0.05)
        with pytest.raises(TimeoutError):
            sock.recv(1)
        held.set()
        sock.settimeout(5)
        assert read_exactly(sock, len(OK)) == OK
        assert server.abandoned == 0


def test_what_arrives_during_a_gate_is_kept_or_with_an_early_answer_thrown_away() -> None:
    gate = threading.Event()
    wires: list[Wire] = []

    def play(wire: Wire, request: WireRequest) -> None:
        wires.append(wire)
        wire.wait(None)

    with WireServer(hold(gate, json_answer({})), early(Answer(play))) as server:
        with connect(server) as sock:
            sock.sendall(GET)
            server.wait_for_gates()
            sock.sendall(LAST)
            server.wait_until(lambda: server.bytes_received == len(GET + LAST))
            gate.set()
            assert read_exactly(sock, len(OK)) == OK
            server.wait_for_gates()
            assert [request.raw for request in server.requests] == [GET, LAST]
            sock.sendall(GET)
            server.wait_until(lambda: server.bytes_received == len(GET + LAST + GET))
        server.wait_for_abandoned()
        assert wires[0]._buffer == b""


@pytest.mark.parametrize("reset", [False, True])
def test_notices_that_the_client_leaves(*, reset: bool) -> None:
    upload = b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc"

    def enter(data: bytes) -> socket.socket:
        sock = stack.enter_context(connect(server))
        sock.sendall(data)
        return sock

    def leave(sock: socket.socket) -> None:
        if reset:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()

    with (
        WireServer(json_answer({}), hold(), slow_body(b"{", threading.Event())) as server,
        contextlib.ExitStack() as stack,
    ):
        idle = enter(GET)
        read_exactly(idle, len(OK))
        leave(idle)
        server.wait_for_disconnects()
        assert server.abandoned == 0

        for count in (1, 2):
            waiting = enter(GET)
            server.wait_for_gates()
            leave(waiting)
            server.wait_for_abandoned(count)
            server.wait_until(lambda: not server.waiting)

        sending = enter(upload)
        server.wait_until(lambda: server.bytes_received == 3 * len(GET) + len(upload))
        leave(sending)
        server.wait_for_abandoned(3)
        server.wait_for_disconnects(4)
        (request,) = server.incomplete
        assert (request.complete, request.body, request.body_size) == (False, b"abc", 3)
        assert len(server.requests) == 3


def test_an_early_answer_does_not_wait_for_the_body() -> None:
    gate = threading.Event()
    with WireServer(early(text_answer("too big", 413)), early(hold(gate))) as server:
        with connect(server) as sock:
            sock.sendall(b"POST / HTTP/1.1\r\nContent-Length: 9000000\r\n\r\nabc")
            assert read_all(sock).startswith(b"HTTP/1.1 413 ")
            sock.sendall(bytes(9_000_000 - 3))  # no reset: the server reads on
        with connect(server) as sock:
            sock.sendall(b"POST / HTTP/1.1\r\nContent-Length: 99000000\r\n\r\n")
            sock.sendall(bytes(1_000_000))
            server.wait_for_gates()
        server.wait_for_abandoned()
        assert [(request.complete, request.body) for request in server.requests] == [
            (False, b""),
            (False, b""),
        ]


@pytest.mark.parametrize(
    "data",
    [
        b"hello\r\n\r\n",
        b"GET  / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/2\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost\r\n\r\n",
        b"GET / HTTP/1.1\r\n folded: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nA: b\nC: d\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\nx",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
    ],
)
def test_bad_requests_fail_the_test(data: bytes) -> None:
    server = WireServer()
    with pytest.raises(AssertionError, match="not HTTP"), server:
        answer = talk(server, data)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert (len(server.problems), server.requests) == (1, [])


def test_a_bad_request_does_not_hide_the_tests_own_error() -> None:
    def run() -> None:
        with WireServer() as server:
            talk(server, b"hello\r\n\r\n")
            raise KeyError

    with pytest.raises(KeyError):
        run()


async def test_waits_from_a_coroutine_and_serves_many_at_once() -> None:
    gate = threading.Event()

    async def one(server: WireServer) -> bytes:
        reader, writer = await asyncio.open_connection(server.host, server.port)
        writer.write(LAST)
        data = await reader.read()
        writer.close()
        await writer.wait_closed()
        return data

    with WireServer(hold(gate, json_answer({}))) as server:
        calls = [asyncio.create_task(one(server)) for _ in range(40)]
        await asyncio.to_thread(server.wait_for_gates, 40)
        gate.set()
        assert await asyncio.gather(*calls) == [OK] * 40
        assert len(server.requests) == server.connections == 40


def test_a_wait_that_is_not_met_fails() -> None:
    with WireServer() as server, pytest.raises(TimeoutError, match="disconnected"):
        server.wait_for_requests(1, timeout=0.02)


def test_stop_ends_every_thread_and_connection() -> None:
    before = set(threading.enumerate())
    big = raw_answer(bytes(50_000_000))
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(WireServer(hold(), slow_headers(threading.Event()), big))
        socks = [stack.enter_context(connect(server)) for _ in range(5)]
        for sock in socks[:3]:
            sock.sendall(GET)
        socks[3].sendall(b"POST / HTTP/1.1\r\nContent-Le")
        server.wait_for_requests(3)
        server.wait_until(lambda: server.connections == 5)
        server.stop()
        assert set(threading.enumerate()) == before
        assert (server.open_connections, server.disconnected, server.abandoned) == (0, 0, 0)
        with pytest.raises(ConnectionRefusedError):
            connect(server)
    del socks, sock
    gc.collect()  # an unclosed socket would warn here, and a warning is an error


def test_an_own_answer_can_do_anything() -> None:
    def play(wire: Wire, request: WireRequest) -> None:
        wire.send(request.head.upper())
        wire.close()

    with WireServer(Answer(play)) as server:
        assert talk(server, GET) == GET.upper()


def test_ports_and_hosts_where_nobody_is() -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", unused_port()), timeout=5)
    with refused_port() as port, pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo(UNKNOWN_HOST, 80)


def test_tls(tmp_path: Path) -> None:
    pair = self_signed_certificate(tmp_path)
    trusting = ssl.create_default_context(cafile=str(pair[0]))

    def secure() -> ssl.SSLSocket:
        return trusting.wrap_socket(
            connect(server), server_hostname="127.0.0.1", suppress_ragged_eofs=False
        )

    answers = json_answer({}), hold(), close_before_answer(), reset_before_answer()
    with WireServer(*answers, tls=pair) as server:
        assert server.url("/x") == f"https://127.0.0.1:{server.port}/x"
        with secure() as sock:
            sock.sendall(GET)
            assert read_exactly(sock, len(OK)) == OK
            sock.sendall(GET)
            server.wait_for_gates()
        server.wait_for_abandoned()
        with secure() as sock:
            sock.sendall(GET)
            assert read_all(sock) == b""
        # The ssl module may report a reset as an end without close_notify.
        with secure() as sock:
            sock.sendall(GET)
            with pytest.raises((ConnectionResetError, ssl.SSLEOFError)):
                read_all(sock)
        with connect(server) as raw, pytest.raises(ssl.SSLCertVerificationError):
            ssl.create_default_context().wrap_socket(raw, server_hostname="127.0.0.1")
        server.wait_until(lambda: server.handshake_failures == 1)
        with secure():
            server.wait_until(lambda: server.open_connections == 1)
            server.stop()
    assert [request.raw for request in server.requests] == [GET] * 4
