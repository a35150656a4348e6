"""A server that speaks only HTTP/2 and answers by script, frame by frame."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import h2.config
import h2.connection
import h2.events
import h2.exceptions


@dataclass
class Http2Request:
    """One stream as it came, so far."""

    connection: "Http2Connection"
    stream: int
    headers: list[tuple[str, str]]
    body: bytearray = field(default_factory=bytearray)
    ended: bool = False
    reset: int | None = None

    def answer(self, body: bytes = b"{}", status: int = 200, *, end: bool = True) -> None:
        """Send a whole answer, or its beginning."""
        headers = [(":status", str(status)), ("content-type", "application/json")]
        self.connection.h2.send_headers(self.stream, headers)
        self.connection.h2.send_data(self.stream, body, end_stream=end)
        self.connection.flush()

    def value(self, name: str) -> str:
        """The first header of that name."""
        return next(value for key, value in self.headers if key == name)


Step = Callable[[Http2Request, str], None]
"""Is called with what happened to a request: `head`, `data` or `end`."""


class Http2Connection(asyncio.Protocol):
    """One connection of the server."""

    transport: asyncio.Transport

    def __init__(self, server: "Http2Server") -> None:
        self.server = server
        self.streams: dict[int, Http2Request] = {}
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        self.lost = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.server.connections.append(self)
        self.h2.initiate_connection()
        self.flush()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's
        self.lost.set()
        self.server.changed()

    def data_received(self, data: bytes) -> None:
        try:
            for event in self.h2.receive_data(data):
                self._take(event)
        except h2.exceptions.ProtocolError as error:
            self.server.violations.append(str(error))
        self.flush()
        self.server.changed()

    def flush(self) -> None:
        """Send what is due."""
        self.transport.write(self.h2.data_to_send())

    def _take(self, event: h2.events.Event) -> None:
        step = self.server.step
        if isinstance(event, h2.events.RequestReceived):
            headers = [(_text(name), _text(value)) for name, value in event.headers or []]
            request = Http2Request(self, event.stream_id or 0, headers)
            self.streams[request.stream] = request
            self.server.requests.append(request)
            step(request, "head")
        elif isinstance(event, h2.events.DataReceived):
            request = self.streams[event.stream_id or 0]
            request.body += event.data or b""
            if self.server.takes:
                self.h2.acknowledge_received_data(event.flow_controlled_length or 0, request.stream)
            step(request, "data")
        elif isinstance(event, h2.events.StreamEnded):
            request = self.streams[event.stream_id or 0]
            request.ended = True
            step(request, "end")
        elif isinstance(event, h2.events.StreamReset):
            self.streams[event.stream_id or 0].reset = int(event.error_code or 0)


def _text(data: bytes | str) -> str:
    return data if isinstance(data, str) else data.decode("latin-1")


class Http2Server:
    """What came in, and how it is answered: `step` may be replaced at any time.

    `takes`: whether it lets the client send more than the first 64 KiB.
    """

    def __init__(self) -> None:
        self.port = 0
        self.step: Step = answer_at_the_end
        self.takes = True
        self.connections: list[Http2Connection] = []
        self.requests: list[Http2Request] = []
        self.violations: list[str] = []
        self._news = asyncio.Event()

    def changed(self) -> None:
        """Wake who waits."""
        self._news.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until the condition holds after something has come."""
        async with asyncio.timeout(4):
            while not condition():
                self._news.clear()
                await self._news.wait()


def answer_at_the_end(request: Http2Request, moment: str) -> None:
    """Answer each whole request."""
    if moment == "end":
        request.answer()


@asynccontextmanager
async def http2_server(context: ssl.SSLContext) -> AsyncIterator[Http2Server]:
    """Start one on loopback; every violation of HTTP/2 by the client fails the test."""
    context.set_alpn_protocols(["h2"])
    served = Http2Server()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Http2Connection(served), "127.0.0.1", 0, ssl=context)
    served.port = server.sockets[0].getsockname()[1]
    try:
        yield served
    finally:
        server.close()
        for connection in served.connections:
            connection.transport.abort()
            await connection.lost.wait()
        await server.wait_closed()
    assert served.violations == []
