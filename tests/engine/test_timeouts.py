"""Time-outs name their phase, the total one bounds all of it, and nothing is ever sent twice."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gms_console.client.client import GmsClient
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange, FailureKind
from gms_console.model.form import Form, Row
from gms_console.wire.request import prepare_create
from tests.engine.helpers import (
    create,
    created,
    environment,
    file_with,
    full_listener,
    open_session,
    send,
    silent_listener,
)
from tests.support.slow_reader import SlowReader
from tests.support.wire_server import (
    Answer,
    Wire,
    WireRequest,
    WireServer,
    close_before_answer,
    cut_in_headers,
    hold,
    json_answer,
    reset_before_answer,
    slow_body,
    text_answer,
)

SHORT = 0.15
"""Seconds."""


def timed_out(exchange: Exchange, phase: str) -> str:
    """The Exchange timed out in that phase; give what it says."""
    assert exchange.failure is not None
    assert (exchange.failure.kind, exchange.failure.phase) == (FailureKind.TIMEOUT, phase)
    return exchange.failure.message


@contextlib.contextmanager
def unresolving(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let every look-up of a name hang, as with a name server that does not answer."""
    answered = threading.Event()

    def hang(*_: object, **__: object) -> list[object]:
        answered.wait(5)
        raise socket.gaierror(socket.EAI_AGAIN, "no answer")

    with monkeypatch.context() as patched:
        patched.setattr(socket, "getaddrinfo", hang)
        try:
            yield
        finally:
            answered.set()


# --- connecting -------------------------------------------------------------------------------


async def test_the_time_to_connect_is_its_own(wire: WireServer) -> None:
    wire.script(hold(threading.Event(), json_answer({})))
    with full_listener() as port:
        place = Environment.parse(f"http://127.0.0.1:{port}", timeout=30)
        place = replace(place, connect_timeout=SHORT)
        message = timed_out(await send(place, prepare_create(place, "x")), "connect")
    assert "0.15 s" in message
    patient = replace(environment(wire, timeout=SHORT), connect_timeout=30)
    assert "0.15 s" in timed_out(await send(patient, create(wire)), "wait")


async def test_the_handshake_goes_by_the_time_to_connect() -> None:
    with silent_listener() as port:
        place = Environment.parse(f"https://127.0.0.1:{port}", timeout=30)
        place = replace(place, connect_timeout=SHORT)
        message = timed_out(await send(place, prepare_create(place, "x")), "tls")
    assert "0.15 s" in message


async def test_a_name_server_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    place = Environment.parse("http://gms.example.invalid", timeout=30)
    place = replace(place, connect_timeout=SHORT)
    with unresolving(monkeypatch):
        message = timed_out(await send(place, prepare_create(place, "x")), "look-up")
    assert "name server" in message


async def test_a_name_with_several_addresses_is_connected_to_at_the_first_that_answers() -> None:
    """`localhost` is ::1 as well where there is IPv6, and nobody listens there."""
    with WireServer() as server:
        place = Environment.parse(f"http://localhost:{server.port}")
        exchange = await send(place, prepare_create(place, "x"))
        assert exchange.failure is None
        assert server.connections == 1


# --- the total time ---------------------------------------------------------------------------


async def test_the_total_time_bounds_an_answer_that_never_stands_still_for_long(
    wire: WireServer,
) -> None:
    """Each piece comes in time, and the whole does not."""

    def drip(connection: Wire, request: WireRequest) -> None:
        connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while True:
            connection.send(b"x")
            threading.Event().wait(0.02)

    wire.script(Answer(drip))
    place = replace(environment(wire, timeout=5), total_timeout=0.3)
    begun = time.monotonic()
    exchange = await send(place, create(wire))
    assert 0.29 <= time.monotonic() - begun < 2
    message = timed_out(exchange, "receive")
    assert "0.3 s" in message
    assert "total" in message
    assert "“receive”" in message
    assert exchange.response is not None
    assert exchange.response.body.startswith(b"xxx")
    await asyncio.to_thread(wire.wait_for_disconnects)


async def test_the_total_time_bounds_all_hops_together(wire: WireServer) -> None:
    def slowly(connection: Wire, request: WireRequest) -> None:
        threading.Event().wait(0.08)
        where = f"{request.target}x"
        text_answer("moved", 307, [("Location", where)]).play(connection, request)

    wire.script(Answer(slowly))
    place = replace(environment(wire), total_timeout=0.3)
    exchange = await send(place, create(wire))
    message = timed_out(exchange, "wait")
    hops = len(exchange.hops)
    assert 2 <= hops <= 5
    assert f"with {hops - 1} redirect" in message


async def test_the_sooner_of_two_limits_counts(wire: WireServer) -> None:
    wire.script(hold())
    place = replace(environment(wire), total_timeout=SHORT)
    async with GmsClient(place, lambda _: None) as client:
        timed_out(await client.send(create(wire), within=5), "wait")
        given_up = await client.send(create(wire), within=0.05)
    assert given_up.failure is not None
    assert given_up.failure.kind is FailureKind.GIVEN_UP


async def test_a_total_time_while_connecting_names_that_phase() -> None:
    with full_listener() as port:
        place = Environment.parse(f"http://127.0.0.1:{port}")
        place = replace(place, total_timeout=SHORT)
        timed_out(await send(place, prepare_create(place, "x")), "connect")


# --- sending ----------------------------------------------------------------------------------


async def test_a_server_that_stops_to_read_is_timed_out_in_the_send(tmp_path: Path) -> None:
    path = file_with(tmp_path, "big", bytes(16 * 1024 * 1024))
    with SlowReader() as server:
        server.stopped.set()
        place = Environment.parse(server.base_url, timeout=SHORT)
        prepared = prepare_create(place, "x", Form((Row(key="FileKey", file=path),)))
        exchange = await send(place, prepared)
    assert "took nothing" in timed_out(exchange, "send")


async def test_what_the_system_still_holds_counts_as_being_sent(tmp_path: Path) -> None:
    """All of it fits into the system's buffer, and the server takes none of it."""
    path = file_with(tmp_path, "little", bytes(1024 * 1024))
    with SlowReader() as server:
        server.stopped.set()
        place = Environment.parse(server.base_url, timeout=SHORT)
        prepared = prepare_create(place, "x", Form((Row(key="FileKey", file=path),)))
        timed_out(await send(place, prepared), "send")


# --- nothing is sent twice ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [reset_before_answer(), close_before_answer(), cut_in_headers()],
    ids=["reset", "closed", "cut"],
)
async def test_a_kept_connection_that_dies_under_a_request_is_no_reason_to_repeat_it(
    wire: WireServer, answer: Answer
) -> None:
    wire.script(json_answer({}), answer, json_answer({}))
    recorded: list[Exchange] = []
    async with GmsClient(environment(wire), recorded.append) as client:
        await client.send(create(wire))
        failed = await client.send(create(wire, Form.of(("a", "1"))))
        assert failed.failure is not None
        assert failed.failure.kind in {FailureKind.RESET, FailureKind.NO_ANSWER, FailureKind.CUT}
        assert [request.connection for request in wire.requests] == [1, 1]
        assert (await client.send(create(wire))).failure is None
    assert [request.connection for request in wire.requests] == [1, 1, 2]
    assert len(recorded) == 3


async def test_a_time_out_does_not_repeat_the_request(wire: WireServer) -> None:
    wire.script(hold())
    timed_out(await send(environment(wire, timeout=SHORT), create(wire)), "wait")
    assert len(wire.requests) == 1


async def test_a_poll_that_is_under_way_elsewhere_is_not_disturbed(wire: WireServer) -> None:
    """Time-outs of one request leave another one of the same client alone."""
    gate = threading.Event()
    async with open_session() as session:
        wire.script(json_answer({"_id": "i1"}))
        instance = await created(session, wire)
        wire.script(slow_body(b'{"status": "Run', gate, b'ning"}'), hold())
        slow = asyncio.create_task(instance.send(instance.prepare("status")))
        await asyncio.to_thread(wire.wait_for_gates)
        exchange, _ = await instance.send(instance.prepare("other"), within=0.05)
        assert exchange.failure is not None
        gate.set()
        _, answer = await slow
        assert answer.state == "Running"
