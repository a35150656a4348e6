"""The HTTP layer, with its connection and the headers as sent laid open to the application."""

import asyncio
from typing import Any, cast

import h11
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

TRANSPORT = "gms_console.transport"
TARGET = "gms_console.target"
HEADERS = "gms_console.headers"
"""Scope keys: the connection (to cut it), the target and the headers exactly as received."""

_HEAD_LIMIT = 64 * 1024


class _Connection(h11.Connection):
    """Remembers the last request head, whose header names h11 and uvicorn turn to lower case."""

    request: h11.Request | None = None

    def next_event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        event = super().next_event()
        if isinstance(event, h11.Request):
            self.request = event
        return event


class OpenProtocol(H11Protocol):
    """uvicorn's protocol, which adds the three scope keys to every request.

    h11 hands out the head of a pipelined request only after the answer before it, so the last
    head is the one that belongs to the running request.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._connection = _Connection(h11.SERVER, _HEAD_LIMIT)
        self.conn = self._connection
        self._application = cast("ASGIApp", self.app)
        self.app = cast("Any", self._opened)

    async def _opened(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = self._connection.request
        scope[TRANSPORT] = self.transport
        scope[TARGET] = bytes(request.target) if request else b""
        scope[HEADERS] = list(request.headers.raw_items()) if request else []
        await self._application(scope, receive, send)
