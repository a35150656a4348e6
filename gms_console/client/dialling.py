"""Opens the way to a host step by step: its name, the port, a proxy, TLS."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from dataclasses import dataclass, replace

import httpcore

from gms_console.client.certificates import looked_at
from gms_console.client.errors import ProxyTimeoutError, TransportError
from gms_console.client.network import Network, Stream
from gms_console.client.proxies import ProxyServer, choose, open_tunnel
from gms_console.client.tls import TlsSettings, context_for
from gms_console.client.tls_words import why_tls_failed
from gms_console.model.environment import Environment
from gms_console.model.exchange import FailureKind

_NETWORK = Network()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """The way to one host. Each step gives the stream for the next.

    Every step raises TransportError where it knows what went wrong, httpcore.ConnectError with
    the system's error beneath it where it does not, and httpcore.ConnectTimeout. A step that
    fails or is cancelled leaves no socket open.
    """

    host: str
    port: int
    secure: bool
    proxy: ProxyServer | None
    tls: TlsSettings

    @classmethod
    def to(cls, environment: Environment, scheme: str, host: str, port: int) -> Dial:
        """Choose the way to a host by an Environment. Raises TransportError for its proxy."""
        return cls(
            host=host,
            port=port,
            secure=scheme == "https",
            proxy=choose(environment.proxy, scheme, host, port),
            tls=TlsSettings.of(environment),
        )

    @property
    def first_hop(self) -> tuple[str, int]:
        """Host and port that the socket is connected to."""
        if self.proxy is not None:
            return self.proxy.host, self.proxy.port
        return self.host, self.port

    async def connect(self, timeout: float | None) -> Stream:  # noqa: ASYNC109 - httpcore's
        """Open the way as far as TLS with the host itself; seconds are for all of it."""
        try:
            async with asyncio.timeout(timeout):
                stream = await self.open_socket()
                return await self.pass_proxy(stream)
        except TimeoutError as error:
            if self.proxy is not None:
                raise ProxyTimeoutError(f"The proxy {self.proxy.netloc}") from error
            raise httpcore.ConnectTimeout from error

    async def open_socket(self) -> Stream:
        """Connect to the host, or to the proxy."""
        try:
            return await _NETWORK.connect_tcp(*self.first_hop)
        except httpcore.ConnectError as error:
            if self.proxy is None:
                raise
            raise self.proxy.failed(_why_no_socket(error)) from error

    async def pass_proxy(self, stream: Stream) -> Stream:
        """Secure the way to the proxy, and have it connect to a host with TLS."""
        proxy = self.proxy
        if proxy is None:
            return stream
        try:
            if proxy.secure:
                await self._secure_proxy(stream, proxy)
            if self.secure:
                await open_tunnel(stream, proxy, self.host, self.port)
        except httpcore.NetworkError as error:
            await stream.aclose()
            raise proxy.failed("broke the connection before it had answered") from error
        except BaseException:
            await stream.aclose()
            raise
        return stream

    async def start_tls(self, stream: Stream, timeout: float | None) -> Stream:  # noqa: ASYNC109
        """Shake hands with the host. Nothing of HTTP has been sent to it before."""
        try:
            context = await context_for(self.tls)
        except BaseException:
            await stream.aclose()
            raise
        try:
            return await stream.start_tls(context, self.host, timeout)
        except httpcore.ConnectError as error:
            raise await self._named(error) from error

    async def _secure_proxy(self, stream: Stream, proxy: ProxyServer) -> None:
        context = await context_for(self.tls.for_proxy)
        try:
            await stream.start_tls(context, proxy.host)
        except httpcore.ConnectError as error:
            cause = error.__cause__
            if not isinstance(cause, ssl.SSLError):
                raise
            text = why_tls_failed(cause, proxy.netloc)
            raise TransportError(FailureKind.PROXY, f"The proxy cannot be used. {text}") from error

    async def _named(self, error: httpcore.ConnectError) -> Exception:
        """Give the error of a handshake as a person needs it, with the certificate it is about."""
        cause = error.__cause__
        if not isinstance(cause, ssl.SSLError):
            return error
        at, certificate = time.perf_counter(), None
        if isinstance(cause, ssl.SSLCertVerificationError):
            place = (self.host, self.port, self.proxy)
            certificate = await looked_at(place, self._certificate)
        own = self.tls.tls.certificate is not None
        text = why_tls_failed(cause, self.host, certificate, own=own)
        named = TransportError(FailureKind.TLS, text, certificate)
        named.at = at
        return named

    async def _certificate(self) -> bytes | None:
        """Shake hands without trust, only to see the certificate; nothing is sent."""
        lax = replace(self, tls=self.tls.without_trust)
        stream = await lax.connect(None)
        try:
            stream = await stream.start_tls(await context_for(lax.tls), self.host)
            return peer_certificate(stream)
        finally:
            await stream.aclose()


def peer_certificate(stream: Stream) -> bytes | None:
    """Give the certificate of the other side in DER form, if TLS is spoken."""
    tls: ssl.SSLObject | None = stream.get_extra_info("ssl_object")
    return None if tls is None else tls.getpeercert(binary_form=True)


def _why_no_socket(error: httpcore.ConnectError) -> str:
    cause = error.__cause__
    if isinstance(cause, socket.gaierror):
        return "cannot be found: no address is known for its name"
    if isinstance(cause, ConnectionRefusedError):
        return "refuses connections on this port"
    if isinstance(cause, OSError) and cause.strerror:
        return f"cannot be reached: {cause.strerror}"
    return "cannot be reached from here"
