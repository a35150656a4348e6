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
        self.queue_limit: int | None = None
        """So many callbacks of one service may be queued; None for what is configured."""
        self.slot_capacity: int | None = None
        """So many callbacks fit into a slot of five minutes; None for what is configured."""
        self._clock = clock
        self._lock = threading.Lock()
        self._pauses: dict[str, list[tuple[float, float]]] = {}
        self._changes = 0

    def suspend(self, service: str) -> None:
        """Suspend a callback service: its queued callbacks are PAUSED, their time stands."""
        with self._lock:
            pauses = self._pauses.setdefault(service, [])
            if not pauses or pauses[-1][1] < math.inf:
                pauses.append((self._clock.now(), math.inf))
                self._changes += 1

    def resume(self, service: str) -> None:
        """Let a suspended service go on; without effect on another."""
        with self._lock:
            pauses = self._pauses.get(service)
            if pauses and pauses[-1][1] == math.inf:
                pauses[-1] = (pauses[-1][0], self._clock.now())
                self._changes += 1

    @property
    def changes(self) -> int:
        """How often services were suspended and let go on: whether to look again."""
        return self._changes

    def resumes(self, service: str, at: float) -> float:
        """Return `at` when the service goes on then, else when its pause of then ends."""
        with self._lock:
            for begins, ends in self._pauses.get(service, ()):
                if begins <= at < ends:
                    return ends
        return at

    def suspended(self, service: str) -> bool:
        """Return whether a service is suspended now."""
        with self._lock:
            pauses = self._pauses.get(service, [])
            return bool(pauses) and pauses[-1][1] == math.inf

    def pauses(self) -> dict[str, list[tuple[float, float]]]:
        """Return when services were suspended and let go on, as readings of the clock."""
        with self._lock:
            return {service: list(pauses) for service, pauses in self._pauses.items()}

    def restore_pauses(self, pauses: dict[str, list[tuple[float, float]]]) -> None:
        """Put back what `pauses` has returned."""
        with self._lock:
            self._pauses = {service: list(each) for service, each in pauses.items()}
            self._changes += 1

    def put_off(self, service: str, start: float, due: float) -> float:
        """Return when `due` comes if all pauses since `start` are waited out; maybe never."""
        with self._lock:
            for begins, ends in self._pauses.get(service, ()):
                if ends > start and begins < due:
                    due += ends - max(begins, start)
        return due
