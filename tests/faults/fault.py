"""What a row of the table of faults says, and the scenes on which faults are played."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from gms_console.model.answer import ProblemKind
from gms_console.model.environment import Environment
from gms_console.model.exchange import FailureKind
from gms_console.model.form import Form
from tests.support.wire_server import Answer, Wire, WireRequest, WireServer, json_answer

GOOD = json_answer({"_id": "i-1", "status": "fine"})
"""What a healthy server answers."""

SHORT = 0.15
"""Time-out of faults that are found by waiting, in seconds."""

LONG = 5.0
"""Time-out of all others."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A scene that is set: where to send to, and the server that plays, where there is one.

    `again` tells that the same place answers a later request well.
    """

    place: Environment
    server: WireServer | None = None
    again: bool = True


Scene = Callable[[Path], AbstractContextManager[Stage]]
"""Sets a scene; the path is a folder for certificates and files."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One row: what goes wrong, what it is to be called, and what is to be kept of the answer.

    `kind` is None for an answer that can be read. `says` is part of what a person gets to read:
    of the problem, or of a note where there is none; it is empty where nothing is to be said.
    `kept` is the body that must be there, or how large it is; `status` is None for no answer.
    `requests` are what the server must have received, and what must have been recorded.
    `warm`: a good answer comes first on the same connection. `unless` says why this machine
    cannot play it, and is empty where it can.
    """

    name: str
    scene: Scene
    kind: FailureKind | ProblemKind | None
    says: str = ""
    status: int | None = None
    kept: bytes | int = b""
    requests: int = 1
    warm: bool = False
    unless: Callable[[], str] = lambda: ""
    form: Callable[[Path], Form] = field(default=lambda _: Form())

    @property
    def named(self) -> str:
        """The kind in words, for a person."""
        if self.kind is ProblemKind.HTTP:
            return f"HTTP {self.status}"
        if self.kind is None:
            return "read, with a note" if self.says else "read"
        return self.kind.value


@dataclass(frozen=True)
class Group:
    """Rows that belong together in the document."""

    title: str
    faults: Sequence[Fault]


def at(url: str, **settings: Any) -> Environment:
    """Give the Environment of a base URL with some settings."""
    return replace(Environment.parse(url, timeout=LONG), **settings)


@dataclass(frozen=True)
class WireScene:
    """A server that plays one answer, and is well before and after it."""

    answer: Answer
    before: tuple[Answer, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)

    @contextlib.contextmanager
    def __call__(self, _: Path) -> Iterator[Stage]:
        """Set the scene."""
        with WireServer(*self.before, self.answer, GOOD) as server:
            yield Stage(place=at(server.base_url, **self.settings), server=server)


def wire(answer: Answer, *before: Answer, **settings: Any) -> WireScene:
    """Play one answer on a server that is well before and after it."""
    return WireScene(answer, before, settings)


def sent(data: bytes, *, close: bool = False, **settings: Any) -> WireScene:
    """Play these bytes as the answer; `close` where the close is what ends it."""
    return wire(spoken(data, close=close), **settings)


def spoken(*pieces: bytes, close: bool = True, reset: bool = False) -> Answer:
    """Answer with these bytes in pieces, then close, reset, or keep the connection."""

    def play(wire: Wire, request: WireRequest) -> None:
        for piece in pieces:
            wire.send(piece)
        if reset:
            wire.reset()
        elif close:
            wire.close()

    return Answer(play)


def answer(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    """Write an answer: header lines as given, and a Content-Length that may lie."""
    lines = [f"HTTP/1.1 {status}", *headers]
    lines.append(f"Content-Length: {len(body) if length is None else length}")
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode("latin-1") + body


def raw(
    serve: Callable[[socket.socket], None],
    *,
    scheme: str = "http",
    host: str = "127.0.0.1",
    **settings: Any,
) -> Scene:
    """Serve each connection by hand, below HTTP; no later request is answered there."""

    @contextlib.contextmanager
    def scene(_: Path) -> Iterator[Stage]:
        with listening(serve, host=host) as port:
            shown = f"[{host}]" if ":" in host else host
            yield Stage(place=at(f"{scheme}://{shown}:{port}", **settings), again=False)

    return scene


@contextlib.contextmanager
def listening(serve: Callable[[socket.socket], None], *, host: str = "127.0.0.1") -> Iterator[int]:
    """Serve connections one after the other in a thread, until the end."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    stop = threading.Event()
    current: list[socket.socket] = []

    def accept() -> None:
        while not stop.is_set():
            with contextlib.suppress(OSError):
                connection, _ = listener.accept()
                current[:] = [connection]
                connection.settimeout(LONG)
                with connection, contextlib.suppress(OSError, ssl.SSLError):
                    serve(connection)

    with socket.create_server((host, 0), family=family) as listener:
        thread = threading.Thread(target=accept, name="wire-by-hand", daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            stop.set()
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            for connection in current:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            thread.join(LONG)
            assert not thread.is_alive()


def read_request(connection: socket.socket) -> bytes:
    """Read a head and what came with it."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return data
        data += piece
    return data


def nowhere(url: str, **settings: Any) -> Scene:
    """Send to a place that nothing has to be set up for."""

    @contextlib.contextmanager
    def scene(_: Path) -> Iterator[Stage]:
        yield Stage(place=at(url, **settings), again=False)

    return scene


def on_port(
    ports: Callable[[], AbstractContextManager[int]], scheme: str, **settings: Any
) -> Scene:
    """Send to a port that a context manager gives."""

    @contextlib.contextmanager
    def scene(_: Path) -> Iterator[Stage]:
        with ports() as port:
            yield Stage(place=at(f"{scheme}://127.0.0.1:{port}", **settings), again=False)

    return scene
