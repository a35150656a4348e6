"""A server that takes a request in slowly, as a slow line does, and answers it in the end."""

import contextlib
import json
import re
import socket
import threading
from types import TracebackType
from typing import Self

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_ANSWER = json.dumps({"_id": "slow"}).encode()


class SlowReader:
    """Reads `step` bytes, then waits `every` seconds, and so on; one connection after the other.

    While `stopped` is set it reads nothing. `received` counts bytes of all bodies,
    and `closed` is set once a client has gone inside its request.
    """

    def __init__(
        self, *, step: int = 64 * 1024, every: float = 0.02, buffer: int = 32 * 1024
    ) -> None:
        self.received = 0
        self.requests = 0
        self.closed = threading.Event()
        self.stopped = threading.Event()
        self._step = step
        self._every = every
        self._buffer = buffer
        self._ending = threading.Event()

    def __enter__(self) -> Self:
        self._listener = socket.socket()
        # A small buffer, so that what the client has sent is what was taken in here.
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._buffer)
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen()
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._run, name="wire-slow", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ending.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)

    @property
    def base_url(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self.port}"

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(0.05)
                self._serve(connection)

    def _serve(self, connection: socket.socket) -> None:
        data = b""
        while b"\r\n\r\n" not in data:
            piece = self._take(connection)
            if not piece:
                self.closed.set()
                return
            data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        left = (int(length[1]) if length else 0) - len(body)
        self.received += len(body)
        while left > 0:
            self._ending.wait(self._every)
            piece = self._take(connection)
            if not piece:
                self.closed.set()
                return
            self.received += len(piece)
            left -= len(piece)
        self.requests += 1
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(_ANSWER), _ANSWER)
        )

    def _take(self, connection: socket.socket) -> bytes:
        """Give what came, or nothing when the client has gone or this is to end."""
        while not self._ending.is_set():
            if self.stopped.is_set():
                self._ending.wait(0.01)
                continue
            try:
                return connection.recv(self._step)
            except TimeoutError:
                continue
            except OSError:
                return b""
        return b""
