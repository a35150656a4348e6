"""A raw-socket HTTP/1.1 server that records requests to the byte and answers by script.

The waiting methods block. In a coroutine call them through `asyncio.to_thread`.
"""

import contextlib
import hashlib
import json
import select
import shutil
import socket
import ssl
import struct
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Self

UNKNOWN_HOST = "no-such-host.invalid"  # RFC 6761: .invalid never resolves

Headers = Sequence[tuple[str, str]]

_BLOCK = 1 << 20
_PEEK = 1 << 16
_HEAD_LIMIT = 1 << 20
_TICK = 0.005  # how often a step waiting at a gate looks whether the client is still there
_NO_LINGER = struct.pack("ii", 1, 0)


class ClientGoneError(Exception):
    """The client closed or reset the connection, or the server is being stopped."""


class _BadRequestError(Exception):
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


class _Body:
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
                raise _BadRequestError(f"no end of {what} within {_HEAD_LIMIT} bytes")
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


@dataclass(frozen=True)
class Answer:
    """What the server does with one request. Build your own from any callable."""

    play: Callable[[Wire, WireRequest], None]
    early: bool = False  # plays after the head, without reading the body


def raw_answer(data: bytes, *, close: bool = False) -> Answer:
    """Send exactly these bytes."""

    def play(wire: Wire, request: WireRequest) -> None:
        wire.send(data)
        if close:
            wire.close()

    return Answer(play)


def answer_bytes(body: bytes, status: int = 200, headers: Headers = ()) -> bytes:
    """Return a whole answer; Content-Length is added unless the headers say how long it is."""
    known = {name.lower() for name, _ in headers}
    if not known & {"content-length", "transfer-encoding"}:
        headers = [*headers, ("Content-Length", str(len(body)))]
    return _head(status, headers) + body


def body_answer(body: bytes, status: int = 200, headers: Headers = ()) -> Answer:
    """Answer with these body bytes; a `Connection: close` among the headers is obeyed."""
    close = any(
        name.lower() == "connection" and value.lower() == "close" for name, value in headers
    )
    return raw_answer(answer_bytes(body, status, headers), close=close)


def text_answer(text: str, status: int = 200, headers: Headers = ()) -> Answer:
    """Answer with plain text (another Content-Type may be given)."""
    return body_answer(text.encode(), status, _typed(headers, "text/plain; charset=utf-8"))


def json_answer(obj_or_text: object, status: int = 200, headers: Headers = ()) -> Answer:
    """Answer with JSON; a string is sent as it is, so broken JSON is possible."""
    text = obj_or_text if isinstance(obj_or_text, str) else json.dumps(obj_or_text)
    return body_answer(text.encode(), status, _typed(headers, "application/json"))


def chunked_answer(chunks: Iterable[bytes], status: int = 200, headers: Headers = ()) -> Answer:
    """Answer with a chunked body."""
    head = _head(status, [*headers, ("Transfer-Encoding", "chunked")])
    return raw_answer(head + b"".join(map(_chunk, chunks)) + b"0\r\n\r\n")


def reset_before_answer() -> Answer:
    """Read the request, then RST."""

    def play(wire: Wire, request: WireRequest) -> None:
        wire.reset()

    return Answer(play)


def close_before_answer() -> Answer:
    """Read the request, then close without a byte."""
    return raw_answer(b"", close=True)


def cut_in_headers() -> Answer:
    """Close in the middle of a header line."""
    return raw_answer(b"HTTP/1.1 200 OK\r\nContent-Type: appl", close=True)


def cut_in_body(sent: bytes = b'{"_id": "', announced: int = 100, *, reset: bool = False) -> Answer:
    """Announce more than is sent, then close (or reset)."""
    data = answer_bytes(
        sent, 200, [("Content-Type", "application/json"), ("Content-Length", str(announced))]
    )

    def play(wire: Wire, request: WireRequest) -> None:
        wire.send(data)
        if reset:
            wire.reset()
        wire.close()

    return Answer(play)


def truncated_chunked(first: bytes = b'{"_id": ') -> Answer:
    """Send one whole chunk and a part of the second, then close."""
    head = _head(200, [("Content-Type", "application/json"), ("Transfer-Encoding", "chunked")])
    return raw_answer(head + _chunk(first) + b"40\r\nonly this", close=True)


def garbage(data: bytes = b"SSH-2.0-OpenSSH_9.6\r\n") -> Answer:
    """Answer with something that is not HTTP at all."""
    return raw_answer(data, close=True)


def slow_headers(gate: threading.Event, body: bytes = b"{}") -> Answer:
    """Send the status line and half a header; the rest when the gate opens."""
    data = answer_bytes(body, 200, [("Content-Type", "application/json")])
    cut = data.index(b"application/json") + 4
    return _gated(data[:cut], gate, data[cut:])


def slow_body(first_bytes: bytes, gate: threading.Event, rest: bytes = b"}") -> Answer:
    """Send the head and the first bytes of the body; the rest when the gate opens."""
    data = answer_bytes(first_bytes + rest, 200, [("Content-Type", "application/json")])
    return _gated(data.removesuffix(rest), gate, rest)


def hold(gate: threading.Event | None = None, then: Answer | None = None) -> Answer:
    """Answer nothing until the client goes or the gate opens; then play `then` or close."""

    def play(wire: Wire, request: WireRequest) -> None:
        wire.wait(gate)
        (then or close_before_answer()).play(wire, request)

    return Answer(play)


def by_request(choose: Callable[[WireRequest], Answer]) -> Answer:
    """Let the request decide which answer it gets."""
    return Answer(lambda wire, request: choose(request).play(wire, request))


def early(answer: Answer) -> Answer:
    """Play the answer after the head, without waiting for the body.

    The request is recorded with `complete=False`. The rest of the upload is read and thrown away:
    slowly (some 10 MB/s) while the answer waits at a gate, at full speed after it.
    """
    return replace(answer, early=True)


def unused_port() -> int:
    """Return a port where nothing listens at the moment."""
    with refused_port() as port:
        return port


@contextlib.contextmanager
def refused_port() -> Iterator[int]:
    """Keep a port where nothing listens, so that nobody else can start to."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        yield port


def self_signed_certificate(directory: Path) -> tuple[Path, Path] | None:
    """Make a certificate and key for 127.0.0.1 and localhost, if there is an `openssl` command."""
    openssl = shutil.which("openssl")
    if openssl is None:
        return None
    certificate, key = directory / "wire-cert.pem", directory / "wire-key.pem"
    command = [openssl, "req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"]
    command += ["-addext", "keyUsage=critical,digitalSignature,keyCertSign"]
    command += ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key


class WireServer:
    """The server; use it as a context manager.

    Answers are taken when a request's head has arrived, in order; the last one repeats, and
    `default` answers when there is no script. Leaving the context raises if something came in
    that is not an HTTP/1.1 request.
    """

    host = "127.0.0.1"

    def __init__(
        self,
        *answers: Answer,
        default: Answer | None = None,
        keep_body: bool = True,
        tls: tuple[str | Path, str | Path] | None = None,
    ) -> None:
        self.default = default or json_answer({})
        self.connections = 0  # accepted
        self.open_connections = 0
        self.disconnected = 0  # connections that the client ended
        self.abandoned = 0  # those of them ended within a request or its answer
        self.handshake_failures = 0
        self.bytes_received = 0
        self.waiting = 0  # steps that wait at their gate now
        self.problems: list[str] = []
        self._script = list(answers)
        self._keep_body = keep_body
        self._tls = self._context(tls) if tls else None
        self._requests: list[WireRequest] = []
        self._incomplete: list[WireRequest] = []
        self._changed = threading.Condition()
        self._stopping = False
        self._live: list[tuple[Wire, threading.Thread]] = []

    def __enter__(self) -> Self:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        self._listener = socket.create_server((self.host, 0), family=family, backlog=512)
        self.port: int = self._listener.getsockname()[1]
        self._wake, self._waker = socket.socketpair()
        self._acceptor = threading.Thread(target=self._accept, name="wire-accept", daemon=True)
        self._acceptor.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        if error is None and self.problems:
            raise AssertionError(f"the server received what is not HTTP: {self.problems}")

    @property
    def base_url(self) -> str:
        """Scheme, host and port."""
        return f"{'https' if self._tls else 'http'}://{self.host}:{self.port}"

    def url(self, path: str = "/") -> str:
        """Return the address of a path on this server."""
        return self.base_url + path

    @property
    def requests(self) -> list[WireRequest]:
        """The requests received so far, in the order in which they became complete."""
        with self._changed:
            return list(self._requests)

    @property
    def incomplete(self) -> list[WireRequest]:
        """The requests whose client went away within the body."""
        with self._changed:
            return list(self._incomplete)

    def script(self, *answers: Answer) -> None:
        """Replace what is left of the script."""
        with self._changed:
            self._script = list(answers)

    def wait_until(self, condition: Callable[[], bool], timeout: float = 5) -> None:
        """Wait until the condition on this server's counters holds, or raise TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(condition, timeout):
                state = {key: value for key, value in vars(self).items() if key[0] != "_"}
                raise TimeoutError(f"not within {timeout} s; {len(self._requests)=}, {state}")

    def wait_for_requests(self, count: int = 1, timeout: float = 5) -> list[WireRequest]:
        """Wait until that many requests have been received."""
        self.wait_until(lambda: len(self._requests) >= count, timeout)
        return self.requests

    def wait_for_disconnects(self, count: int = 1, timeout: float = 5) -> None:
        """Wait until clients have ended that many connections."""
        self.wait_until(lambda: self.disconnected >= count, timeout)

    def wait_for_abandoned(self, count: int = 1, timeout: float = 5) -> None:
        """Wait until clients have ended that many connections within a request or answer."""
        self.wait_until(lambda: self.abandoned >= count, timeout)

    def wait_for_gates(self, count: int = 1, timeout: float = 5) -> None:
        """Wait until that many steps wait at their gates."""
        self.wait_until(lambda: self.waiting >= count, timeout)

    def stop(self) -> None:
        """Close every socket and join every thread; calling it again does nothing."""
        with self._changed:
            if self._stopping:
                return
            self._stopping = True
        self._waker.send(b"x")
        self._acceptor.join()
        for sock in (self._listener, self._wake, self._waker):
            sock.close()
        for wire, _ in self._live:
            wire.interrupt()
        for _, thread in self._live:
            thread.join(10)
            if thread.is_alive():
                raise RuntimeError(f"{thread.name} does not end: an answer step that waits by hand")

    @contextlib.contextmanager
    def at_gate(self) -> Iterator[None]:
        """Count a step as waiting."""
        self._count(waiting=1)
        try:
            yield
        finally:
            self._count(waiting=-1)

    def count_bytes(self, count: int) -> None:
        """Count received bytes."""
        self._count(bytes_received=count)

    def _count(self, **changes: int) -> None:
        with self._changed:
            for name, change in changes.items():
                setattr(self, name, getattr(self, name) + change)
            self._changed.notify_all()

    @staticmethod
    def _context(tls: tuple[str | Path, str | Path]) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
        return context

    def _accept(self) -> None:
        while True:
            ready, _, _ = select.select([self._listener, self._wake], [], [])
            if self._wake in ready:
                return
            try:
                sock, _ = self._listener.accept()
            except OSError:
                continue
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._count(connections=1, open_connections=1)
            wire = Wire(sock, self.connections, self)
            thread = threading.Thread(
                target=self._serve, args=(wire,), name=f"wire-{wire.number}", daemon=True
            )
            self._live = [pair for pair in self._live if pair[1].is_alive()]
            self._live.append((wire, thread))
            thread.start()

    def _serve(self, wire: Wire) -> None:
        try:
            if self._tls is None or self._shake_hands(wire, self._tls):
                while not wire.closed:
                    self._serve_one(wire)
        except ClientGoneError:
            if not self._stopping:
                self._count(disconnected=1, abandoned=int(wire.busy))
        except _BadRequestError as error:
            with self._changed:
                self.problems.append(str(error))
            with contextlib.suppress(ClientGoneError):
                wire.send(answer_bytes(str(error).encode(), 400, [("Connection", "close")]))
        finally:
            wire.close()
            self._count(open_connections=-1)

    def _shake_hands(self, wire: Wire, context: ssl.SSLContext) -> bool:
        try:
            wire.secure(context)
        except ClientGoneError:
            self._count(handshake_failures=1)
            return False
        return True

    def _serve_one(self, wire: Wire) -> None:
        wire.busy = False
        request = _parse_head(wire.read_until(b"\r\n\r\n", what="head"), wire.number)
        answer = self._next_answer()
        body = _Body(keep=self._keep_body)
        if answer.early:
            wire.discard = True
        else:
            try:
                _read_body(wire, request, body)
            except ClientGoneError:
                self._record(self._incomplete, body.fill(request, complete=False))
                raise
        request = body.fill(request, complete=not answer.early)
        self._record(self._requests, request)
        answer.play(wire, request)
        if wire.closed:
            return
        if answer.early:
            wire.drain()
        if answer.early or _ends(request):
            wire.close()

    def _next_answer(self) -> Answer:
        with self._changed:
            if not self._script:
                return self.default
            return self._script.pop(0) if len(self._script) > 1 else self._script[0]

    def _record(self, into: list[WireRequest], request: WireRequest) -> None:
        with self._changed:
            into.append(request)
            self._changed.notify_all()


def _head(status: int, headers: Headers) -> bytes:
    reason = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Unknown"
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers)]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode("latin-1")


def _typed(headers: Headers, content_type: str) -> Headers:
    if any(name.lower() == "content-type" for name, _ in headers):
        return headers
    return [("Content-Type", content_type), *headers]


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def _gated(first: bytes, gate: threading.Event, rest: bytes) -> Answer:
    def play(wire: Wire, request: WireRequest) -> None:
        wire.send(first)
        wire.wait(gate)
        wire.send(rest)

    return Answer(play)


def _ends(request: WireRequest) -> bool:
    options = {value.strip().lower() for value in request.values("connection")}
    return "close" in options or (request.version == "HTTP/1.0" and "keep-alive" not in options)


def _parse_head(head: bytes, connection: int) -> WireRequest:
    first, *lines = head[:-4].decode("latin-1").split("\r\n")
    parts = first.split(" ")
    if len(parts) != 3 or not all(parts) or not parts[2].startswith("HTTP/1."):
        raise _BadRequestError(f"not a request line: {first[:200]!r}")
    headers = []
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip() or "\n" in line or "\r" in line:
            raise _BadRequestError(f"not a header: {line[:200]!r}")
        headers.append((name, value.strip(" \t")))
    method, target, version = parts
    return WireRequest(method, target, version, headers, head, connection=connection)


def _read_body(wire: Wire, request: WireRequest, body: _Body) -> None:
    lengths, codings = request.values("content-length"), request.values("transfer-encoding")
    if codings and not lengths:
        if codings != ["chunked"]:
            raise _BadRequestError(f"Transfer-Encoding: {codings}")
        _read_chunked(wire, body)
    elif lengths:
        if codings or len(lengths) > 1 or not (lengths[0].isascii() and lengths[0].isdigit()):
            raise _BadRequestError(f"Content-Length: {lengths}, Transfer-Encoding: {codings}")
        wire.read_exactly(int(lengths[0]), body.take)


def _read_chunked(wire: Wire, body: _Body) -> None:
    body.framed = bytearray()
    size = -1
    while size:
        line = wire.read_until(b"\r\n", what="chunk size")
        body.frame(line)
        try:
            size = int(line.split(b";")[0].strip(), 16)
        except ValueError as error:
            raise _BadRequestError(f"not a chunk size: {line[:200]!r}") from error
        if size:
            wire.read_exactly(size, body.take)
            end = wire.read_until(b"\r\n", what="chunk")
            body.frame(end)
            if end != b"\r\n":
                raise _BadRequestError(f"a chunk is longer than announced: {end[:200]!r}")
    while line != b"\r\n":  # trailers
        line = wire.read_until(b"\r\n", what="trailer")
        body.frame(line)
