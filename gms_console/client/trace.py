"""Times the phases of an Exchange from httpcore's trace events."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gms_console.model.exchange import HeaderList, Timing

if TYPE_CHECKING:
    import httpcore

# httpcore event -> phase it opens, in the order in which they can come.
_PHASES = {
    "connection.connect_tcp": "connect",
    "connection.start_tls": "tls",
    "http11.send_request_headers": "send",
    "http11.send_request_body": "send",
    "http11.receive_response_headers": "wait",
    "http11.receive_response_body": "receive",
    "http2.send_request_headers": "send",
    "http2.send_request_body": "send",
    "http2.receive_response_headers": "wait",
    "http2.receive_response_body": "receive",
}

# Not headers of a request over HTTP/2 (RFC 9113, 8.2.2): httpcore and h2 leave them out.
_HOP_BY_HOP = {b"host", b"connection", b"keep-alive", b"proxy-connection", b"transfer-encoding"}


class PhaseClock:
    """Listens to one request's trace; pass `on_event` as httpx's `trace` extension.

    `phase` is the phase that is under way; `sent_headers` are those that went out, over HTTP/2
    with its pseudo-headers, and `http_version` is the one they went out by.
    """

    def __init__(self) -> None:
        self._began: float | None = None
        self._made = time.perf_counter()
        self._starts: dict[str, float] = {}
        self._ends: dict[str, float] = {}
        self.phase = "connect"
        self.sent_headers: HeaderList | None = None
        self.http_version: str | None = None

    async def on_event(self, event: str, info: Mapping[str, Any]) -> None:
        """Take one trace event, as httpcore calls it."""
        name, _, moment = event.rpartition(".")
        phase = _PHASES.get(name)
        if phase is None:
            return
        now = time.perf_counter()
        # Time spent on our own side before the first event is not the server's.
        self._began = self._began or now
        if moment == "started":
            self._starts.setdefault(phase, now)
            self.phase = phase
        elif moment == "complete":
            self._ends[phase] = now
        elif (at := getattr(info.get("exception"), "at", None)) is not None:
            self._ends[phase] = at
        if event == "http11.send_request_headers.started":
            self.http_version = "HTTP/1.1"
            self.sent_headers = decoded(info["request"].headers)
        elif event == "http2.send_request_headers.started":
            self.http_version = "HTTP/2"
            self.sent_headers = decoded(_http2_headers(info["request"]))

    def timing(self) -> Timing:
        """Give the phases so far, in milliseconds; an open phase counts until now."""
        now = time.perf_counter()
        return Timing(
            connect=self._length("connect", now),
            tls=self._length("tls", now),
            send=self._length("send", now),
            wait=self._length("wait", now),
            receive=self._length("receive", now),
            total=(now - (self._began or self._made)) * 1000,
        )

    def _length(self, phase: str, now: float) -> float | None:
        start = self._starts.get(phase)
        if start is None:
            return None
        return max(0.0, (self._ends.get(phase, now) - start) * 1000)


def _http2_headers(request: httpcore.Request) -> list[tuple[bytes, bytes]]:
    """Give the headers as they go out by HTTP/2: the request line is among them."""
    host = next((value for name, value in request.headers if name.lower() == b"host"), b"")
    return [
        (b":method", request.method),
        (b":authority", host),
        (b":scheme", request.url.scheme),
        (b":path", request.url.target),
        *((n.lower(), v) for n, v in request.headers if n.lower() not in _HOP_BY_HOP),
    ]


def decoded(headers: list[tuple[bytes, bytes]]) -> HeaderList:
    """Turn raw headers into text; latin-1 keeps every byte."""
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)
