"""The simulator inside the console's own process, in its own thread."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gms_console.simulator import Simulator

SIMULATOR = "Simulator"
"""What it is called where other places have a name."""


NODES = 2
"""The cluster that it plays: what is created on one node is known on the other."""


class SimulatorStartError(Exception):
    """The simulator could not be started; the text says why."""


class EmbeddedSimulator:
    """Starts the simulator when it is first asked for, and stops it with the window.

    It is a cluster of two nodes. `config` is the file that it goes by, None for the one that comes
    with the console; `trouble` says why a file was not taken at the start.
    """

    def __init__(self, speed: float = 1.0, config: str = "") -> None:
        self._speed = speed
        self.config = Path(config) if config else None
        self.trouble = ""
        self._simulator: Simulator | None = None
        self._starting: asyncio.Future[Simulator] | None = None

    @property
    def base_url(self) -> str:
        """Its base URL; empty while it does not run."""
        return self._simulator.base_url if self._simulator is not None else ""

    def has(self, url: str) -> bool:
        """Whether a URL leads to it."""
        base_url = self.base_url
        return bool(base_url) and url.startswith(base_url)

    @property
    def simulator(self) -> Simulator | None:
        """The running simulator, if it runs."""
        return self._simulator

    async def start(self) -> str:
        """Start it unless it runs, without blocking the window; return its base URL.

        Raises SimulatorStartError when no loopback port can be had.
        """
        if self._starting is None:
            self._starting = asyncio.ensure_future(asyncio.to_thread(self._started))
        try:
            # A thread goes on when its task is cancelled; stop() waits for it.
            self._simulator = await asyncio.shield(self._starting)
        except SimulatorStartError:
            self._starting = None
            raise
        return self._simulator.base_url

    def _started(self) -> Simulator:
        # Loading the web server takes longer than the window's first picture may.
        from gms_console.simulator import Simulator, SimulatorError  # noqa: PLC0415

        simulator = self._configured(Simulator)
        try:
            simulator.start()
        except SimulatorError as error:
            raise SimulatorStartError(str(error)) from error
        return simulator

    def _configured(self, make: type[Simulator]) -> Simulator:
        """Make it by the file that was chosen; by its own where that one is wrong or gone."""
        from gms_console.simulator import ConfigFileError  # noqa: PLC0415 - loaded by now

        try:
            return make(speed=self._speed, nodes=NODES, config=self.config)
        except (ConfigFileError, OSError) as error:
            self.trouble = f"The simulator goes by its own configuration. {error}"
            self.config = None
            return make(speed=self._speed, nodes=NODES)

    def use_config(self, path: Path | None) -> None:
        """Let it go by another file from now on, None for its own.

        Raises ConfigFileError and OSError, with nothing changed.
        """
        if self._simulator is not None:
            self._simulator.config.use(path)
        self.config, self.trouble = path, ""

    async def stop(self) -> None:
        """Stop it if it runs."""
        starting, self._starting = self._starting, None
        self._simulator = None
        if starting is not None:
            with suppress(SimulatorStartError):
                simulator = await starting
                await asyncio.to_thread(simulator.stop)
