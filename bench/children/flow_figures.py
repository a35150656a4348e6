"""What the processes of the benchmark `flows` print, and what their flow is."""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import asdict, dataclass

SERVICE = "request-inbound-poll"
ROW = ("_phone_number", "6504669999")
STATUSES = 10
"""Requests for the state after each create."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Requests sent and seconds taken, seconds of processor, and peak memory in MB."""

    requests: int
    seconds: float
    cpu: float
    peak: float

    @property
    def rate(self) -> float:
        """Requests each second."""
        return self.requests / self.seconds


class Stopwatch:
    """Takes time from when it is made; the start of the process is not counted."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def report(self, requests: int) -> None:
        """Print the figures as JSON."""
        figures = Figures(
            requests=requests,
            seconds=time.perf_counter() - self._wall,
            cpu=time.process_time() - self._cpu,
            peak=_megabytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss),
        )
        print(json.dumps(asdict(figures)))


def _megabytes(peak: int) -> float:
    # Linux counts in KiB, macOS in bytes.
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
