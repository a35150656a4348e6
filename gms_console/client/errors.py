"""The error of our own transport: it says itself what kind of failure it is."""

from __future__ import annotations

import httpcore

from gms_console.model.certificate import Certificate
from gms_console.model.exchange import FailureKind


class TransportError(Exception):
    """A failure that needs no guessing; its text is for a person and holds no secret.

    `certificate` is the one that a server showed when it was not trusted. `at` is when it
    happened, by `time.perf_counter()`, where it took longer to find out why.
    """

    at: float | None = None

    def __init__(
        self, kind: FailureKind, text: str, certificate: Certificate | None = None
    ) -> None:
        super().__init__(text)
        self.kind = kind
        self.certificate = certificate


class ProxyTimeoutError(httpcore.ConnectTimeout):
    """A proxy made no connection in time; the text names it, as the subject of a sentence."""
