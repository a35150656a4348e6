"""What the raw-socket server does with a request: answers, whole, cut, slow or broken."""

import json
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus

from tests.support.wire import Wire, WireRequest

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """What the server does with one request. Build your own from any callable."""

    play: Callable[[Wire, WireRequest], None]
    early: bool = False  # plays after the head, without reading the body


def raw_answer(data: bytes, *, close: bool = False) -> Answer:
    """Send exactly these bytes."""

    def play(wire: Wire, request: WireRequest) -> None:
        wire.send(data)
        if close:
            wire.close()

    return Answer(play)


def answer_bytes(body: bytes, status: int = 200, headers: Headers = ()) -> bytes:
    """Return a whole answer; Content-Length is added unless the headers say how long it is."""
    known = {name.lower() for name, _ in headers}
    if not known & {"content-length", "transfer-encoding"}:
        headers = [*headers, ("Content-Length", str(len(body)))]
    return _head(status, headers) + body


def body_answer(body: bytes, status: int = 200, headers: Headers = ()) -> Answer:
    """Answer with these body bytes; a `Connection: close` among the headers is obeyed."""
    close = any(
        name.lower() == "connection" and value.lower() == "close" for name, value in headers
    )
    return raw_answer(answer_bytes(body, status, headers), close=close)


def text_answer(text: str, status: int = 200, headers: Headers = ()) -> Answer:
    """Answer with plain text (another Content-Type may be given)."""
    return body_answer(text.encode(), status, _typed(headers, "text/plain; charset=utf-8"))


def json_answer(obj_or_text: object, status: int = 200, headers: Headers = ()) -> Answer:
    """Answer with JSON; a string is sent as it is, so broken JSON is possible."""
    text = obj_or_text if isinstance(obj_or_text, str) else json.dumps(obj_or_text)
    return body_answer(text.encode(), status, _typed(headers, "application/json"))


def chunked_answer(chunks: Iterable[bytes], status: int = 200, headers: Headers = ()) -> Answer:
    """Answer with a chunked body."""
    head = _head(status, [*headers, ("Transfer-Encoding", "chunked")])
    return raw_answer(head + b"".join(map(_chunk, chunks)) + b"0\r\n\r\n")


def reset_before_answer() -> Answer:
    """Read the request, then RST."""

    def play(wire: Wire, request: WireRequest) -> None:
        wire.reset()

    return Answer(play)


def close_before_answer() -> Answer:
    """Read the request, then close without a byte."""
    return raw_answer(b"", close=True)


def cut_in_headers() -> Answer:
    """Close in the middle of a header line."""
    return raw_answer(b"HTTP/1.1 200 OK\r\nContent-Type: appl", close=True)


def cut_in_body(sent: bytes = b'{"_id": "', announced: int = 100, *, reset: bool = False) -> Answer:
    """Announce more than is sent, then close (or reset)."""
    data = answer_bytes(
        sent, 200, [("Content-Type", "application/json"), ("Content-Length", str(announced))]
    )

    def play(wire: Wire, request: WireRequest) -> None:
        wire.send(data)
        if reset:
            wire.reset()
        wire.close()

    return Answer(play)


def truncated_chunked(first: bytes = b'{"_id": ') -> Answer:
    """Send one whole chunk and a part of the second, then close."""
    head = _head(200, [("Content-Type", "application/json"), ("Transfer-Encoding", "chunked")])
    return raw_answer(head + _chunk(first) + b"40\r\nonly this", close=True)


def garbage(data: bytes = b"SSH-2.0-OpenSSH_9.6\r\n") -> Answer:
    """Answer with something that is not HTTP at all."""
    return raw_answer(data, close=True)


def slow_headers(gate: threading.Event, body: bytes = b"{}") -> Answer:
    """Send the status line and half a header; the rest when the gate opens."""
    data = answer_bytes(body, 200, [("Content-Type", "application/json")])
    cut = data.index(b"application/json") + 4
    return _gated(data[:cut], gate, data[cut:])


def slow_body(first_bytes: bytes, gate: threading.Event, rest: bytes = b"}") -> Answer:
    """Send the head and the first bytes of the body; the rest when the gate opens."""
    data = answer_bytes(first_bytes + rest, 200, [("Content-Type", "application/json")])
    return _gated(data.removesuffix(rest), gate, rest)


def hold(gate: threading.Event | None = None, then: Answer | None = None) -> Answer:
    """Answer nothing until the client goes or the gate opens; then play `then` or close."""

    def play(wire: Wire, request: WireRequest) -> None:
        wire.wait(gate)
        (then or close_before_answer()).play(wire, request)

    return Answer(play)


def by_request(choose: Callable[[WireRequest], Answer]) -> Answer:
    """Let the request decide which answer it gets."""
    return Answer(lambda wire, request: choose(request).play(wire, request))


def early(answer: Answer) -> Answer:
    """Play the answer after the head, without waiting for the body.

    The request is recorded with `complete=False`. The rest of the upload is read and thrown away:
    slowly (some 10 MB/s) while the answer waits at a gate, at full speed after it.
    """
    return replace(answer, early=True)


def _head(status: int, headers: Headers) -> bytes:
    reason = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Unknown"
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers)]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode("latin-1")


def _typed(headers: Headers, content_type: str) -> Headers:
    if any(name.lower() == "content-type" for name, _ in headers):
        return headers
    return [("Content-Type", content_type), *headers]


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def _gated(first: bytes, gate: threading.Event, rest: bytes) -> Answer:
    def play(wire: Wire, request: WireRequest) -> None:
        wire.send(first)
        wire.wait(gate)
        wire.send(rest)

    return Answer(play)
