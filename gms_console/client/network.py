"""The network beneath httpx: asyncio transports that go on reading while they send.

httpcore's own backend stops reading while it writes, so it loses the answer of a server that
refuses an upload early and closes; and it leaves a socket open when a TLS handshake is
cancelled. This one does neither, and needs fewer turns of the event loop for a request.
"""

from __future__ import annotations

import asyncio
import errno
import re
import socket
import ssl
from collections.abc import Iterable
from typing import Any, cast

import httpcore

_HIGH_WATER = 256 * 1024
"""Bytes received but not read from which the peer is made to wait."""

_SECOND_ADDRESS_AFTER = 0.25
"""Seconds after which the next address of a name is tried beside the first (RFC 8305)."""

_ERRNO = re.compile(r"\[Errno (\d+)\]")


class Network(httpcore.AsyncNetworkBackend):
    """Opens TCP connections; what httpcore calls a network backend."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to a host by name or address. Raises ConnectError and ConnectTimeout."""
        del local_address, socket_options
        try:
            async with asyncio.timeout(timeout):
                return _Stream(await _connected(host, port))
        except TimeoutError as error:
            raise httpcore.ConnectTimeout from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error


class _Stream(httpcore.AsyncNetworkStream):
    def __init__(self, protocol: _Protocol) -> None:
        self._protocol = protocol

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            return await self._protocol.read(max_bytes, timeout)
        except TimeoutError as error:
            raise httpcore.ReadTimeout from error
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            await self._protocol.write(buffer, timeout)
        except TimeoutError as error:
            raise httpcore.WriteTimeout from error
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error

    async def aclose(self) -> None:
        await self._protocol.close()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            async with asyncio.timeout(timeout):
                await self._protocol.start_tls(ssl_context, server_hostname)
        except TimeoutError as error:
            await self.aclose()
            raise httpcore.ConnectTimeout from error
        except OSError as error:
            await self.aclose()
            raise httpcore.ConnectError(str(error)) from error
        except asyncio.CancelledError:
            await self.aclose()
            raise
        return self

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's signature
        if info == "is_readable":
            return self._protocol.has_news
        if info == "ssl_object":
            return self._protocol.transport.get_extra_info("ssl_object")
        if info in {"client_addr", "server_addr", "socket"}:
            name = {"client_addr": "sockname", "server_addr": "peername"}.get(info, info)
            return self._protocol.transport.get_extra_info(name)
        return None


class _Protocol(asyncio.Protocol):
    """Gathers what comes, so that it can be read even after the connection has broken."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self._received = bytearray()
        self._ended = False
        self._error: Exception | None = None
        self._reading: asyncio.Future[None] | None = None
        self._draining: asyncio.Future[None] | None = None
        self._write_paused = False
        self._read_paused = False

    @property
    def has_news(self) -> bool:
        """Whether a read would give something at once, if only the end."""
        return bool(self._received) or self._ended

    # --- what asyncio tells -----------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if len(self._received) > _HIGH_WATER and not self._read_paused:
            self._read_paused = True
            self.transport.pause_reading()
        _wake(self._reading)

    def eof_received(self) -> None:
        self._ended = True
        _wake(self._reading)

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended = True
        self._error = exc
        _wake(self._reading)
        _wake(self._draining)

    def pause_writing(self) -> None:
        self._write_paused = True

    def resume_writing(self) -> None:
        self._write_paused = False
        _wake(self._draining)

    # --- what the stream asks -----------------------------------------------------------------

    async def read(self, max_bytes: int, timeout: float | None) -> bytes:
        if not self.has_news:
            self._reading = asyncio.get_running_loop().create_future()
            async with asyncio.timeout(timeout):
                await self._reading
        piece = bytes(self._received[:max_bytes])
        del self._received[:max_bytes]
        if not piece and self._error is not None:
            raise self._error
        if self._read_paused and len(self._received) < _HIGH_WATER // 2:
            self._read_paused = False
            if not self._ended:
                self.transport.resume_reading()
        return piece

    async def write(self, data: bytes, timeout: float | None) -> None:
        self._check_open()
        self.transport.write(data)
        if self._write_paused:
            self._draining = asyncio.get_running_loop().create_future()
            async with asyncio.timeout(timeout):
                await self._draining
            self._check_open()

    def _check_open(self) -> None:
        if self._ended:
            raise self._error or ConnectionResetError(errno.ECONNRESET, "the server has closed")

    async def start_tls(self, context: ssl.SSLContext, hostname: str | None) -> None:
        transport = await asyncio.get_running_loop().start_tls(
            self.transport, self, context, server_hostname=hostname
        )
        if transport is None:
            raise ConnectionResetError(errno.ECONNRESET, "the server closed during the handshake")
        self.transport = transport

    async def close(self) -> None:
        """Close at once: all that is wanted has been read, or nothing is wanted any more."""
        self.transport.abort()
        # asyncio closes the socket in the next turn of the loop, a TLS one in the turn after.
        for _ in range(2):
            await asyncio.sleep(0)


async def _connected(host: str, port: int) -> _Protocol:
    """Connect; raises OSError with its number, and gaierror for any name that nobody knows."""
    try:
        _, protocol = await asyncio.get_running_loop().create_connection(
            _Protocol, host, port, happy_eyeballs_delay=_SECOND_ADDRESS_AFTER
        )
    except UnicodeError as error:
        # A label of the name is empty or too long.
        raise socket.gaierror(str(error)) from error
    except OSError as error:
        numbers = _ERRNO.findall(str(error))
        if error.errno is not None or not numbers:
            raise
        # asyncio drops the number when several addresses of a name have failed.
        raise OSError(int(numbers[-1]), str(error)) from error
    return protocol


def _wake(waiting: asyncio.Future[None] | None) -> None:
    if waiting is not None and not waiting.done():
        waiting.set_result(None)
