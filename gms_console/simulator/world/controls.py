"""What whoever drives the simulator can change while it runs."""

import math
import threading

from gms_console.simulator.world.clock import Clock


class Controls:
    """Switches and limits of the played contact center. Safe to use from any thread.

    They outlast a stop of the simulator. All defaults are this simulator's choice.
    """

    def __init__(self, clock: Clock) -> None:
        self.agents_available = True
        """Off: `request-chat` is refused with 503."""
        self.online = True
        """Off: the health service `get` answers its offline code."""
        self.queue_limit = 1000
        """So many callbacks of one service may be queued; one more is refused with 503."""
        self.slot_capacity = 10
        """So many callbacks can be booked for one slot of five minutes."""
        self._clock = clock
        self._lock = threading.Lock()
        self._pauses: dict[str, list[tuple[float, float]]] = {}

    def suspend(self, service: str) -> None:
        """Suspend a callback service: its queued callbacks are PAUSED, their time stands."""
        with self._lock:
            pauses = self._pauses.setdefault(service, [])
            if not pauses or pauses[-1][1] < math.inf:
                pauses.append((self._clock.now(), math.inf))

    def resume(self, service: str) -> None:
        """Let a suspended service go on; without effect on another."""
        with self._lock:
            pauses = self._pauses.get(service)
            if pauses and pauses[-1][1] == math.inf:
                pauses[-1] = (pauses[-1][0], self._clock.now())

    def suspended(self, service: str) -> bool:
        """Return whether a service is suspended now."""
        with self._lock:
            pauses = self._pauses.get(service, [])
            return bool(pauses) and pauses[-1][1] == math.inf

    def put_off(self, service: str, start: float, due: float) -> float:
        """Return when `due` comes if all pauses since `start` are waited out; maybe never."""
        with self._lock:
            for begins, ends in self._pauses.get(service, ()):
                if ends > start and begins < due:
                    due += ends - max(begins, start)
        return due
