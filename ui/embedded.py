"""The simulator inside the console's own process, in its own thread."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gms_console.simulator import Simulator


class EmbeddedSimulator:
    """Starts the simulator when it is first asked for, and stops it with the window."""

    def __init__(self, speed: float = 1.0) -> None:
        self._speed = speed
        self._simulator: Simulator | None = None
        self._starting = asyncio.Lock()

    @property
    def base_url(self) -> str:
        """Its base URL; empty while it does not run."""
        return self._simulator.base_url if self._simulator is not None else ""

    @property
    def simulator(self) -> Simulator | None:
        """The running simulator, if it runs."""
        return self._simulator

    async def start(self) -> str:
        """Start it unless it runs, without blocking the window; return its base URL.

        Raises SimulatorError when no loopback port can be had.
        """
        async with self._starting:
            if self._simulator is None:
                self._simulator = await asyncio.to_thread(self._started)
        return self._simulator.base_url

    def _started(self) -> Simulator:
        # Loading the web server takes longer than the window's first picture may.
        from gms_console.simulator import Simulator  # noqa: PLC0415

        simulator = Simulator(speed=self._speed)
        simulator.start()
        return simulator

    async def stop(self) -> None:
        """Stop it if it runs."""
        simulator, self._simulator = self._simulator, None
        if simulator is not None:
            await asyncio.to_thread(simulator.stop)
