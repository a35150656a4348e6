"""What the simulator received, kept as evidence for whoever drives it."""

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import overload

BODY_LIMIT = 64 * 1024
"""How many bytes of a body are kept."""

LENGTH = 200
"""How many requests are kept."""


@dataclass(frozen=True)
class ReceivedRequest:
    """One request as it came over the wire.

    `target` is the undecoded text after the method, `headers` keep order and letter case,
    `body` holds the first 64 KiB as sent, `size` is the full length in bytes, and `complete`
    is false when the sender left before the end of its body. `number` counts the requests from
    1, `node` is the node that it came to, `at` the real time of its end.
    """

    method: str
    target: bytes
    headers: list[tuple[bytes, bytes]]
    body: bytes
    size: int
    complete: bool = True
    node: str = "node1"
    number: int = 0
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


class ReceivedLog(Sequence[ReceivedRequest]):
    """The last 200 requests, oldest first. Safe to use from any thread.

    A request is in the log before its answer leaves.
    """

    def __init__(self, length: int = LENGTH) -> None:
        self._lock = threading.Lock()
        self._requests: deque[ReceivedRequest] = deque(maxlen=length)
        self._total = 0

    def add(self, request: ReceivedRequest) -> None:
        """Number a request and append it; forget the oldest when the log is full."""
        with self._lock:
            self._total += 1
            self._requests.append(replace(request, number=self._total))

    @property
    def total(self) -> int:
        """How many came in all, also those that are forgotten; the number of the last one."""
        with self._lock:
            return self._total

    def since(self, number: int) -> list[ReceivedRequest]:
        """Return the kept requests that came after the one of that number, oldest first."""
        with self._lock:
            return [request for request in self._requests if request.number > number]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._requests.clear()

    def snapshot(self) -> list[ReceivedRequest]:
        """Return a copy that no later request changes."""
        with self._lock:
            return list(self._requests)

    def __len__(self) -> int:
        """Return how many requests are kept."""
        with self._lock:
            return len(self._requests)

    @overload
    def __getitem__(self, index: int) -> ReceivedRequest: ...
    @overload
    def __getitem__(self, index: slice) -> list[ReceivedRequest]: ...
    def __getitem__(self, index: int | slice) -> ReceivedRequest | list[ReceivedRequest]:
        """Return one request or several, as of a list."""
        return self.snapshot()[index]
