"""HTTP/2 with what a console needs of it beyond httpcore's: early answers, and clean ends.

httpcore's connection loses an answer that comes while it uploads, leaves the server answering
a request that was cancelled, lets one request's silence end all others of the connection, and
restarts a request's time-out whenever another one is answered. Import this module only when
HTTP/2 has been agreed on: h2 takes long to load.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import h2.connection
import h2.events
import h2.exceptions
import h2.stream
import httpcore
from h2.errors import ErrorCodes
from httpcore._async.http2 import AsyncHTTP2Connection

from gms_console.client.errors import TransportError
from gms_console.client.network import Stream
from gms_console.model.exchange import FailureKind

_ENOUGH: ContextVar[Callable[[], bool] | None] = ContextVar("_ENOUGH", default=None)
"""Whether a task that is about to read from the network has what it wants already."""

_DISCONNECTED = "Server disconnected"


class _AnsweredError(Exception):
    """The answer came before the request was sent whole."""


class Http2Connection(AsyncHTTP2Connection):
    """One connection over HTTP/2, with several requests on it at a time."""

    _network_stream: Stream

    def __init__(self, origin: httpcore.Origin, stream: Stream) -> None:
        super().__init__(origin, stream)
        self._answered: set[int] = set()
        # Requests that have taken this connection and wait for a stream of their own.
        self._entering: set[httpcore.Request] = set()

    def is_idle(self) -> bool:
        """Whether nothing is under way on it, or about to be."""
        return super().is_idle() and not self._events and not self._entering

    def has_expired(self) -> bool:
        """Whether it is idle and of no use any more, as after the server's goodbye."""
        return super().has_expired() or (self.is_idle() and self._connection_terminated is not None)

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request, unless the server has said goodbye: then the pool takes another."""
        if self.is_idle() and self._sent_connection_init and self._has_news():
            try:
                await self._receive(request, lambda: not self._has_news())
            except (httpcore.RemoteProtocolError, httpcore.NetworkError):
                raise httpcore.ConnectionNotAvailable from None
        if self._connection_terminated is not None:
            raise httpcore.ConnectionNotAvailable
        self._entering.add(request)
        try:
            return await super().handle_async_request(request)
        finally:
            self._entering.discard(request)

    def _has_news(self) -> bool:
        return bool(self._network_stream.get_extra_info("is_readable"))

    # --- sending ------------------------------------------------------------------------------

    async def _send_request_headers(self, request: httpcore.Request, stream_id: int) -> None:
        self._entering.discard(request)
        await super()._send_request_headers(request, stream_id)

    async def _send_request_body(self, request: httpcore.Request, stream_id: int) -> None:
        try:
            await super()._send_request_body(request, stream_id)
        except (_AnsweredError, h2.exceptions.ProtocolError, httpcore.NetworkError):
            # Whatever the server has said, also of why it took no more, is read next.
            return
        except httpcore.RemoteProtocolError:
            return

    async def _write_outgoing_data(self, request: httpcore.Request) -> None:
        try:
            await super()._write_outgoing_data(request)
        except httpcore.WriteError:
            # The next read tells how it ended, after what came before that.
            return

    async def _wait_for_outgoing_flow(self, request: httpcore.Request, stream_id: int) -> int:
        """Give how much may be sent, at the latest after the write time-out."""
        limit = request.extensions.get("timeout", {}).get("write")

        def flow() -> int:
            state = self._h2_state
            return min(state.local_flow_control_window(stream_id), state.max_outbound_frame_size)

        if self._has_news():
            await self._receive(request, lambda: not self._has_news())
        try:
            async with asyncio.timeout(limit):
                while not self._events.get(stream_id) and flow() == 0:
                    await self._receive(
                        request, lambda: bool(self._events.get(stream_id) or flow())
                    )
        except TimeoutError as error:
            raise httpcore.WriteTimeout from error
        if self._events.get(stream_id):
            raise _AnsweredError
        return flow()

    async def _receive(self, request: httpcore.Request, enough: Callable[[], bool]) -> None:
        """Take in what comes, unless it is enough by the time that it is our turn to read."""
        token = _ENOUGH.set(enough)
        try:
            await self._receive_events(request)
        finally:
            _ENOUGH.reset(token)

    # --- receiving ----------------------------------------------------------------------------

    async def _receive_stream_event(self, request: httpcore.Request, stream_id: int) -> Any:  # noqa: ANN401
        """Give the next event of a request, at the latest after its own read time-out."""
        limit = request.extensions.get("timeout", {}).get("read")
        try:
            async with asyncio.timeout(limit):
                event = await super()._receive_stream_event(request, stream_id)
        except TimeoutError as error:
            raise httpcore.ReadTimeout from error
        except httpcore.ConnectionNotAvailable as error:
            # The pool would send it again. One send is one request, whatever the server promises.
            text = "The server said goodbye (HTTP/2's GOAWAY) before it took the request"
            raise TransportError(FailureKind.RESET, text) from error
        except httpcore.RemoteProtocolError as error:
            raise self._named(error, answered=stream_id in self._answered) from error
        if isinstance(event, h2.events.ResponseReceived):
            self._answered.add(stream_id)
        return event

    async def _read_incoming_data(self, request: httpcore.Request) -> list[h2.events.Event]:
        """Read once. The time-out of one request is not that of the connection."""
        del request
        enough = _ENOUGH.get()
        if enough is not None and enough():
            return []
        if self._read_exception is not None:
            raise self._read_exception
        try:
            data = await self._network_stream.read(self.READ_NUM_BYTES)
            return list(self._h2_state.receive_data(data or _gone()))
        except h2.exceptions.ProtocolError as error:
            self._read_exception = httpcore.RemoteProtocolError(str(error))
            self._connection_error = True
            raise self._read_exception from error
        except Exception as error:
            self._read_exception = error
            self._connection_error = True
            raise

    @staticmethod
    def _named(error: httpcore.RemoteProtocolError, *, answered: bool) -> Exception:
        event = error.args[0] if error.args else None
        if isinstance(event, h2.events.StreamReset):
            return TransportError(
                FailureKind.RESET, f"The server ended this request by HTTP/2's {_code(event)}"
            )
        if isinstance(event, h2.events.ConnectionTerminated):
            return TransportError(
                FailureKind.RESET, f"The server ended the connection by HTTP/2's {_code(event)}"
            )
        if str(error) == _DISCONNECTED:
            if answered:
                return TransportError(FailureKind.CUT, "The connection closed inside the answer")
            return TransportError(FailureKind.NO_ANSWER, "The connection closed with no answer")
        return TransportError(FailureKind.GARBLED, f"What came back is not HTTP/2: {error}")

    # --- the end of a request -----------------------------------------------------------------

    async def _response_closed(self, stream_id: int) -> None:
        """Tell the server where a request was given up; with no other one, close at once."""
        self._answered.discard(stream_id)
        abandoned = self._end(stream_id)
        await super()._response_closed(stream_id)
        if abandoned and not self._events and not self._entering:
            await self.aclose()

    def _end(self, stream_id: int) -> bool:
        """Reset a stream that is still open. True: the server was not done with it."""
        stream = self._h2_state.streams.get(stream_id)
        if stream is None or not stream.open:
            return False
        if self._h2_state.state_machine.state is h2.connection.ConnectionState.CLOSED:
            return True
        done = stream.state_machine.state is h2.stream.StreamState.HALF_CLOSED_REMOTE
        self._h2_state.reset_stream(stream_id, ErrorCodes.NO_ERROR if done else ErrorCodes.CANCEL)
        # Not through the lock of writers: one that stands still must not hold this up.
        self._network_stream.write_soon(self._h2_state.data_to_send())
        return not done


def _gone() -> bytes:
    raise httpcore.RemoteProtocolError(_DISCONNECTED)


def _code(event: h2.events.StreamReset | h2.events.ConnectionTerminated) -> str:
    return getattr(event.error_code, "name", str(event.error_code))
