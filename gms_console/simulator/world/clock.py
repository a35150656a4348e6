"""The simulator's own time, which can run faster than the world's, stand still and jump ahead."""

import threading
import time
from datetime import UTC, datetime, timedelta

_FAR = 1000 * 365 * 86400.0

_LAST = 1e15
"""Where a clock stands still: before a reading becomes infinite, with which nobody can reckon."""


class Clock:
    """Seconds since the clock was made, times a speed factor, plus every `advance`.

    Bookings and states read this clock and nothing sleeps on it, so a jump takes effect at the
    next request. While paused it moves by jumps alone. Safe to use from any thread.
    """

    def __init__(self, speed: float = 1.0, start: datetime | None = None) -> None:
        """Start at zero, which is the moment `start`, or now unless given.

        Raises ValueError unless `speed` is above zero and `start` names its zone.
        """
        check_speed(speed)
        if start is not None and start.tzinfo is None:
            raise ValueError("the start of a clock must name its zone")
        self._start = (start or datetime.now(UTC)).astimezone(UTC)
        self._lock = threading.Lock()
        self._speed = speed
        self._paused = False
        self._real = time.monotonic()
        self._shown = 0.0

    def now(self) -> float:
        """Return the seconds passed on this clock."""
        with self._lock:
            return self._reading()

    def utc(self) -> datetime:
        """Return the date and time on this clock, which stands still a thousand years on."""
        return self.moment(self.now())

    def moment(self, reading: float) -> datetime:
        """Return the date and time of a reading, at most a thousand years after the start."""
        return self._start + timedelta(seconds=min(reading, _FAR))

    def at(self, moment: datetime) -> float:
        """Return the reading of this clock at a moment; below zero if before its start."""
        return (moment - self._start).total_seconds()

    def advance(self, seconds: float) -> None:
        """Jump ahead by clock seconds; raises ValueError when asked to go back."""
        check_step(seconds)
        with self._lock:
            self._shown += seconds

    def step(self, seconds: float) -> None:
        """Jump ahead whether paused or not; one that is paused stays so."""
        self.advance(seconds)

    def restore(self, start: datetime, reading: float) -> None:
        """Go on from where another clock stood; speed and pause stay as they are.

        Raises ValueError for what no clock shows.
        """
        try:
            start = start.astimezone(UTC)
            start + timedelta(seconds=_FAR)
        except OverflowError as error:
            raise ValueError(f"a clock cannot start at {start}") from error
        if not 0 <= reading <= _LAST:
            raise ValueError(f"a clock cannot show {reading} s")
        with self._lock:
            self._start = start
            self._shown = reading
            self._real = time.monotonic()

    def pause(self) -> None:
        """Stand still until `resume`; without effect on a clock that does already."""
        with self._lock:
            self._rebase()
            self._paused = True

    def resume(self) -> None:
        """Go on from where it stands, at its speed."""
        with self._lock:
            self._rebase()
            self._paused = False

    @property
    def paused(self) -> bool:
        """Whether it stands still."""
        with self._lock:
            return self._paused

    @property
    def speed(self) -> float:
        """How many clock seconds pass in one real second; a change does not make it jump.

        A pause leaves the speed as it is.
        """
        with self._lock:
            return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        check_speed(speed)
        with self._lock:
            self._rebase()
            self._speed = speed

    def _rebase(self) -> None:
        """Count from now on, so that what has passed stays as it was counted."""
        self._shown = self._reading()
        self._real = time.monotonic()

    def _reading(self) -> float:
        if self._paused:
            return min(self._shown, _LAST)
        return min(self._shown + (time.monotonic() - self._real) * self._speed, _LAST)


def check_step(seconds: float) -> None:
    """Raise ValueError for a step that no clock can make."""
    if not 0 <= seconds < float("inf"):
        raise ValueError(f"a clock cannot advance by {seconds} s")


def check_speed(speed: float) -> None:
    """Raise ValueError for a speed that no clock can have."""
    if not 0 < speed < float("inf"):
        raise ValueError(f"the speed of a clock must be above zero, not {speed}")
