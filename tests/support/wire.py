"""One accepted connection of the raw-socket server, and the requests that come over it."""

import contextlib
import hashlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.wire_server import WireServer

_BLOCK = 1 << 20
_PEEK = 1 << 16
_HEAD_LIMIT = 1 << 20
_TICK = 0.005  # how often a step waiting at a gate looks whether the client is still there
_NO_LINGER = struct.pack("ii", 1, 0)


class ClientGoneError(Exception):
    """The client closed or reset the connection, or the server is being stopped."""


class BadRequestError(Exception):
    """What came in is not an HTTP/1.1 request."""


@dataclass(frozen=True)
class WireRequest:
    """One request as it came over the wire."""

    method: str
    target: str
    version: str
    headers: list[tuple[str, str]]
    head: bytes
    body: bytes = field(default=b"", repr=False)  # decoded; empty with keep_body=False
    wire_body: bytes = field(default=b"", repr=False)  # as sent, with chunk framing
    body_size: int = 0
    body_sha256: str = ""
    connection: int = 0  # counted from 1 in the order of accepting
    complete: bool = True  # False: the body was not read to its end

    @property
    def raw(self) -> bytes:
        """Every byte of the request (only the head with keep_body=False)."""
        return self.head + self.wire_body

    def values(self, name: str) -> list[str]:
        """Return the values of all headers of that name, in order."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


class Body:
    """Takes body bytes in, keeping or only measuring them."""

    def __init__(self, *, keep: bool) -> None:
        self.keep = keep
        self.size = 0
        self.data = bytearray()
        self.framed: bytearray | None = None
        self._hash = hashlib.sha256()

    def take(self, data: bytes | memoryview) -> None:
        self.size += len(data)
        self._hash.update(data)
        if self.keep:
            self.data += data
        self.frame(data)

    def frame(self, data: bytes | memoryview) -> None:
        if self.framed is not None and self.keep:
            self.framed += data

    def fill(self, request: WireRequest, *, complete: bool) -> WireRequest:
        body = bytes(self.data)
        return replace(
            request,
            body=body,
            wire_body=body if self.framed is None else bytes(self.framed),
            body_size=self.size,
            body_sha256=self._hash.hexdigest(),
            complete=complete,
        )


class Wire:
    """One accepted connection, as an answer step sees it."""

    def __init__(self, sock: socket.socket, number: int, server: "WireServer") -> None:
        self.number = number
        self.closed = False
        self.busy = False  # within a request or its answer
        self.discard = False  # what arrives during a gate is thrown away
        self._sock = sock
        self._server = server
        self._buffer = bytearray()
        self._lock = threading.Lock()

    def send(self, data: bytes) -> None:
        """Send exactly these bytes."""
        try:
            self._sock.sendall(data)
        except OSError as error:
            raise ClientGoneError from error

    def wait(self, gate: threading.Event | None) -> None:
        """Wait until the gate opens; raise if the client goes or the server stops first."""
        gate = gate or threading.Event()
        with self._server.at_gate():
            while not gate.wait(_TICK):
                self._look()

    def fileno(self) -> int:
        """Give the socket's number, to wait for what befalls it."""
        return self._sock.fileno()

    def close(self) -> None:
        """Close in an orderly way (FIN; close_notify before it with TLS)."""
        with self._lock:
            if self.closed:
                return
            self.closed = True
            with contextlib.suppress(OSError, ValueError):
                if isinstance(self._sock, ssl.SSLSocket):
                    self._sock.setblocking(False)
                    self._sock.unwrap()
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self._sock, socket.SHUT_WR)
            self._sock.close()

    def reset(self) -> None:
        """Close with RST."""
        with self._lock:
            if not self.closed:
                self.closed = True
                self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
                self._sock.close()

    def interrupt(self) -> None:
        """Wake the connection's thread from whatever it waits for (called by another thread)."""
        with self._lock, contextlib.suppress(OSError):
            # Not SSLSocket.shutdown, which takes the TLS layer away under the other thread.
            socket.socket.shutdown(self._sock, socket.SHUT_RDWR)

    def secure(self, context: ssl.SSLContext) -> None:
        """Make this a TLS connection."""
        plain = self._sock
        try:
            with self._lock:
                self._sock = context.wrap_socket(
                    plain, server_side=True, do_handshake_on_connect=False
                )
            self._sock.do_handshake()
        except (OSError, ValueError) as error:
            plain.close()
            raise ClientGoneError from error

    def drain(self) -> None:
        """Say that nothing more will be sent, and read on until the client closes."""
        with contextlib.suppress(OSError, ClientGoneError):
            socket.socket.shutdown(self._sock, socket.SHUT_WR)
            block = memoryview(bytearray(_BLOCK))
            while True:
                self._receive(block)

    def read_until(self, mark: bytes, *, what: str) -> bytes:
        """Return everything up to and including the mark."""
        start = 0
        while (end := self._buffer.find(mark, start)) < 0:
            if len(self._buffer) > _HEAD_LIMIT:
                raise BadRequestError(f"no end of {what} within {_HEAD_LIMIT} bytes")
            start = max(0, len(self._buffer) - len(mark) + 1)
            block = memoryview(bytearray(_PEEK))
            self._buffer += block[: self._receive(block)]
            self.busy = True
        end += len(mark)
        found = bytes(self._buffer[:end])
        del self._buffer[:end]
        self.busy = True
        return found

    def read_exactly(self, count: int, take: Callable[[bytes | memoryview], None]) -> None:
        """Hand over the next bytes, block by block."""
        if count and self._buffer:
            part = bytes(self._buffer[:count])
            del self._buffer[:count]
            take(part)
            count -= len(part)
        block = memoryview(bytearray(min(count, _BLOCK)))
        while count:
            got = self._receive(block[: min(count, len(block))])
            take(block[:got])
            count -= got

    def _receive(self, block: memoryview) -> int:
        try:
            got = self._sock.recv_into(block)
        except OSError as error:
            raise ClientGoneError from error
        if not got:
            raise ClientGoneError
        self._server.count_bytes(got)
        return got

    def _look(self) -> None:
        """Raise if the client has gone (a half-close counts as gone)."""
        self._sock.setblocking(False)
        try:
            data = self._sock.recv(_PEEK)
        except (BlockingIOError, ssl.SSLWantReadError):
            return
        except OSError as error:
            raise ClientGoneError from error
        finally:
            self._sock.setblocking(True)
        if not data:
            raise ClientGoneError
        self._server.count_bytes(len(data))
        if not self.discard:
            self._buffer += data


def parse_head(head: bytes, connection: int) -> WireRequest:
    first, *lines = head[:-4].decode("latin-1").split("\r\n")
    parts = first.split(" ")
    if len(parts) != 3 or not all(parts) or not parts[2].startswith("HTTP/1."):
        raise BadRequestError(f"not a request line: {first[:200]!r}")
    headers = []
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip() or "\n" in line or "\r" in line:
            raise BadRequestError(f"not a header: {line[:200]!r}")
        headers.append((name, value.strip(" \t")))
    method, target, version = parts
    return WireRequest(method, target, version, headers, head, connection=connection)


def read_body(wire: Wire, request: WireRequest, body: Body) -> None:
    lengths, codings = request.values("content-length"), request.values("transfer-encoding")
    if codings and not lengths:
        if codings != ["chunked"]:
            raise BadRequestError(f"Transfer-Encoding: {codings}")
        _read_chunked(wire, body)
    elif lengths:
        if codings or len(lengths) > 1 or not (lengths[0].isascii() and lengths[0].isdigit()):
            raise BadRequestError(f"Content-Length: {lengths}, Transfer-Encoding: {codings}")
        wire.read_exactly(int(lengths[0]), body.take)


def _read_chunked(wire: Wire, body: Body) -> None:
    body.framed = bytearray()
    size = -1
    while size:
        line = wire.read_until(b"\r\n", what="chunk size")
        body.frame(line)
        try:
            size = int(line.split(b";")[0].strip(), 16)
        except ValueError as error:
            raise BadRequestError(f"not a chunk size: {line[:200]!r}") from error
        if size:
            wire.read_exactly(size, body.take)
            end = wire.read_until(b"\r\n", what="chunk")
            body.frame(end)
            if end != b"\r\n":
                raise BadRequestError(f"a chunk is longer than announced: {end[:200]!r}")
    while line != b"\r\n":  # trailers
        line = wire.read_until(b"\r\n", what="trailer")
        body.frame(line)
