"""Whatever goes wrong in transport is named, kept with what came, and recorded once."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gms_console.client.client import GmsClient
from gms_console.model.answer import ProblemKind, read_answer
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange, FailureKind
from gms_console.model.form import Form
from gms_console.wire.request import prepare_create
from tests.engine.helpers import (
    create,
    environment,
    full_listener,
    send,
    send_create,
    silent_listener,
)
from tests.support.wire_server import (
    UNKNOWN_HOST,
    Answer,
    WireServer,
    answer_bytes,
    close_before_answer,
    cut_in_body,
    cut_in_headers,
    garbage,
    hold,
    json_answer,
    raw_answer,
    refused_port,
    reset_before_answer,
    self_signed_certificate,
    slow_body,
    slow_headers,
    truncated_chunked,
)

SHORT = 0.2
"""Time-out of the environments below, in seconds."""


async def sent_to(url: str, *, patience: float = 5, verify_tls: bool = True) -> Exchange:
    """Send a create to a base URL."""
    place = Environment.parse(url, timeout=patience, verify_tls=verify_tls)
    return await send(place, prepare_create(place, "request-interaction", Form.of(("a", "1"))))


def check(exchange: Exchange, kind: FailureKind, phase: str) -> None:
    """The Exchange failed as named, with words, and is read as a transport problem."""
    assert exchange.failure is not None
    assert (exchange.failure.kind, exchange.failure.phase) == (kind, phase)
    assert exchange.failure.message.strip()
    problem = read_answer(exchange).problem
    assert problem is not None
    assert (problem.kind, problem.failure) == (ProblemKind.TRANSPORT, kind)
    assert problem.said == exchange.failure.message
    assert exchange.timing.total >= 0
    assert exchange.request.headers


async def test_nobody_listens() -> None:
    with refused_port() as port:
        exchange = await sent_to(f"http://127.0.0.1:{port}")
    check(exchange, FailureKind.REFUSED, "connect")
    assert exchange.response is None
    assert exchange.request.body_preview == "a=1"


async def test_nobody_listens_on_any_address_of_localhost() -> None:
    with refused_port() as port:
        check(await sent_to(f"http://localhost:{port}"), FailureKind.REFUSED, "connect")


@pytest.mark.parametrize("host", [UNKNOWN_HOST, "a..b", "a" * 64 + ".invalid", "x_y.invalid"])
async def test_a_host_that_nobody_knows(host: str) -> None:
    exchange = await sent_to(f"http://{host}:8080")
    check(exchange, FailureKind.NAME, "look-up")
    assert exchange.failure is not None
    assert host in exchange.failure.message


async def test_a_host_that_does_not_answer_the_call() -> None:
    with full_listener() as port:
        exchange = await sent_to(f"http://127.0.0.1:{port}", patience=SHORT)
    check(exchange, FailureKind.TIMEOUT, "connect")
    assert exchange.failure is not None
    assert "0.2 s" in exchange.failure.message
    assert exchange.timing.connect is not None
    assert exchange.timing.connect >= 190
    assert exchange.timing.send is None


async def test_a_host_that_never_shakes_hands() -> None:
    with silent_listener() as port:
        exchange = await sent_to(f"https://127.0.0.1:{port}", patience=SHORT)
    check(exchange, FailureKind.TIMEOUT, "tls")
    assert exchange.failure is not None
    assert "TLS" in exchange.failure.message


@pytest.mark.parametrize(
    ("answer", "kinds"),
    [
        (reset_before_answer(), {FailureKind.RESET}),
        (close_before_answer(), {FailureKind.NO_ANSWER}),
        (cut_in_headers(), {FailureKind.CUT}),
        (garbage(), {FailureKind.GARBLED}),
        (garbage(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), {FailureKind.GARBLED}),
        (garbage(b"HTTP/1.1 abc OK\r\n\r\n"), {FailureKind.GARBLED}),
        (garbage(b"\x15\x03\x01\x00\x02\x02\x46"), {FailureKind.GARBLED}),
        (raw_answer(b"HTTP/1.1 200 OK\r\nbad header\r\n\r\n"), {FailureKind.GARBLED}),
        (
            raw_answer(answer_bytes(b"", headers=[("Content-Length", "1, 2")])),
            {FailureKind.GARBLED},
        ),
    ],
    ids=[
        "reset",
        "closed",
        "cut",
        "ssh",
        "ssh-end",
        "status",
        "tls-alert",
        "header",
        "two-lengths",
    ],
)
async def test_no_answer_comes(wire: WireServer, answer: Answer, kinds: set[FailureKind]) -> None:
    wire.script(answer)
    exchange = await send_create(wire, Form.of(("a", "1")))
    assert exchange.failure is not None
    assert exchange.failure.kind in kinds
    check(exchange, exchange.failure.kind, "wait")
    assert exchange.response is None
    assert len(wire.requests) == 1


@pytest.mark.parametrize(
    ("answer", "kind", "kept"),
    [
        (cut_in_body(b'{"_id": "'), FailureKind.CUT, b'{"_id": "'),
        (cut_in_body(b""), FailureKind.CUT, b""),
        (truncated_chunked(b'{"_id": '), FailureKind.CUT, b'{"_id": only this'),
        (
            raw_answer(
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\nnot hex\r\n"
            ),
            FailureKind.GARBLED,
            b"{}",
        ),
    ],
    ids=["cut", "cut-at-once", "chunked", "bad-chunk"],
)
async def test_the_answer_breaks_off_and_its_part_is_kept(
    wire: WireServer, answer: Answer, kind: FailureKind, kept: bytes
) -> None:
    wire.script(answer)
    exchange = await send_create(wire)
    check(exchange, kind, "receive")
    response = exchange.response
    assert response is not None
    assert (response.status, response.complete) == (200, False)
    assert kept.startswith(response.body) if kind is FailureKind.GARBLED else response.body == kept


async def test_the_connection_is_reset_inside_the_answer(wire: WireServer) -> None:
    wire.script(cut_in_body(b'{"_id": "', reset=True))
    exchange = await send_create(wire)
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.RESET


async def test_the_server_takes_longer_than_the_time_out(wire: WireServer) -> None:
    wire.script(hold())
    exchange = await send_create(wire, patience=SHORT)
    check(exchange, FailureKind.TIMEOUT, "wait")
    assert exchange.failure is not None
    assert exchange.failure.message == "No answer within 0.2 s"
    assert exchange.timing.wait is not None
    assert 190 <= exchange.timing.wait <= exchange.timing.total


async def test_the_answer_stands_still_in_its_headers(wire: WireServer) -> None:
    wire.script(slow_headers(threading.Event()))
    check(await send_create(wire, patience=SHORT), FailureKind.TIMEOUT, "wait")


async def test_the_answer_stands_still_in_its_body(wire: WireServer) -> None:
    wire.script(slow_body(b'{"_id": "a1", ', threading.Event()))
    exchange = await send_create(wire, patience=SHORT)
    check(exchange, FailureKind.TIMEOUT, "receive")
    assert exchange.response is not None
    assert (exchange.response.body, exchange.response.complete) == (b'{"_id": "a1", ', False)
    assert exchange.timing.receive is not None
    assert exchange.timing.receive >= 190


async def test_a_failure_leaves_the_client_usable(wire: WireServer) -> None:
    wire.script(
        reset_before_answer(),
        garbage(b"what\r\n\r\n"),
        hold(),
        cut_in_body(),
        json_answer({"_id": "a1"}),
    )
    recorded: list[Exchange] = []
    async with GmsClient(environment(wire, timeout=SHORT), recorded.append) as client:
        for _ in range(5):
            await client.send(create(wire))
    assert [exchange.failure and exchange.failure.kind for exchange in recorded] == [
        FailureKind.RESET,
        FailureKind.GARBLED,
        FailureKind.TIMEOUT,
        FailureKind.CUT,
        None,
    ]


# --- TLS against plain, and plain against TLS ----------------------------------------------


@contextlib.contextmanager
def serving_once(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """A port whose first connection is served by `serve` in a thread."""

    def accept() -> None:
        connection, _ = listener.accept()
        with connection, contextlib.suppress(OSError):
            serve(connection)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)
        thread = threading.Thread(target=accept)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(5)
        assert not thread.is_alive()


async def test_https_against_a_plain_port_is_a_tls_failure() -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    with serving_once(serve) as port:
        exchange = await sent_to(f"https://127.0.0.1:{port}", verify_tls=False)
    check(exchange, FailureKind.TLS, "tls")
    assert exchange.failure is not None
    assert "127.0.0.1" in exchange.failure.message
    assert exchange.response is None


async def test_http_against_a_tls_port_is_not_http(tmp_path: Path) -> None:
    pair = self_signed_certificate(tmp_path)
    with WireServer(tls=pair) as server:
        exchange = await sent_to(f"http://127.0.0.1:{server.port}")
        assert server.requests == []
    assert exchange.failure is not None
    assert exchange.failure.kind in {
        FailureKind.GARBLED,
        FailureKind.NO_ANSWER,
        FailureKind.RESET,
    }


async def test_a_server_that_hangs_up_inside_the_handshake() -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(65536)

    with serving_once(serve) as port:
        exchange = await sent_to(f"https://127.0.0.1:{port}", verify_tls=False)
    assert exchange.failure is not None
    assert exchange.failure.kind in {FailureKind.TLS, FailureKind.NO_ANSWER, FailureKind.RESET}
    assert exchange.failure.phase == "tls"


@pytest.mark.parametrize(
    ("answer", "kinds", "phase"),
    [
        (hold(), {FailureKind.TIMEOUT}, "wait"),
        (slow_body(b"{", threading.Event()), {FailureKind.TIMEOUT}, "receive"),
        (close_before_answer(), {FailureKind.NO_ANSWER}, "wait"),
        (cut_in_body(), {FailureKind.CUT}, "receive"),
        (garbage(b"what\r\n\r\n"), {FailureKind.GARBLED}, "wait"),
        # OpenSSL may report a reset as an end without a goodbye.
        (reset_before_answer(), {FailureKind.RESET, FailureKind.NO_ANSWER}, "wait"),
    ],
    ids=["held", "slow", "closed", "cut", "garbage", "reset"],
)
async def test_failures_after_the_handshake_are_no_tls_failures(
    tmp_path: Path, answer: Answer, kinds: set[FailureKind], phase: str
) -> None:
    pair = self_signed_certificate(tmp_path)
    with WireServer(answer, tls=pair) as server:
        exchange = await sent_to(server.base_url, patience=SHORT, verify_tls=False)
    assert exchange.failure is not None
    assert exchange.failure.kind in kinds, exchange.failure
    assert exchange.failure.phase == phase


async def test_an_authority_that_this_machine_trusts_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Contact centers have private authorities; the advice is to have them trusted here."""
    pair = self_signed_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(pair[0]))
    with WireServer(json_answer({}), tls=pair) as server:
        exchange = await sent_to(f"https://localhost:{server.port}")
    assert exchange.failure is None, exchange.failure
