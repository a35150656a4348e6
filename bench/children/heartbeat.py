"""How late a loop is: the gaps between beats that should come every few milliseconds."""

from __future__ import annotations

import time

EVERY = 0.005
"""Seconds from one beat to the next."""


class Heartbeat:
    """Call `beat` every EVERY seconds; the time by which one is late is a block of the loop."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self._late: list[float] = []

    def beat(self) -> None:
        """Note one beat."""
        now = time.perf_counter()
        self._late.append(max(0.0, now - self._last - EVERY))
        self._last = now

    def longest(self) -> float:
        """Give the longest block in seconds."""
        return max(self._late)

    def percentile(self, share: float) -> float:
        """Give the block in seconds that this share of the beats stays below."""
        return sorted(self._late)[int(len(self._late) * share)]
