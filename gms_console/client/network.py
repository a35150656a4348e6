"""The network beneath httpx: asyncio transports that go on reading while they send.

httpcore's own backend stops reading while it writes, so it loses the answer of a server that
refuses an upload early and closes; and it leaves a socket open when a TLS handshake is
cancelled. This one does neither, and needs fewer turns of the event loop for a request.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import ssl
import struct
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any, cast

import httpcore

from gms_console.client.metering import METER, queued
from gms_console.client.received import take

_HIGH_WATER = 256 * 1024
"""Bytes received but not read from which the peer is made to wait."""

_SOON_SENT = 64 * 1024
"""Bytes on their way that nobody waits for: the last ones are acknowledged late."""

_SECOND_ADDRESS_AFTER = 0.25
"""Seconds after which the next address of a name is tried beside the first (RFC 8305)."""

_NO_LINGER = struct.pack("ii", 1, 0)

_SocketAddress = tuple[int, tuple[str, int] | tuple[str, int, int, int]]
"""Family and address of a socket to connect to."""


class Network(httpcore.AsyncNetworkBackend):
    """Opens TCP connections; what httpcore calls a network backend."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> Stream:
        """Connect to a host by name or address. Raises ConnectError and ConnectTimeout."""
        del local_address, socket_options
        try:
            async with asyncio.timeout(timeout):
                return Stream(await _connected(host, port))
        except TimeoutError as error:
            raise httpcore.ConnectTimeout from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error


class Stream(httpcore.AsyncNetworkStream):
    """One connection, plain or with TLS."""

    def __init__(self, protocol: _Protocol) -> None:
        self._protocol = protocol

    @property
    def ended(self) -> bool:
        """Whether the peer has closed it; what it sent before may still be there to read."""
        return self._protocol.ended

    def write_soon(self, data: bytes) -> None:
        """Hand data over without waiting until it has left; nothing happens once it is closed."""
        if data and not self._protocol.ended:
            self._protocol.transport.write(data)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what has come, or wait for it; nothing is the end. Raises ReadError, ReadTimeout."""
        try:
            return take(await self._protocol.read(max_bytes, timeout))
        except TimeoutError as error:
            raise httpcore.ReadTimeout from error
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it, waiting for room. Raises WriteError and WriteTimeout."""
        meter = METER.get()
        if meter is not None:
            meter.hand(self._protocol, len(buffer))
        try:
            await self._protocol.write(buffer, timeout)
        except TimeoutError as error:
            raise httpcore.WriteTimeout from error
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error

    async def aclose(self) -> None:
        """Close at once, whatever is under way."""
        await self._protocol.close()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> Stream:
        """Shake hands; closes on failure. Raises ConnectError and ConnectTimeout."""
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
        """Give what httpcore asks for by name, or None."""
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
        self._beneath: list[asyncio.Transport] = []
        self._received = bytearray()
        self._ended = False
        self._error: Exception | None = None
        self._reading: asyncio.Future[None] | None = None
        self._draining: asyncio.Future[None] | None = None
        self._write_paused = False
        self._read_paused = False

    @property
    def ended(self) -> bool:
        """Whether no more will come."""
        return self._ended

    @property
    def has_news(self) -> bool:
        """Whether a read would give something at once, if only the end."""
        return bool(self._received) or self._ended

    @property
    def unsent(self) -> int:
        """Bytes that were written and have not arrived, in all layers of TLS and in the system."""
        here = sum(one.get_write_buffer_size() for one in (*self._beneath, self.transport))
        return here + queued(self.transport.get_extra_info("socket"))

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
            await self._drained(timeout)
            self._check_open()

    async def _drained(self, timeout: float | None) -> None:
        """Wait until there is room again. Raises TimeoutError when nothing left for so long.

        A large piece may take longer than the time-out on a slow line, as long as it moves.
        """
        loop = asyncio.get_running_loop()
        least, moved = self.unsent, loop.time()
        while self._write_paused and not self._ended:
            self._draining = loop.create_future()
            try:
                async with asyncio.timeout(None if timeout is None else timeout / 4):
                    await self._draining
            except TimeoutError:
                if self.unsent < least:
                    least, moved = self.unsent, loop.time()
                elif timeout is not None and loop.time() - moved >= timeout:
                    raise

    async def arrived(self, patience: float | None) -> None:
        """Wait until all but a little has arrived, or something comes back.

        Without it the wait for an answer would begin, and end by its time-out, while a slow line
        still carries what the system has taken in. Raises WriteTimeout when nothing moves.
        """
        loop = asyncio.get_running_loop()
        least, moved, pause = self.unsent, loop.time(), 0.001
        while self.unsent > _SOON_SENT and not self.has_news:
            await asyncio.sleep(pause)
            pause = min(2 * pause, 0.05)
            if self.unsent < least:
                least, moved = self.unsent, loop.time()
            elif patience is not None and loop.time() - moved >= patience:
                raise httpcore.WriteTimeout

    def _check_open(self) -> None:
        if self._ended:
            raise self._error or ConnectionResetError(errno.ECONNRESET, "the server has closed")

    async def start_tls(self, context: ssl.SSLContext, hostname: str | None) -> None:
        transport = await asyncio.get_running_loop().start_tls(
            self.transport, self, context, server_hostname=hostname
        )
        if transport is None:
            raise ConnectionResetError(errno.ECONNRESET, "the server closed during the handshake")
        self._beneath.append(self.transport)
        self.transport = transport

    async def close(self) -> None:
        """Close at once: all that is wanted has been read, or nothing is wanted any more."""
        sock = self.transport.get_extra_info("socket")
        if queued(sock):
            # The system would go on to send what it holds, on a slow line for many seconds.
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self.transport.abort()
        # asyncio closes the socket in the next turn of the loop, a TLS one in the turn after.
        for _ in range(2):
            await asyncio.sleep(0)


async def _connected(host: str, port: int) -> _Protocol:
    """Connect; raises OSError with its number, and gaierror for any name that nobody knows."""
    meter = METER.get()
    if meter is not None:
        meter.looking_up = True
    addresses = await look_up(host, port)
    if meter is not None:
        meter.looking_up = False
    if len(addresses) == 1:
        return await _connected_to(*addresses[0])
    return await _first_connected(addresses)


async def look_up(host: str, port: int) -> Sequence[_SocketAddress]:
    """Give the addresses of a host, the kinds of IP by turns (RFC 8305). Raises gaierror."""
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, host)
        except (OSError, ValueError):
            continue
        return [(family, (host, port))]
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        # A label of the name is empty or too long.
        raise socket.gaierror(str(error)) from error
    if not found:
        raise socket.gaierror(f"no address for {host}")
    by_family: dict[int, list[_SocketAddress]] = {}
    for family, _, _, _, address in found:
        by_family.setdefault(family, []).append((family, cast("tuple[str, int]", address)))
    turns = zip_longest(*by_family.values())
    return [one for turn in turns for one in turn if one is not None]


async def _connected_to(
    family: int, address: tuple[str, int] | tuple[str, int, int, int]
) -> _Protocol:
    loop = asyncio.get_running_loop()
    # asyncio sends small pieces without delay only where the socket says that it is TCP's.
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        sock.setblocking(False)
        await loop.sock_connect(sock, address)
        _, protocol = await loop.create_connection(_Protocol, sock=sock)
    except BaseException:
        sock.close()
        raise
    return protocol


async def _first_connected(addresses: Sequence[_SocketAddress]) -> _Protocol:
    """Try the addresses one after the other, each next one beside those that take long."""
    errors: list[BaseException] = []
    running: set[asyncio.Task[_Protocol]] = set()
    left = list(addresses)
    try:
        while left or running:
            if left:
                running.add(asyncio.create_task(_connected_to(*left.pop(0))))
            done, running = await asyncio.wait(
                running,
                timeout=_SECOND_ADDRESS_AFTER if left else None,
                return_when=asyncio.FIRST_COMPLETED,
            )
            won = [task for task in done if task.exception() is None]
            for second in won[1:]:
                second.result().transport.abort()
            if won:
                return won[0].result()
            errors += [error for task in done if (error := task.exception()) is not None]
    finally:
        await _given_up(running)
    raise errors[-1]


async def _given_up(connecting: set[asyncio.Task[_Protocol]]) -> None:
    """Cancel attempts to connect; one that has just succeeded is closed again."""
    for task in connecting:
        task.cancel()
    if connecting:
        await asyncio.wait(connecting)
    for task in connecting:
        if not task.cancelled() and task.exception() is None:
            task.result().transport.abort()


def _wake(waiting: asyncio.Future[None] | None) -> None:
    if waiting is not None and not waiting.done():
        # Ctrl+C cancels in the middle of anything, also between these two lines.
        with contextlib.suppress(asyncio.InvalidStateError):
            waiting.set_result(None)
