"""The thread that serves all nodes, and the server of each."""

import asyncio
import contextlib
import logging
import os
import socket
import threading
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from gms_console.simulator.errors import SimulatorError
from gms_console.simulator.faults.plan import FOR_GOOD
from gms_console.simulator.web.protocol import OpenProtocol
from gms_console.simulator.world.nodes import Nodes

LOOPBACK = "127.0.0.1"
"""The only address that the simulator listens on."""

_WAIT = 10.0

_ROUNDS = 5


class Serving(threading.Thread):
    """The thread with the loop that serves every node; it owns their listening sockets."""

    def __init__(
        self,
        application: Callable[["Serving", str], ASGIApp],
        listeners: Mapping[str, socket.socket],
        nodes: Nodes,
    ) -> None:
        """Prepare to serve an application for each node, made with this thread and its name."""
        super().__init__(name="gms-simulator", daemon=True)
        _quiet()
        self._apps = {name: application(self, name) for name in listeners}
        self._listeners = listeners
        self._nodes = nodes
        self._servers: dict[str, _Server] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._locks: dict[str, asyncio.Lock] = {}
        self._ready = threading.Event()
        self._came_up = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._leave: asyncio.Event | None = None

    def run(self) -> None:
        """Serve until `end`."""
        try:
            asyncio.run(self._serve())
        finally:
            self._close_listeners()
            self._ready.set()

    def _close_listeners(self) -> None:
        for listener in self._listeners.values():
            listener.close()

    def start_serving(self) -> None:
        """Start and return once all nodes answer; raises SimulatorError when they do not."""
        self.start()
        if not self._ready.wait(_WAIT) or not self._came_up:
            raise SimulatorError("the simulator's server did not come up")

    def end(self) -> None:
        """Close all connections and wait for the end of the thread."""
        if self._loop is not None and self._leave is not None:
            # The loop may have ended by itself.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._leave.set)
        if self.ident is None:
            self._close_listeners()
            return
        self.join(_WAIT)
        if self.is_alive():
            raise SimulatorError("the simulator's thread did not end")

    def set_up(self, name: str, up: bool) -> None:
        """Switch a node on or off, from another thread, and return when that is done.

        Raises SimulatorError when its port is taken by another program meanwhile.
        """
        if self._loop is None:
            raise SimulatorError("the simulator is not running")
        done = asyncio.run_coroutine_threadsafe(self.switch(name, up=up), self._loop)
        try:
            done.result(_WAIT)
        except TimeoutError as error:
            raise SimulatorError(f"{name} could not be switched in time") from error

    async def switch(self, name: str, *, up: bool) -> None:
        """Switch a node on or off, in the thread's own loop; as it is already, nothing is done.

        Off returns once the node refuses connections and has cut those that were open; requests
        that run there end by themselves, this one perhaps among them.
        """
        timer = self._timers.pop(name, None)
        if timer is not None:
            timer.cancel()
        async with self._locks[name]:
            server = self._servers.get(name)
            if up and server is None:
                await self._open(name, listen(self._nodes.port(name)))
            elif not up and server is not None:
                server.hold()
                await asyncio.sleep(0)
                del self._servers[name]
                # It counts as down from the moment that it takes no more connections.
                self._nodes.note(name, up=False)
                server.refuse()
                self._begin(server.close())
                await asyncio.sleep(0)  # what was cut is closed in the loop's next round

    def take_down(self, name: str) -> Callable[[float], None]:
        """Return what switches a node off for so many real seconds; call it in the loop."""

        def down(seconds: float) -> None:
            self._begin(self._down_for(name, seconds))

        return down

    async def _down_for(self, name: str, seconds: float) -> None:
        await self.switch(name, up=False)
        if seconds != FOR_GOOD:
            loop = asyncio.get_running_loop()
            self._timers[name] = loop.call_later(seconds, lambda: self._begin(self._up_again(name)))

    async def _up_again(self, name: str) -> None:
        # A port that is taken meanwhile leaves the node down, as its view shows.
        with contextlib.suppress(SimulatorError):
            await self.switch(name, up=True)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._leave = asyncio.Event()
        self._locks = {name: asyncio.Lock() for name in self._apps}
        for name, listener in self._listeners.items():
            await self._open(name, listener)
        self._came_up = True
        self._ready.set()
        await self._leave.wait()
        for timer in self._timers.values():
            timer.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(server.close() for server in self._servers.values()))

    async def _open(self, name: str, listener: socket.socket) -> None:
        server = _Server(_config(self._apps[name]))
        try:
            await server.open(listener)
        except BaseException:
            listener.close()
            raise
        self._servers[name] = server
        self._nodes.note(name, up=True)


class _Server(uvicorn.Server):
    """uvicorn's server, which leaves at once and takes open connections down with it."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._leave = asyncio.Event()
        self._beat: asyncio.Task[None] | None = None

    async def open(self, listener: socket.socket) -> None:
        """Answer what comes to a listening socket."""
        self.config.load()
        self.lifespan = self.config.lifespan_class(self.config)
        await self.startup(sockets=[listener])
        self._beat = asyncio.create_task(self.main_loop())

    def hold(self) -> None:
        """Accept no more, a round of the loop before the socket is closed.

        asyncio forgets a connection whose server is closed in the round that accepted it, and
        leaves its client waiting.
        """
        loop = asyncio.get_running_loop()
        for server in self.servers:
            for listener in server.sockets:
                with contextlib.suppress(NotImplementedError):  # Windows accepts otherwise
                    loop.remove_reader(listener.fileno())

    def refuse(self) -> None:
        """Close the socket, and cut every connection that is open."""
        self.should_exit = True
        self._leave.set()
        for server in self.servers:
            server.close()
        # An aborted connection reads as "the client left", which ends every request in order.
        for connection in list(self.server_state.connections):
            connection.transport.abort()

    async def close(self) -> None:
        """Close the socket and every connection, and wait for the end of every request."""
        self.hold()
        await asyncio.sleep(0)
        self.refuse()
        # One that was accepted just now is known as a connection a few rounds of the loop later.
        for _ in range(_ROUNDS):
            await asyncio.sleep(0)
            self.refuse()
        while self.server_state.connections or self.server_state.tasks:
            await asyncio.sleep(0.005)
            self.refuse()
        if self._beat is not None:
            await self._beat
        # uvicorn's own shutdown would wait a tenth of a second for what is gone already.
        for server in self.servers:
            await server.wait_closed()

    async def main_loop(self) -> None:
        ticks = 0
        while not await self.on_tick(ticks):
            # Ten ticks are a second, as uvicorn counts; the Date header is renewed then.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._leave.wait(), 1.0)
            ticks += 10


def listen(port: int) -> socket.socket:
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


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
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


def _quiet() -> None:
    """Keep warnings of the libraries off standard error while nobody has set up logging."""
    for name in ("uvicorn", "python_multipart"):
        logger = logging.getLogger(name)
        if not any(isinstance(each, logging.NullHandler) for each in logger.handlers):
            logger.addHandler(logging.NullHandler())
