"""What comes before an answer's head is whole: the libraries do not keep it when it is no HTTP.

The first bytes tell who really listens on a port, so they stand in the failure's words. What
can never become an answer is refused as soon as it has come: another protocol's server would
wait for its own client until the time-out, and interim answers could go on for ever.
"""

from __future__ import annotations

import re
from contextvars import ContextVar

import httpcore
import httpx

from gms_console.redaction import MASK, is_credential_name

MOST_BEFORE_ANSWER = 128 * 1024
"""Bytes after which no further piece is read before the head of the answer itself is whole.

Interim answers count; the piece that ends the head may bring a part of the body along.
"""

_START = b"HTTP/"
_KEPT = 4096
_SHOWN = 80
_LINE = re.compile(rb"[^\r\n]+|[\r\n]+")
_CONTROLS = {0x09: "\\t", 0x0A: "\\n", 0x0D: "\\r", 0x5C: "\\\\"}


class NotHttpError(httpcore.RemoteProtocolError):
    """What came does not begin as an answer of HTTP/1 does."""


class EndlessHeadError(httpcore.RemoteProtocolError):
    """Much has come, and no head of an answer."""


class Received:
    """Sees what one request's connection reads until the head of its answer is whole."""

    def __init__(self) -> None:
        self.first = b""
        self._count = 0
        self._listening = False

    def on_event(self, event: str) -> None:
        """Take one of httpcore's trace events: they tell when an answer is awaited."""
        if event == "http11.send_request_headers.started":
            self.first, self._count, self._listening = b"", 0, True
        elif event == "http11.receive_response_headers.complete":
            self._listening = False

    def take(self, piece: bytes) -> None:
        """Take what was read. Raises NotHttpError and EndlessHeadError."""
        if not self._listening:
            return
        self.first += piece[: _KEPT - len(self.first)]
        if not _START.startswith(self.first[: len(_START)]):
            raise NotHttpError("not HTTP")
        if self._count > MOST_BEFORE_ANSWER:
            raise EndlessHeadError("no end of the head")
        self._count += len(piece)


RECEIVED: ContextVar[Received | None] = ContextVar("RECEIVED", default=None)
"""The Received of the request that this task sends; the network tells it what it reads."""


def take(piece: bytes) -> bytes:
    """Tell the request under way what was read for it; give it back."""
    received = RECEIVED.get()
    if received is not None:
        received.take(piece)
    return piece


def printable(data: bytes) -> str:
    """Show bytes of unknown kind in one line: the first 80, escaped, credentials masked."""
    shown = b"".join(_masked(part) for part in _LINE.findall(data[:_KEPT]))
    text = "".join(_character(byte) for byte in shown[:_SHOWN])
    return text + " …" if len(shown) > _SHOWN or len(data) > _KEPT else text


def _masked(line: bytes) -> bytes:
    name, colon, _ = line.partition(b":")
    if colon and is_credential_name(name.decode("latin-1")):
        return name + b": " + MASK.encode()
    return line


def _character(byte: int) -> str:
    if byte in _CONTROLS:
        return _CONTROLS[byte]
    return chr(byte) if 0x20 <= byte < 0x7F else f"\\x{byte:02x}"


def surplus_of(response: httpx.Response) -> int:
    """Count the bytes that lie read behind the end of an answer over HTTP/1.1.

    h11 would take them for the beginning of the next answer on that connection. Neither httpx
    nor httpcore tells of them, so this looks where they keep them; a test sends such an answer.
    """
    place: object = response.stream
    for name in ("_httpcore_stream", "_stream", "_connection", "_h11_state"):
        place = getattr(place, name, None)
    data, _ = getattr(place, "trailing_data", (b"", False))
    return len(data)
