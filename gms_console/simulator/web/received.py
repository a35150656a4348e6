"""What the simulator received, kept as evidence for whoever drives it."""

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
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
    is false when the sender left before the end of its body.
    """

    method: str
    target: bytes
    headers: list[tuple[bytes, bytes]]
    body: bytes
    size: int
    complete: bool = True


class ReceivedLog(Sequence[ReceivedRequest]):
    """The last 200 requests, oldest first. Safe to use from any thread.

    A request is in the log before its answer leaves.
    """

    def __init__(self, length: int = LENGTH) -> None:
        self._lock = threading.Lock()
        self._requests: deque[ReceivedRequest] = deque(maxlen=length)

    def add(self, request: ReceivedRequest) -> None:
        """Append a request and forget the oldest when the log is full."""
        with self._lock:
            self._requests.append(request)

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
