"""A plain client for the tests: http.client and raw sockets, nothing of the console."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from gms_console.simulator import Simulator

SERVICE = "/genesys/1/service"
URLENCODED = {"Content-Type": "application/x-www-form-urlencoded"}
BOUNDARY = "----TestBoundary7MA4"
MULTIPART = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
JSON = {"Content-Type": "application/json"}
PATIENCE = 20.0
"""How many seconds a machine may take that is busy otherwise."""

Rows = list[tuple[str, str]]


@dataclass(frozen=True)
class Reply:
    status: int
    reason: str
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        loaded = json.loads(self.body)
        assert isinstance(loaded, dict)
        return loaded

    @property
    def rows(self) -> list[dict[str, Any]]:
        loaded = json.loads(self.body)
        assert isinstance(loaded, list)
        return loaded

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]


def call(
    simulator: Simulator,
    method: str,
    target: str,
    body: bytes | str | Iterator[bytes] | None = None,
    headers: Mapping[str, str] | None = None,
    node: int = 1,
) -> Reply:
    port = urlsplit(simulator.node_urls[node - 1]).port
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(method, target, body=body, headers=dict(headers or {}))
        answer = connection.getresponse()
        return Reply(answer.status, answer.reason, answer.getheaders(), answer.read())
    finally:
        connection.close()


def post(simulator: Simulator, path: str, rows: Rows | None = None) -> Reply:
    """POST an urlencoded form below the documented root."""
    return call(simulator, "POST", f"{SERVICE}/{path}", urlencode(rows or []), URLENCODED)


def get(simulator: Simulator, path: str) -> Reply:
    return call(simulator, "GET", f"{SERVICE}/{path}")


def create(simulator: Simulator, service: str, rows: Rows | None = None) -> str:
    reply = post(simulator, service, rows)
    assert reply.status == 200, reply
    created = reply.json["_id"]
    assert isinstance(created, str)
    return created


def call_back(simulator: Simulator, service: str = "callme", **params: str) -> Reply:
    """POST a callback as JSON, for a customer's number unless the parameters say otherwise."""
    body = {"_customer_number": "+16504669999", **params}
    return call(simulator, "POST", f"{SERVICE}/callback/{service}", json.dumps(body), JSON)


def record(simulator: Simulator, callback_id: str) -> dict[str, Any]:
    [found] = get(simulator, f"callback?_id={callback_id}").rows
    return found


def part(name: str, value: bytes, filename: str | None = None, kind: str | None = None) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'
    if filename is not None:
        head += f'; filename="{filename}"'
    if kind is not None:
        head += f"\r\nContent-Type: {kind}"
    return head.encode() + b"\r\n\r\n" + value + b"\r\n"


def end() -> bytes:
    return f"--{BOUNDARY}--\r\n".encode()


def raw(simulator: Simulator, data: bytes) -> bytes:
    """Send bytes and read to the end of the connection."""
    with socket.create_connection(("127.0.0.1", simulator.port), timeout=PATIENCE) as connection:
        connection.sendall(data)
        taken = b""
        while chunk := connection.recv(65536):
            taken += chunk
        return taken


def until(condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait for a condition."""
    end_time = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end_time, "the condition did not come true"
        threading.Event().wait(0.005)
