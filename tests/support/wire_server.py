"""A raw-socket HTTP/1.1 server that records requests to the byte and answers by script.

The waiting methods block. In a coroutine call them through `asyncio.to_thread`.
"""

import contextlib
import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.places import (
    UNKNOWN_HOST,
    refused_port,
    self_signed_certificate,
    unused_port,
)
from tests.support.wire import (
    BadRequestError,
    Body,
    ClientGoneError,
    Wire,
    WireRequest,
    parse_head,
    read_body,
)
from tests.support.wire_answers import (
    Answer,
    answer_bytes,
    body_answer,
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
    reset_before_answer,
    slow_body,
    slow_headers,
    text_answer,
    truncated_chunked,
)

__all__ = [
    "UNKNOWN_HOST",
    "Answer",
    "Wire",
    "WireRequest",
    "WireServer",
    "answer_bytes",
    "body_answer",
    "by_request",
    "chunked_answer",
    "close_before_answer",
    "cut_in_body",
    "cut_in_headers",
    "early",
    "garbage",
    "hold",
    "json_answer",
    "raw_answer",
    "refused_port",
    "reset_before_answer",
    "self_signed_certificate",
    "slow_body",
    "slow_headers",
    "text_answer",
    "truncated_chunked",
    "unused_port",
]


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
        except BadRequestError as error:
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
        request = parse_head(wire.read_until(b"\r\n\r\n", what="head"), wire.number)
        answer = self._next_answer()
        body = Body(keep=self._keep_body)
        if answer.early:
            wire.discard = True
        else:
            try:
                read_body(wire, request, body)
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


def _ends(request: WireRequest) -> bool:
    options = {value.strip().lower() for value in request.values("connection")}
    return "close" in options or (request.version == "HTTP/1.0" and "keep-alive" not in options)
