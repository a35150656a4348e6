"""Cancels requests in each phase, with our client or bare httpx; prints milliseconds as JSON.

From the cancel until the server sees the close; where no server sees anything, until the send
has ended.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import select
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx

from gms_console.client.client import GmsClient
from gms_console.model.environment import Environment
from gms_console.model.form import Form, Row
from gms_console.wire.request import prepare_create
from tests.engine.helpers import full_listener

SETTLED = 0.03
"""Seconds for a request to come to rest in its phase."""

LONGEST_MS = 1000
"""Milliseconds after which the server no longer waits for the close."""

SIZE = 32 * 1024 * 1024
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"


class Server:
    """Takes one connection, plays as far as the phase wants, and notes when the client closes."""

    def __init__(self, phase: str) -> None:
        self._phase = phase
        self.there = threading.Event()
        self.closed_at = 0.0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        connection, _ = self._listener.accept()
        with connection:
            if self._phase in {"wait", "receive"}:
                while b"\r\n\r\n" not in connection.recv(65536):
                    pass
            if self._phase == "receive":
                connection.sendall(_HEAD + b"x" * 100)
            self.there.set()
            watch = select.poll()
            # Neither the upload nor the handshake is read: the close itself is what is seen.
            watch.register(connection, select.POLLRDHUP)
            if watch.poll(LONGEST_MS):
                self.closed_at = time.perf_counter()

    def closed(self) -> float:
        """Wait for the close; give its moment, 0 when it did not come."""
        self._thread.join(15)
        self._listener.close()
        return self.closed_at


async def _ours(url: str, file: Path | None) -> None:
    form = Form((Row(key="file", file=file),)) if file is not None else Form()
    place = Environment.parse(url, verify_tls=False)
    async with GmsClient(place, lambda _: None) as client:
        await client.send(prepare_create(place, "x", form))


async def _bare(url: str, file: Path | None) -> None:
    async with httpx.AsyncClient(verify=False, trust_env=False, timeout=15) as client:
        if file is None:
            await client.post(url)
        else:
            with file.open("rb") as stream:
                await client.post(url, files={"file": stream})


async def _cancelled(
    client: str, url: str, file: Path | None, ready: Callable[[], object]
) -> float:
    """Send, cancel once the request rests in its phase; give the moment of the cancel."""
    task = asyncio.create_task((_ours if client == "ours" else _bare)(url, file))
    await asyncio.to_thread(ready)
    await asyncio.sleep(SETTLED)
    if task.done():
        raise RuntimeError(f"the request to {url} has ended before: {task.exception()}")
    begun = time.perf_counter()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    return begun


async def _in_phase(client: str, phase: str, file: Path) -> float:
    server = Server(phase)
    scheme = "https" if phase == "tls" else "http"
    url = f"{scheme}://127.0.0.1:{server.port}"
    begun = await _cancelled(client, url, file if phase == "send" else None, server.there.wait)
    closed_at = await asyncio.to_thread(server.closed)
    return closed_at - begun if closed_at else LONGEST_MS / 1000


async def _connecting(client: str) -> float:
    with full_listener() as port:
        begun = await _cancelled(client, f"http://127.0.0.1:{port}", None, lambda: None)
        return time.perf_counter() - begun


async def _looking_up(client: str) -> float:
    with _hanging_names() as asked:
        begun = await _cancelled(client, "http://gms.example.invalid", None, asked.wait)
        return time.perf_counter() - begun


@contextlib.contextmanager
def _hanging_names() -> Iterator[threading.Event]:
    """Let look-ups hang as with a name server that does not answer."""
    real, asked, over = socket.getaddrinfo, threading.Event(), threading.Event()

    def hang(*_: object, **__: object) -> list[object]:
        asked.set()
        over.wait(10)
        raise socket.gaierror(socket.EAI_AGAIN, "no answer")

    socket.getaddrinfo = hang  # type: ignore[assignment]
    try:
        yield asked
    finally:
        over.set()
        socket.getaddrinfo = real


async def main(client: str, rounds: int) -> None:
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "upload"
        file.write_bytes(bytes(SIZE))
        for turn in range(rounds + 1):
            times = {"look-up": await _looking_up(client), "connect": await _connecting(client)}
            for phase in ("tls", "send", "wait", "receive"):
                times[phase] = await _in_phase(client, phase, file)
            if turn:  # the first round loads what the others need
                for phase, seconds in times.items():
                    found.setdefault(phase, []).append(seconds * 1000)
    print(json.dumps(found))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
