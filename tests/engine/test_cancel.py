"""A send that is cancelled closes its socket at once and stays on record with its phase."""

import asyncio
import socket
import threading
import time
from pathlib import Path

import pytest

from gms_console.client.client import GmsClient
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange, FailureKind
from gms_console.model.form import Form, Row
from gms_console.model.transfer import Transfer
from gms_console.wire.body import CHUNK
from gms_console.wire.request import PreparedRequest, prepare_create
from tests.engine.helpers import (
    create,
    environment,
    file_with,
    full_listener,
    settle,
)
from tests.support.slow_reader import SlowReader
from tests.support.wire_server import (
    WireServer,
    early,
    hold,
    json_answer,
    slow_body,
    slow_headers,
)

GENEROUS = 1.0
"""Seconds within which a cancel is done on any machine; the figure itself is in `bench`."""


class Sending:
    """A send under way in a task of its own."""

    def __init__(
        self, place: Environment, prepared: PreparedRequest, transfer: Transfer | None = None
    ) -> None:
        self.recorded: list[Exchange] = []
        self.client = GmsClient(place, self.recorded.append)
        self.task = asyncio.create_task(self.client.send(prepared, transfer))

    async def cancel(self) -> Exchange:
        """Cancel it; give what was recorded."""
        assert not self.task.done()
        begun = time.monotonic()
        self.task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await self.task
        assert time.monotonic() - begun < GENEROUS
        (exchange,) = self.recorded
        assert exchange.failure is not None
        assert exchange.failure.kind is FailureKind.CANCELLED
        assert exchange.failure.phase in exchange.failure.message
        return exchange


def phase(exchange: Exchange) -> str:
    """The phase in which it was cancelled."""
    assert exchange.failure is not None
    return exchange.failure.phase


async def test_cancelled_while_the_name_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = threading.Event()

    def hang(*_: object, **__: object) -> list[object]:
        answered.wait(5)
        raise socket.gaierror(socket.EAI_AGAIN, "no answer")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    place = Environment.parse("http://gms.example.invalid")
    sending = Sending(place, prepare_create(place, "x"))
    await settle()
    exchange = await sending.cancel()
    answered.set()
    await sending.client.aclose()
    assert phase(exchange) == "look-up"
    assert exchange.response is None


async def test_cancelled_while_several_addresses_are_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No attempt to connect goes on after it."""
    with full_listener() as first, full_listener() as second:
        found = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))
            for port in (first, second)
        ]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        place = Environment.parse("http://gms.example.invalid")
        before = asyncio.all_tasks()
        sending = Sending(place, prepare_create(place, "x"))
        async with asyncio.timeout(2):
            # The send, and one for each address.
            while len(asyncio.all_tasks() - before) < 3:  # noqa: ASYNC110 - tasks tell nobody
                await asyncio.sleep(0.01)
        exchange = await sending.cancel()
        assert asyncio.all_tasks() == before
        await sending.client.aclose()
    assert phase(exchange) == "connect"


async def test_cancelled_while_connecting() -> None:
    with full_listener() as port:
        place = Environment.parse(f"http://127.0.0.1:{port}")
        sending = Sending(place, prepare_create(place, "x"))
        await settle()
        exchange = await sending.cancel()
        await sending.client.aclose()
    assert phase(exchange) == "connect"
    assert exchange.response is None
    assert exchange.timing.send is None


def _read_to_the_end(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(65536), b""))


async def test_cancelled_in_the_tls_handshake() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(4)
        place = Environment.parse(
            f"https://127.0.0.1:{listener.getsockname()[1]}", verify_tls=False
        )
        sending = Sending(place, prepare_create(place, "x"))
        connection, _ = await asyncio.to_thread(listener.accept)
        with connection:
            connection.settimeout(2)
            hello = await asyncio.to_thread(connection.recv, 3)
            assert hello.startswith(b"\x16\x03")
            exchange = await sending.cancel()
            await sending.client.aclose()
            # Ends only when the client's socket is closed.
            await asyncio.to_thread(_read_to_the_end, connection)
    assert phase(exchange) == "tls"
    assert exchange.response is None


@pytest.mark.parametrize("in_headers", [False, True])
async def test_cancelled_while_waiting(wire: WireServer, *, in_headers: bool) -> None:
    wire.script(slow_headers(threading.Event()) if in_headers else hold(), json_answer({}))
    sending = Sending(environment(wire), create(wire, Form.of(("a", "1"))))
    await asyncio.to_thread(wire.wait_for_gates)
    await settle()
    exchange = await sending.cancel()
    await asyncio.to_thread(wire.wait_for_abandoned)
    assert phase(exchange) == "wait"
    assert exchange.response is None
    assert exchange.timing.wait is not None
    assert ("Host", f"127.0.0.1:{wire.port}") in exchange.request.headers
    again = await sending.client.send(create(wire))
    assert again.failure is None
    await sending.client.aclose()


async def test_cancelled_while_receiving_keeps_what_came(wire: WireServer) -> None:
    wire.script(slow_body(b'{"_id": "a1"', threading.Event()))
    sending = Sending(environment(wire), create(wire))
    await asyncio.to_thread(wire.wait_for_gates)
    await settle()
    exchange = await sending.cancel()
    await asyncio.to_thread(wire.wait_for_abandoned)
    await sending.client.aclose()
    assert phase(exchange) == "receive"
    assert exchange.response is not None
    assert (exchange.response.body, exchange.response.complete) == (b'{"_id": "a1"', False)


def open_files(path: Path) -> int:
    """How many times this process holds the file open."""
    held = 0
    for link in Path("/proc/self/fd").iterdir():
        try:
            held += link.readlink() == path
        except OSError:
            continue
    return held


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc")
async def test_cancelled_while_sending_a_file_closes_the_file(
    wire: WireServer, tmp_path: Path
) -> None:
    path = file_with(tmp_path, "big", bytes(64 * CHUNK)).resolve()
    wire.script(early(hold()))
    sending = Sending(environment(wire), create(wire, Form((Row(key="FileKey", file=path),))))
    await asyncio.to_thread(wire.wait_until, lambda: wire.bytes_received > CHUNK)
    assert open_files(path) == 1
    exchange = await sending.cancel()
    assert open_files(path) == 0
    await asyncio.to_thread(wire.wait_for_abandoned)
    await sending.client.aclose()
    assert phase(exchange) == "send"
    assert exchange.response is None


async def test_cancelled_while_a_slow_line_carries_the_last_of_it(tmp_path: Path) -> None:
    """All was handed to the system; the server takes none of it, and sees the close."""
    path = file_with(tmp_path, "little", bytes(CHUNK))
    with SlowReader() as server:
        server.stopped.set()
        place = Environment.parse(server.base_url)
        prepared = prepare_create(place, "x", Form((Row(key="FileKey", file=path),)))
        transfer = Transfer()
        sending = Sending(place, prepared, transfer)
        async with asyncio.timeout(2):
            while transfer.counts.phase != "send":  # noqa: ASYNC110 - it is only looked at
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        exchange = await sending.cancel()
        server.stopped.clear()
        assert await asyncio.to_thread(server.closed.wait, 2)
        await sending.client.aclose()
    assert phase(exchange) == "send"


async def test_cancelled_before_it_began_records_nothing_and_connects_nowhere(
    wire: WireServer,
) -> None:
    sending = Sending(environment(wire), create(wire))
    sending.task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending.task
    assert (sending.recorded, wire.connections) == ([], 0)
    await sending.client.aclose()
