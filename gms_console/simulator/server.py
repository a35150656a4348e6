"""The simulator as a running server: its socket, its thread, its end."""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

import uvicorn

from gms_console.simulator.faults.plan import FaultCounter, FaultPlan
from gms_console.simulator.web.app import application
from gms_console.simulator.web.protocol import OpenProtocol
from gms_console.simulator.web.received import ReceivedLog
from gms_console.simulator.web.uploads import UploadFolder
from gms_console.simulator.world import pushes
from gms_console.simulator.world.clock import Clock
from gms_console.simulator.world.controls import Controls
from gms_console.simulator.world.instances import World
from gms_console.simulator.world.pool import DEFAULT_NUMBERS, NumberPool

LOOPBACK = "127.0.0.1"
"""The only address that the simulator listens on."""

_WAIT = 10.0


class SimulatorError(Exception):
    """The simulator cannot start, or is not in the state that a call needs."""


class Simulator:
    """A GMS on the loopback address.

    It runs in its own thread with its own event loop. Every `start` begins with an empty
    world: no instances, all numbers free, fault counts at zero; the clock and the record of
    received requests go on.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        speed: float = 1.0,
        faults: FaultPlan | None = None,
        pool: Sequence[str] | None = None,
        booking_seconds: float = 30,
        start_time: datetime | None = None,
    ) -> None:
        """Prepare a simulator without opening anything.

        `port` 0 takes a free port, `speed` is the factor of the clock, `pool` holds the access
        numbers and may be empty, `booking_seconds` is how long a number is held when the
        request does not say, `start_time` is the date at which the clock starts, now unless
        given. Raises ValueError for a speed or time that is not above zero, and for a date
        without zone.
        """
        if not 0 < booking_seconds < float("inf"):
            raise ValueError(f"booking_seconds must be above zero, not {booking_seconds}")
        self.clock = Clock(speed, start_time)
        """The simulator's time; tests move it with `advance`."""
        self.controls = Controls(self.clock)
        """Switches and limits of the contact center, to be changed at any time."""
        self.received = ReceivedLog()
        """The last 200 requests as received."""
        self._wanted_port = port
        self._faults = faults or FaultPlan()
        self._numbers = tuple(DEFAULT_NUMBERS if pool is None else pool)
        self._booking_seconds = booking_seconds
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._thread: _ServerThread | None = None
        self._world: World | None = None
        self._port = 0

    @property
    def port(self) -> int:
        """The port in use; raises SimulatorError while not running."""
        if self._thread is None:
            raise SimulatorError("the simulator is not running")
        return self._port

    @property
    def root_url(self) -> str:
        """`http://127.0.0.1:PORT`; raises SimulatorError while not running."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def base_url(self) -> str:
        """The root with the documented base path `/genesys`."""
        return f"{self.root_url}/genesys"

    def pending_pushes(self) -> list[dict[str, str]]:
        """Return what GMS would push to phones now, as `{"_id": ..., "_action": ...}`.

        A push is pending from the moment an agent is ready for a delayed instance until it is
        taken or the instance has gone on. Safe to call from any thread; empty while the
        simulator is not running.
        """
        return self._pushes(take=False)

    def take_pushes(self) -> list[dict[str, str]]:
        """Return the pending pushes and count them as delivered: each is returned once."""
        return self._pushes(take=True)

    def _pushes(self, *, take: bool) -> list[dict[str, str]]:
        world = self._world
        if world is None:
            return []
        with world.lock:
            return pushes.pending(world, take=take)

    def start(self) -> None:
        """Bind and serve; returns once requests are answered.

        Raises SimulatorError when it runs already and when the port cannot be had.
        """
        if self._thread is not None:
            raise SimulatorError("the simulator is running already")
        listener = _listen(self._wanted_port)
        self._port = int(listener.getsockname()[1])
        self._folder = tempfile.TemporaryDirectory(
            prefix="gms-simulator-", ignore_cleanup_errors=True
        )
        pool = NumberPool(self.clock, self._numbers, self._booking_seconds)
        world = World(self.clock, pool, UploadFolder(Path(self._folder.name)), self.controls)
        self._world = world
        app = application(world, FaultCounter(self._faults), self.received)
        self._thread = _ServerThread(app, listener)
        try:
            self._thread.start_serving()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Close all connections, end the thread, remove the temporary files.

        Answers under way break off. Without effect while not running.
        """
        thread, self._thread = self._thread, None
        self._world = None
        if thread is not None:
            thread.end()
        folder, self._folder = self._folder, None
        if folder is not None:
            folder.cleanup()

    def serve_forever(self, ready: Callable[[], None] | None = None) -> None:
        """Serve until Ctrl+C, SIGTERM or `stop`, then return stopped; starts first when needed.

        `ready` is called once both signals end it in good order: the place to tell the URL.
        Raises SimulatorError when it cannot start, and when the server ends by itself.
        """
        if self._thread is None:
            self.start()
        thread = self._thread
        try:
            with _sigterm_interrupts(), contextlib.suppress(KeyboardInterrupt):
                if ready is not None:
                    ready()
                # In short waits: on Windows an endless one cannot be interrupted.
                while thread is not None and thread.is_alive():
                    thread.join(0.2)
                if self._thread is thread:
                    raise SimulatorError("the simulator's server ended by itself")
        finally:
            self.stop()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()


class _ServerThread(threading.Thread):
    """The thread that serves; it owns the listening socket."""

    def __init__(self, app: object, listener: socket.socket) -> None:
        super().__init__(name="gms-simulator", daemon=True)
        self._listener = listener
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        _quiet()
        config = uvicorn.Config(
            app,  # type: ignore[arg-type]
            http=OpenProtocol,
            loop="asyncio",
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            headers=[("Server", "GMS-Console-Simulator")],
            timeout_keep_alive=75,
        )
        self._server = _Server(config, self._ready)

    def run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            self._listener.close()
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        await self._server.serve(sockets=[self._listener])

    def start_serving(self) -> None:
        self.start()
        if not self._ready.wait(_WAIT) or not self._server.started:
            raise SimulatorError("the simulator's server did not come up")

    def end(self) -> None:
        self._server.should_exit = True
        if self._loop is not None:
            # The loop may have ended by itself.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._server.leave.set)
        self.join(_WAIT)
        if self.is_alive():
            raise SimulatorError("the simulator's thread did not end")


class _Server(uvicorn.Server):
    """uvicorn's server, which leaves at once and takes open connections down with it."""

    def __init__(self, config: uvicorn.Config, ready: threading.Event) -> None:
        super().__init__(config)
        self._ready = ready
        self.leave = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready.set()

    async def main_loop(self) -> None:
        ticks = 0
        while not await self.on_tick(ticks):
            # Ten ticks are a second, as uvicorn counts; the Date header is renewed then.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.leave.wait(), 1.0)
            ticks += 10

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        # An aborted connection reads as "the client left", which ends every request in order.
        # Again and again: one may have been accepted just now.
        while self.server_state.connections or self.server_state.tasks:
            for connection in list(self.server_state.connections):
                connection.transport.abort()
            await asyncio.sleep(0.005)
        await super().shutdown(sockets)


def _listen(port: int) -> socket.socket:
    """Return a socket bound to the loopback address; raises SimulatorError when taken."""
    # asyncio switches Nagle's delay off only where the protocol is named.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "nt":
            exclusive = getattr(socket, "SO_EXCLUSIVEADDRUSE", -5)
            listener.setsockopt(socket.SOL_SOCKET, exclusive, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        listener.listen(1024)
    except (OSError, OverflowError) as error:
        listener.close()
        raise SimulatorError(f"cannot listen on {LOOPBACK}:{port}: {error}") from error
    return listener


def _quiet() -> None:
    """Keep warnings of the libraries off standard error while nobody has set up logging."""
    for name in ("uvicorn", "python_multipart"):
        logger = logging.getLogger(name)
        if not any(isinstance(each, logging.NullHandler) for each in logger.handlers):
            logger.addHandler(logging.NullHandler())


@contextlib.contextmanager
def _sigterm_interrupts() -> Iterator[None]:
    """Let SIGTERM raise KeyboardInterrupt; only the main thread can arrange that."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
