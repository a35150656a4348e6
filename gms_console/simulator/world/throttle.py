"""How often something happened in the last while, on the simulator's clock."""

from collections import deque

_KEYS = 10_000
"""So many keys are kept at least before the past ones are looked for."""


class Throttle:
    """Counts by key and span of time; a key always comes with the same span."""

    def __init__(self) -> None:
        self._times: dict[tuple[str, ...], deque[float]] = {}
        self._ends: dict[tuple[str, ...], float] = {}
        self._room = _KEYS

    def count(self, key: tuple[str, ...], now: float, seconds: float) -> int:
        """Return how often it happened in the last seconds, and forget what was before."""
        times = self._times.get(key)
        self._ends[key] = now + seconds
        if times is None:
            return 0
        while times and times[0] <= now - seconds:
            times.popleft()
        return len(times)

    def add(self, key: tuple[str, ...], now: float) -> None:
        """Let it happen now."""
        if len(self._ends) > self._room:
            self._forget(now)
        self._times.setdefault(key, deque()).append(now)

    def _forget(self, now: float) -> None:
        """Let go of the keys whose last time is long past."""
        for key in [key for key, end in self._ends.items() if end <= now]:
            self._ends.pop(key)
            self._times.pop(key, None)
        # Twice as many may come before it is worth while to look again.
        self._room = max(_KEYS, 2 * len(self._ends))
