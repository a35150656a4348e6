"""Bringing an answer to the wire, whole or damaged as a fault wants it."""

import asyncio
import contextlib
import json
import socket
import struct
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from http import HTTPStatus

from starlette.types import Receive, Send

from gms_console.simulator.faults.plan import Drop, Effect
from gms_console.simulator.web.answers import JSON_TYPE, TEXT_TYPE, Answer, GmsError, json_answer

ORS_EXCEPTION = "com.genesyslab.gsg.services.ors.OrsServiceException"
"""The exception class of what Orchestration Server did not do (domain: seen in the tests)."""

ORS_DOWN = GmsError(500, "ORS request failed: cannot connect to ORS. IO issue.", ORS_EXCEPTION)
"""Refusal while Orchestration Server cannot be reached (domain: exact, fixture A5)."""

SESSION_LOST = GmsError(500, "ORS request failed: HTTP/1.1 404 Not Found", ORS_EXCEPTION)
"""Refusal of a request whose session is lost: the domain knows the status and that the text holds
the `404 Not Found` of Orchestration Server; the words around it are this simulator's choice."""

_BY_FAULT = "This answer comes from a fault of the simulator."
_BODILESS = (204, 304)
_GARBAGE = b'{"_id": \xff\xfe\x00\x9d<<<#!@ \xc3\x28 not json' + bytes(range(128, 160))
_CUT_READ_LIMIT = 1024 * 1024


class ClientLeft(Exception):  # noqa: N818 - no error, the end of a request
    """The other side closed the connection, or the simulator stops."""


@dataclass(frozen=True)
class Wire:
    """One request's way back: the ASGI pair and the connection below it.

    `take_down` switches the node off that the request came to, for so many real seconds.
    """

    method: str
    receive: Receive
    send: Send
    transport: asyncio.Transport
    take_down: Callable[[float], None]

    async def body(self) -> AsyncIterator[bytes]:
        """Yield the request body; raises ClientLeft when it breaks off."""
        more = True
        while more:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise ClientLeft
            more = message.get("more_body", False)
            yield message.get("body", b"")

    async def gone(self) -> None:
        """Wait until the connection is closed; call it after the whole body was read."""
        while (await self.receive())["type"] != "http.disconnect":
            pass

    async def pause(self, seconds: float) -> None:
        """Wait real seconds; raises ClientLeft as soon as the connection closes."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.gone(), seconds)
            raise ClientLeft

    async def start(self, answer: Answer) -> None:
        """Send status line and headers."""
        headers = [*answer.headers, ("Content-Length", str(answer.size))]
        if answer.status in _BODILESS:
            headers.pop()
        await self.send(
            {
                "type": "http.response.start",
                "status": answer.status,
                "headers": [(n.encode("latin-1"), v.encode("latin-1")) for n, v in headers],
            }
        )

    async def more(self, data: bytes, *, last: bool = False) -> None:
        """Send a piece of the body."""
        await self.send({"type": "http.response.body", "body": data, "more_body": not last})


def replacement(effect: Effect, error_format: str = "") -> Answer:
    """Return the answer of an effect that stops a request from being carried out."""
    if effect.error_in_200 is not None:
        return json_answer({"error": effect.error_in_200})
    if effect.ors_down or effect.session_lost:
        return (ORS_DOWN if effect.ors_down else SESSION_LOST).answer(error_format)
    status = effect.status or 500
    if effect.body is None:
        answer = GmsError(status, _BY_FAULT).answer(error_format)
        body = answer.body
        headers = answer.headers
    else:
        body = effect.body.encode()
        headers = (("Content-Type", _type_of(effect.body)),)
    if status in _BODILESS:
        body = b""
    own = {name.lower() for name, _ in effect.headers}
    kept = tuple((name, value) for name, value in headers if name.lower() not in own)
    return Answer(status, (*kept, *effect.headers), body)


async def deliver(wire: Wire, answer: Answer, effect: Effect | None) -> None:
    """Send an answer; raises ClientLeft when the other side leaves during a wait."""
    if effect is None:
        await _whole(wire, answer)
        return
    if effect.delay:
        await wire.pause(effect.delay)
    if effect.node_down is not None:
        wire.take_down(effect.node_down)
        await _reset(wire)
    elif effect.reset:
        await _reset(wire)
    elif effect.drop is not None:
        await _drop(wire, answer, effect.drop)
    elif effect.truncate is not None:
        await _cut(wire, _head(answer) + answer.start(min(effect.truncate, answer.size)))
    elif effect.stall is not None:
        await _stall(wire, answer, effect.stall)
    elif effect.garbage:
        await _whole(wire, replace(answer, body=_GARBAGE))
    else:
        await _whole(wire, answer)


async def _whole(wire: Wire, answer: Answer) -> None:
    await wire.start(answer)
    if isinstance(answer.body, bytes):
        await wire.more(answer.body, last=True)
        return
    for chunk in answer.chunks():
        await wire.more(chunk)
    await wire.more(b"", last=True)


async def _stall(wire: Wire, answer: Answer, seconds: float) -> None:
    half = answer.size // 2
    sent = 0
    await wire.start(answer)
    for chunk in answer.chunks():
        if sent <= half < sent + len(chunk):
            await wire.more(chunk[: half - sent])
            await wire.pause(seconds)
            await wire.more(chunk[half - sent :])
        else:
            await wire.more(chunk)
        sent += len(chunk)
    if not answer.size:
        await wire.pause(seconds)
    await wire.more(b"", last=True)


async def _drop(wire: Wire, answer: Answer, where: Drop) -> None:
    head = _head(answer)
    if where is Drop.BEFORE:
        await _cut(wire, b"")
    elif where is Drop.HEADERS:
        await _cut(wire, head[: len(head) // 2])
    else:
        await _cut(wire, head + answer.start(min(answer.size // 2, _CUT_READ_LIMIT)))


def _head(answer: Answer) -> bytes:
    """Return status line and headers as bytes; they announce the whole body."""
    lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    lines += [f"Content-Length: {answer.size}", "", ""]
    return "\r\n".join(lines).encode("latin-1")


async def _cut(wire: Wire, data: bytes) -> None:
    """Write past the HTTP layer and close the connection in the middle of the answer."""
    if data:
        wire.transport.write(data)
    wire.transport.close()
    await wire.gone()
    raise ClientLeft


async def _reset(wire: Wire) -> None:
    """Close the connection so that the other side sees a reset and no orderly end."""
    handle: socket.socket | None = wire.transport.get_extra_info("socket")
    if handle is not None:
        # Windows holds both values in 16 bits.
        linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
        handle.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    wire.transport.abort()
    await wire.gone()
    raise ClientLeft


def _type_of(body: str) -> str:
    try:
        json.loads(body)
    except ValueError:
        return TEXT_TYPE
    return JSON_TYPE
