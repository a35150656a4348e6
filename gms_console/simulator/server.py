"""The simulator: what it is made of, its start and its end."""

import contextlib
import socket
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from starlette.types import ASGIApp

from gms_console.simulator.config.source import ConfigSource
from gms_console.simulator.control.control import Control
from gms_console.simulator.control.http import ControlFront
from gms_console.simulator.control.run import Run
from gms_console.simulator.errors import SimulatorError
from gms_console.simulator.faults.live import LiveFaults
from gms_console.simulator.faults.plan import FaultPlan
from gms_console.simulator.signals import sigterm_interrupts
from gms_console.simulator.state.keeping import Keeping
from gms_console.simulator.web.app import Played, application
from gms_console.simulator.web.received import ReceivedLog
from gms_console.simulator.web.serving import LOOPBACK, Serving, listen
from gms_console.simulator.web.uploads import UploadFolder
from gms_console.simulator.world import pushes
from gms_console.simulator.world.clock import Clock
from gms_console.simulator.world.controls import Controls
from gms_console.simulator.world.instances import World
from gms_console.simulator.world.nodes import FIRST, Nodes, node_names
from gms_console.simulator.world.pool import NumberPool

__all__ = ["LOOPBACK", "Simulator", "SimulatorError"]

MAX_NODES = 8


class Simulator:
    """A GMS on the loopback address, or a cluster of several nodes with one memory.

    It runs in its own thread with its own event loop. Every `start` begins with an empty
    world: no instances, all numbers free, fault counts at zero; the clock, the faults as they
    were edited and the record of received requests go on. With a state file it begins with what
    lived at the last stop, at the time that the clock showed then.
    """

    def __init__(  # noqa: PLR0913 - all that can be said of a simulator
        self,
        *,
        port: int = 0,
        speed: float = 1.0,
        faults: FaultPlan | None = None,
        pool: Sequence[str] | None = None,
        booking_seconds: float | None = None,
        start_time: datetime | None = None,
        config: Path | None = None,
        nodes: int = 1,
        state: Path | None = None,
    ) -> None:
        """Prepare a simulator without opening anything.

        `port` 0 takes free ports; another one is that of node1, and each further node has the
        next. `speed` is the factor of the clock, `pool` holds the access numbers and may be
        empty, `booking_seconds` is how long a number is held when the request does not say,
        `start_time` is the date at which the clock starts, now unless given, `config` the file
        with the options of GMS, `state` the file that keeps what lives over a restart. Raises
        ValueError for a speed or time that is not above zero, for a date without zone and for a
        number of nodes that is not 1 to 8; ConfigFileError and OSError for a configuration that
        cannot be used.
        """
        if booking_seconds is not None and not 0 < booking_seconds < float("inf"):
            raise ValueError(f"booking_seconds must be above zero, not {booking_seconds}")
        if not 1 <= nodes <= MAX_NODES:
            raise ValueError(f"a simulator has 1 to {MAX_NODES} nodes, not {nodes}")
        self.clock = Clock(speed, start_time)
        """The simulator's time; tests move it with `advance`."""
        self.controls = Controls(self.clock)
        """Switches and limits of the contact center, to be changed at any time."""
        self.received = ReceivedLog()
        """The last 200 requests as received."""
        self.faults = LiveFaults(faults)
        """What goes wrong, to be edited at any time."""
        self.control = Control(
            self.clock, self.faults, self.received, lambda: self._run, lambda: self.state_error
        )
        """All that can be seen of it and done to it while it runs."""
        self.config = ConfigSource(config)
        """The options of GMS in force, with remarks on them and the error of a bad edit."""
        self.state_note = ""
        """What the last start, or the stop after it, has to tell about the state file.

        Empty when all was well.
        """
        self._state = state
        self._keeping: Keeping | None = None
        self._wanted_port = port
        self._names = node_names(nodes)
        self._numbers = None if pool is None else tuple(pool)
        self._booking_seconds = booking_seconds
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._run: Run | None = None

    @property
    def port(self) -> int:
        """The port of node1; raises SimulatorError while not running."""
        return self._running().world.nodes.port(FIRST)

    @property
    def root_url(self) -> str:
        """`http://127.0.0.1:PORT` of node1; raises SimulatorError while not running."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def base_url(self) -> str:
        """The root of node1 with the documented base path `/genesys`."""
        return f"{self.root_url}/genesys"

    @property
    def node_urls(self) -> tuple[str, ...]:
        """The base URLs of all nodes in order, also of those that are down."""
        nodes = self._running().world.nodes
        return tuple(f"http://{LOOPBACK}:{nodes.port(name)}/genesys" for name in nodes.names())

    def _running(self) -> Run:
        if self._run is None:
            raise SimulatorError("the simulator is not running")
        return self._run

    @property
    def state_error(self) -> str:
        """Why the state file could not be written lately; empty while it can."""
        return "" if self._keeping is None else self._keeping.error

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
        run = self._run
        if run is None:
            return []
        with run.world.lock:
            return pushes.pending(run.world, take=take)

    def start(self) -> None:
        """Bind and serve; returns once requests are answered.

        Raises SimulatorError when it runs already, when a port cannot be had and when the state
        file cannot be used; one that is damaged is moved aside, as `state_note` tells.
        """
        if self._run is not None:
            raise SimulatorError("the simulator is running already")
        nodes = Nodes(self._names)
        listeners = self._listen(nodes)
        self._folder = tempfile.TemporaryDirectory(
            prefix="gms-simulator-", ignore_cleanup_errors=True
        )
        pool = NumberPool(self.clock, self.config, self._numbers, self._booking_seconds)
        uploads = UploadFolder(Path(self._folder.name))
        world = World(self.clock, pool, uploads, self.controls, self.config, nodes)
        self.faults.begin()
        serving = Serving(partial(self._application, world), listeners, nodes)
        self._run = Run(world, serving)
        try:
            self._begin_keeping(world)
            serving.start_serving()
        except BaseException:
            self.stop()
            raise

    def _begin_keeping(self, world: World) -> None:
        self.state_note = ""
        if self._state is not None:
            self._keeping = Keeping(self._state)
            self.state_note = self._keeping.begin(world)

    def _listen(self, nodes: Nodes) -> dict[str, socket.socket]:
        """Open the port of every node, or none."""
        listeners: dict[str, socket.socket] = {}
        try:
            for place, name in enumerate(nodes.names()):
                listeners[name] = listen(self._wanted_port and self._wanted_port + place)
                nodes.note(name, port=int(listeners[name].getsockname()[1]))
        except SimulatorError:
            for listener in listeners.values():
                listener.close()
            raise
        return listeners

    def _application(self, world: World, serving: Serving, node: str) -> ASGIApp:
        control = ControlFront(self.control, serving, node)
        down = serving.take_down(node)
        return application(Played(world, self.faults, self.received, control, down, node))

    def stop(self) -> None:
        """Close all connections, end the thread, remove the temporary files.

        Answers under way break off. Without effect while not running.
        """
        run, self._run = self._run, None
        keeping, self._keeping = self._keeping, None
        folder, self._folder = self._folder, None
        # Each for itself: what lives is written also when a thread does not end.
        with contextlib.ExitStack() as ends:
            if folder is not None:
                ends.callback(folder.cleanup)
            if keeping is not None:
                ends.callback(self._end_keeping, keeping)
            if run is not None:
                ends.callback(run.serving.end)

    def _end_keeping(self, keeping: Keeping) -> None:
        keeping.end()
        self.state_note = keeping.error or self.state_note

    def serve_forever(
        self, ready: Callable[[], None] | None = None, watch: Callable[[], None] | None = None
    ) -> None:
        """Serve until Ctrl+C, SIGTERM or `stop`, then return stopped; starts first when needed.

        `ready` is called once both signals end it in good order: the place to tell the URL.
        `watch` is called every now and then: the place to tell what goes wrong meanwhile.
        Raises SimulatorError when it cannot start, and when the server ends by itself.
        """
        if self._run is None:
            self.start()
        run = self._run
        try:
            with sigterm_interrupts(), contextlib.suppress(KeyboardInterrupt):
                if ready is not None:
                    ready()
                # In short waits: on Windows an endless one cannot be interrupted.
                while run is not None and run.serving.is_alive():
                    run.serving.join(0.2)
                    if watch is not None:
                        watch()
                if self._run is run:
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
