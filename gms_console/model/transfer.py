"""A Transfer: how far a request under way has come, for whoever shows it while it runs."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field

_WINDOW = 2.0
"""Seconds over which a rate is averaged."""


@dataclass(slots=True)
class Transfer:
    """Counted by the client, read by a face as often as it likes; sizes are in bytes.

    `sent` and `received` count the bodies; `to_receive` is None where the answer did not say.
    `phase` is connect, tls, send, wait or receive, as in the Timing. `hop` counts redirects.
    """

    to_send: int = 0
    sent: int = 0
    to_receive: int | None = None
    received: int = 0
    phase: str = "connect"
    hop: int = 0
    began: float = field(default_factory=time.monotonic)
    _seen: deque[tuple[float, int]] = field(default_factory=deque)

    @property
    def moving(self) -> tuple[int, int | None]:
        """Bytes done and bytes in all of the direction that is under way."""
        if self.phase in {"wait", "receive"}:
            return self.received, self.to_receive
        return self.sent, self.to_send

    def rate(self, now: float | None = None) -> float:
        """Bytes per second over the last moments; call it each time that it is shown."""
        now = time.monotonic() if now is None else now
        done = self.sent + self.received
        self._seen.append((now, done))
        while len(self._seen) > 2 and now - self._seen[0][0] > _WINDOW:
            self._seen.popleft()
        since, before = self._seen[0]
        if now - since < 0.05:
            since, before = self.began, 0
        return (done - before) / (now - since) if now > since else 0.0

    def remaining(self, rate: float) -> float | None:
        """Seconds left at this rate; None where it cannot be said."""
        done, whole = self.moving
        if whole is None or rate <= 0 or done > whole:
            return None
        return (whole - done) / rate
