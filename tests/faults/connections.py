"""Faults of the connection: it does not come about, stands still, or breaks."""

import contextlib
import select
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

from gms_console.model.answer import ProblemKind
from gms_console.model.exchange import FailureKind
from gms_console.model.form import Form, Row
from tests.engine.helpers import full_listener
from tests.faults.fault import (
    GOOD,
    LONG,
    SHORT,
    Fault,
    Group,
    Scene,
    Stage,
    answer,
    at,
    nowhere,
    on_port,
    raw,
    read_request,
    sent,
    spoken,
    wire,
)
from tests.support.wire_server import (
    UNKNOWN_HOST,
    Answer,
    Wire,
    WireRequest,
    WireServer,
    close_before_answer,
    cut_in_body,
    cut_in_headers,
    early,
    hold,
    json_answer,
    refused_port,
    reset_before_answer,
    slow_body,
    slow_headers,
)

NO_SUCH_NET = "http://127.255.255.255:8080"
"""The broadcast address of loopback: a system refuses to connect to it, and sends nothing."""

NEVER = threading.Event()

UPLOAD = 24 * 1024 * 1024
"""Bytes that no system takes over from a sender while nobody reads them."""


def big_file(folder: Path) -> Form:
    """A file that takes no room on the disk."""
    path = folder / "big.bin"
    with path.open("wb") as file:
        file.truncate(UPLOAD)
    return Form((Row(key="file", file=path),))


def _reset_at_once(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _answer_unasked(connection: socket.socket) -> None:
    connection.sendall(answer(b'{"_id": "early"}', "Content-Type: application/json"))
    read_request(connection)
    connection.recv(1)  # until the client goes


def _stall(wire: Wire, request: WireRequest) -> None:
    """Read nothing more until the client has given up, which it tells by a reset."""
    poll = select.poll()
    poll.register(wire.fileno(), select.POLLERR | select.POLLHUP)
    poll.poll(LONG * 1000)
    wire.close()


def _reset(wire: Wire, request: WireRequest) -> None:
    wire.reset()


@contextlib.contextmanager
def ipv6_only(_: Path) -> Iterator[Stage]:
    """A server on ::1 alone."""

    class OnSix(WireServer):
        host = "::1"

    with OnSix(GOOD) as server:
        yield Stage(place=at(f"http://[::1]:{server.port}"), server=server)


def no_ipv6() -> str:
    """Say why nothing can listen on ::1 here; empty where it can."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError as error:
        return f"no IPv6 on loopback: {error}"
    return ""


def uploading(play: Answer) -> Scene:
    """Let the server answer while the upload is under way."""
    return wire(play, timeout=SHORT * 2)


CONNECTIONS = Group(
    "The connection",
    [
        Fault(
            name="nobody listens on the port",
            scene=on_port(refused_port, "http"),
            kind=FailureKind.REFUSED,
            says="127.0.0.1 refuses connections on this port",
        ),
        Fault(
            name="the name of the host is not known",
            scene=nowhere(f"http://{UNKNOWN_HOST}:8080"),
            kind=FailureKind.NAME,
            says=f"No address is known for the name {UNKNOWN_HOST}",
        ),
        Fault(
            name="no way leads to the host",
            scene=nowhere(NO_SUCH_NET),
            kind=FailureKind.UNREACHABLE,
            says="cannot be reached from here",
        ),
        Fault(
            name="the host does not answer the call",
            scene=on_port(full_listener, "http", timeout=SHORT),
            kind=FailureKind.TIMEOUT,
            says="No connection within 0.15 s",
        ),
        Fault(
            name="the server has IPv6 only",
            scene=ipv6_only,
            unless=no_ipv6,
            kind=None,
            status=200,
            kept=b'{"_id": "i-1", "status": "fine"}',
        ),
        Fault(
            name="reset as soon as it is connected",
            scene=raw(_reset_at_once),
            kind=FailureKind.RESET,
            says="127.0.0.1 reset the connection",
        ),
        Fault(
            name="reset before the answer",
            scene=wire(reset_before_answer()),
            kind=FailureKind.RESET,
            says="reset the connection before its answer was whole",
        ),
        Fault(
            name="reset inside the headers",
            scene=wire(spoken(b"HTTP/1.1 200 OK\r\nContent-Ty", reset=True)),
            kind=FailureKind.RESET,
            says="reset the connection before its answer was whole",
        ),
        Fault(
            name="reset inside the body",
            scene=wire(cut_in_body(b'{"_id": "', reset=True)),
            kind=FailureKind.RESET,
            says="127.0.0.1 reset the connection inside its answer",
            status=200,
            kept=b'{"_id": "',
        ),
        Fault(
            name="closed without an answer",
            scene=wire(close_before_answer()),
            kind=FailureKind.NO_ANSWER,
            says="The connection closed with no answer",
        ),
        Fault(
            name="closed inside the status line",
            scene=sent(b"HTTP/1.1 20", close=True),
            kind=FailureKind.CUT,
            says="The connection closed inside the head of the answer, after “HTTP/1.1 20”",
        ),
        Fault(
            name="closed inside a header",
            scene=wire(cut_in_headers()),
            kind=FailureKind.CUT,
            says="The connection closed inside the head of the answer, "
            "after “HTTP/1.1 200 OK\\r\\nContent-Type: appl”",
        ),
        Fault(
            name="a kept connection dies when it is used again",
            scene=wire(close_before_answer(), GOOD),
            kind=FailureKind.NO_ANSWER,
            says="The connection closed with no answer",
            warm=True,
        ),
        Fault(
            name="nothing is answered",
            scene=wire(hold(), timeout=SHORT),
            kind=FailureKind.TIMEOUT,
            says="No answer within 0.15 s",
        ),
        Fault(
            name="the headers stand still",
            scene=wire(slow_headers(NEVER), timeout=SHORT),
            kind=FailureKind.TIMEOUT,
            says="No answer within 0.15 s",
        ),
        Fault(
            name="the body stands still",
            scene=wire(slow_body(b'{"_id": "a1", ', NEVER), timeout=SHORT),
            kind=FailureKind.TIMEOUT,
            says="The answer stood still for 0.15 s",
            status=200,
            kept=b'{"_id": "a1", ',
        ),
        Fault(
            name="the upload stands still",
            scene=uploading(Answer(_stall, early=True)),
            kind=FailureKind.TIMEOUT,
            says="The server took nothing of the request for 0.3 s",
            form=big_file,
        ),
        Fault(
            name="reset while uploading",
            scene=uploading(Answer(_reset, early=True)),
            kind=FailureKind.RESET,
            says="reset the connection",
            form=big_file,
        ),
        Fault(
            name="refused while uploading",
            scene=wire(early(json_answer({"message": "too large"}, 413))),
            kind=ProblemKind.HTTP,
            says="too large",
            status=413,
            kept=b'{"message": "too large"}',
            form=big_file,
        ),
        Fault(
            name="answered before the request was read",
            scene=raw(_answer_unasked),
            kind=None,
            status=200,
            kept=b'{"_id": "early"}',
        ),
    ],
)
