"""Shortcuts of the engine tests: environments, sends and waiting for what a Session says."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from gms_console.client.client import GmsClient
from gms_console.events import Event
from gms_console.history import History
from gms_console.instance import Instance
from gms_console.model.environment import Environment
from gms_console.model.exchange import (
    Exchange,
    Failure,
    FailureKind,
    HeaderList,
    Operation,
    OperationKind,
    Response,
    SentRequest,
    Timing,
)
from gms_console.model.form import Form
from gms_console.model.transfer import Transfer
from gms_console.session import Session
from gms_console.wire.body import Body, BodyKind
from gms_console.wire.request import PreparedRequest, prepare_create
from tests.support.wire_server import WireServer

LONGEST = 4.0
"""Seconds after which a wait has failed."""


def environment(server: WireServer, *, timeout: float = 5, headers: HeaderList = ()) -> Environment:
    """The server's Environment, with the default base path."""
    return Environment.parse(server.base_url, timeout=timeout, headers=headers)


def create(
    server: WireServer,
    form: Form | None = None,
    *,
    kind: BodyKind = BodyKind.AUTO,
    timeout: float = 5,
    headers: HeaderList = (),
) -> PreparedRequest:
    """A prepared create of `request-interaction` on the server."""
    place = environment(server, timeout=timeout, headers=headers)
    return prepare_create(place, "request-interaction", form, kind=kind)


async def send(
    place: Environment, prepared: PreparedRequest, transfer: Transfer | None = None
) -> Exchange:
    """Send with a client of its own; what is returned, and led to it, must be what was recorded."""
    recorded: list[Exchange] = []
    async with GmsClient(place, recorded.append) as client:
        exchange = await client.send(prepared, transfer)
    assert recorded == list(exchange.hops)
    return exchange


async def send_create(
    server: WireServer, form: Form | None = None, *, patience: float = 5
) -> Exchange:
    """Create `request-interaction` on the server with a client of its own."""
    return await send(environment(server, timeout=patience), create(server, form, timeout=patience))


async def body_bytes(body: Body) -> bytes:
    """The bytes of a Body as the client reads them."""
    return b"".join([piece async for piece in body.chunks()])


def file_with(folder: Path, name: str, content: bytes) -> Path:
    """A file in a folder that is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    return path


def exchange_with(
    body: bytes = b"",
    *,
    status: int = 200,
    content_type: str | None = "application/json",
    failure: Failure | None = None,
    answered: bool = True,
    service: str = "request-interaction",
    total: float = 0.0,
) -> Exchange:
    """An Exchange as the client makes them, for what only reads it."""
    headers = () if content_type is None else (("Content-Type", content_type),)
    response = Response(
        status=status,
        reason="Reason",
        http_version="HTTP/1.1",
        headers=headers,
        body=body,
        wire_size=len(body),
        complete=True,
    )
    return Exchange(
        operation=Operation(kind=OperationKind.CREATE, service=service),
        started=datetime(2025, 5, 1, 12, tzinfo=UTC),
        request=SentRequest(
            method="POST",
            url="http://localhost/genesys/1/service/x",
            http_version="HTTP/1.1",
            headers=(),
            body_preview="",
            body_size=0,
        ),
        response=response if answered else None,
        timing=Timing(total=total),
        failure=failure,
    )


def failure_of(kind: FailureKind, message: str = "said", phase: str = "wait") -> Failure:
    """A Failure for what only reads it."""
    return Failure(kind, message, phase)


async def settle() -> None:
    """Let the loop take in what the kernel already holds for it."""
    for _ in range(100):
        await asyncio.sleep(0)


async def until(condition: Callable[[], bool]) -> None:
    """Look at a condition until it holds, of which no event of the loop tells."""
    async with asyncio.timeout(LONGEST):
        while not condition():  # noqa: ASYNC110 - as of a Transfer, or of another thread
            await asyncio.sleep(0.002)


class Watch:
    """The events of a Session, and waiting for what they bring."""

    def __init__(self, session: Session) -> None:
        self.events: list[Event] = []
        self._changed = asyncio.Event()
        session.subscribe(self._take)

    def _take(self, event: Event) -> None:
        self.events.append(event)
        self._changed.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until the condition holds after some event."""
        async with asyncio.timeout(LONGEST):
            while not condition():
                self._changed.clear()
                await self._changed.wait()


@contextlib.asynccontextmanager
async def open_session(history: History | None = None) -> AsyncIterator[Session]:
    """A Session that is closed in the end and in which no task may fail; `history` keeps it."""
    errors: list[tuple[str, BaseException]] = []
    session = Session(lambda name, error: errors.append((name, error)), history=history)
    try:
        yield session
    finally:
        await session.close()
    assert errors == []


async def created(session: Session, server: WireServer, *, patience: float = 5) -> Instance:
    """Create an Instance; the server's next answer must hold an id."""
    place = environment(server, timeout=patience)
    result = await session.create(place, create(server, timeout=patience))
    assert result.instance is not None, result.answer
    return result.instance


@contextlib.contextmanager
def full_listener() -> Iterator[int]:
    """A port on which connecting neither succeeds nor fails: its queue is full."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port: int = listener.getsockname()[1]
        for _ in range(4):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                filler.connect(("127.0.0.1", port))
        yield port


@contextlib.contextmanager
def silent_listener() -> Iterator[int]:
    """A port where connections are taken (by the kernel) and nothing is ever said."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        yield port
