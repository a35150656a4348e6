"""A Transfer: how far a request under way has come, for whoever shows it while it runs."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

_WINDOW = 2.0
"""Seconds over which a rate is averaged."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What the client has counted at one moment; sizes are in bytes and count the bodies.

    `phase` is look-up, connect, tls, send, wait, receive, or redirect between two hops.
    `sent` is what has arrived, as far as the system can tell; `received` are bytes as they came,
    compressed or not. `to_receive` is None where the answer did not say.
    """

    phase: str = "connect"
    to_send: int = 0
    sent: int = 0
    to_receive: int | None = None
    received: int = 0

    @property
    def moving(self) -> tuple[int, int | None]:
        """Bytes done and bytes in all of the direction that is under way."""
        if self.phase in {"wait", "receive"}:
            return self.received, self.to_receive
        return self.sent, self.to_send


@dataclass(frozen=True, slots=True)
class Progress:
    """What a face shows: `rate` in bytes per second; times in seconds, `in_phase` of the phase.

    `rate` and `remaining` are None where they cannot be said. `hop` counts redirects.
    """

    counts: Counts
    hop: int
    in_phase: float
    elapsed: float
    rate: float | None = None
    remaining: float | None = None


class Transfer:
    """Counted by the client; a face asks with `look`, as often as it likes.

    Nothing is told to the face: a fast upload costs no more for being watched.
    """

    def __init__(self) -> None:
        self.hop = 0
        self.began = time.monotonic()
        self._count: Callable[[], Counts] = Counts
        self._begun = self._ended = False
        self._seen: deque[tuple[float, int]] = deque()
        self._stage: tuple[int, str] | None = None
        self._stage_since = self.began

    @property
    def counts(self) -> Counts:
        """What has been counted by now."""
        return self._count()

    @property
    def under_way(self) -> bool:
        """Whether the request has begun and not ended yet."""
        return self._begun and not self._ended

    def follow(self, count: Callable[[], Counts]) -> None:
        """Ask `count` from now on; the client calls this for each hop."""
        if self._begun:
            self.hop += 1
        else:
            self.began = self._stage_since = time.monotonic()
        self._begun, self._count = True, count

    def end(self) -> None:
        """Keep the last counts, and nothing else of the request."""
        last = self._count()
        self._count, self._ended = (lambda: last), True

    def look(self, now: float | None = None) -> Progress:
        """Give how far it is. The rate is taken over the looks of the last two seconds."""
        now = time.monotonic() if now is None else now
        counts = self._count()
        done, whole = counts.moving
        if (self.hop, counts.phase) != self._stage:
            self._stage, self._stage_since = (self.hop, counts.phase), now
            self._seen.clear()
        self._seen.append((now, done))
        while len(self._seen) > 2 and now - self._seen[0][0] > _WINDOW:
            self._seen.popleft()
        since, before = self._seen[0]
        rate = (done - before) / (now - since) if now - since >= 0.05 else None
        left = None if whole is None or done > whole else whole - done
        return Progress(
            counts=counts,
            hop=self.hop,
            in_phase=now - self._stage_since,
            elapsed=now - self.began,
            rate=rate,
            remaining=left / rate if rate and left is not None else None,
        )
