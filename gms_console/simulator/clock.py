"""The simulator's own time, which can run faster than the world's and jump ahead."""

import threading
import time


class Clock:
    """Seconds since the clock was made, times a speed factor, plus every `advance`.

    Bookings and states read this clock and nothing sleeps on it, so a jump takes effect at the
    next request. Safe to use from any thread.
    """

    def __init__(self, speed: float = 1.0) -> None:
        """Start at zero; raises ValueError unless `speed` is above zero."""
        _check_speed(speed)
        self._lock = threading.Lock()
        self._speed = speed
        self._real = time.monotonic()
        self._shown = 0.0

    def now(self) -> float:
        """Return the seconds passed on this clock."""
        with self._lock:
            return self._reading()

    def advance(self, seconds: float) -> None:
        """Jump ahead by clock seconds; raises ValueError when asked to go back."""
        if not seconds >= 0:
            raise ValueError(f"a clock cannot advance by {seconds} s")
        with self._lock:
            self._shown += seconds

    @property
    def speed(self) -> float:
        """How many clock seconds pass in one real second; a change does not make it jump."""
        with self._lock:
            return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        _check_speed(speed)
        with self._lock:
            self._shown = self._reading()
            self._real = time.monotonic()
            self._speed = speed

    def _reading(self) -> float:
        return self._shown + (time.monotonic() - self._real) * self._speed


def _check_speed(speed: float) -> None:
    if not 0 < speed < float("inf"):
        raise ValueError(f"the speed of a clock must be above zero, not {speed}")
