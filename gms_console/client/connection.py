"""One connection of httpcore's pool, over our own way to the host."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpcore

from gms_console.client.dialling import Dial
from gms_console.client.network import Stream
from gms_console.client.proxies import ProxyServer


class Connection(httpcore.AsyncConnectionInterface):
    """Connects when the first request comes, and speaks what was agreed on then.

    httpcore's own connections would show a proxy's login among the request's headers, keep a
    place in the pool for a handshake that failed behind a proxy, and go on using a connection
    over HTTP/2 that the server has closed.
    """

    def __init__(self, origin: httpcore.Origin, dial: Dial) -> None:
        self._origin = origin
        self._dial = dial
        self._opening = asyncio.Lock()
        self._stream: Stream | None = None
        self._spoken: httpcore.AsyncConnectionInterface | None = None
        self._failed = False

    # --- what the pool asks -------------------------------------------------------------------

    def can_handle_request(self, origin: httpcore.Origin) -> bool:
        """Whether requests to this origin can go here."""
        return bool(origin == self._origin)

    def is_available(self) -> bool:
        """Whether another request can go here now."""
        if self._spoken is None:
            # Several requests may wait for one handshake, if it is to bring HTTP/2.
            return self._dial.secure and self._dial.tls.http2 and not self._failed
        return self._spoken.is_available() and not self._has_ended()

    def has_expired(self) -> bool:
        """Whether it is idle and of no use any more."""
        if self._spoken is None:
            return self._failed
        return self._spoken.has_expired() or (self._spoken.is_idle() and self._has_ended())

    def is_idle(self) -> bool:
        """Whether nothing is under way on it."""
        return self._failed if self._spoken is None else self._spoken.is_idle()

    def is_closed(self) -> bool:
        """Whether it is closed."""
        return self._failed if self._spoken is None else self._spoken.is_closed()

    def info(self) -> str:
        """Say what state it is in, for logs."""
        return "not open" if self._spoken is None else self._spoken.info()

    def _has_ended(self) -> bool:
        return self._stream is not None and self._stream.ended

    # --- requests -----------------------------------------------------------------------------

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request and give its answer, whose body is still to be read."""
        async with self._opening:
            if self._failed:
                # Another request was to open this one; the pool gives us a connection anew.
                raise httpcore.ConnectionNotAvailable
            if self._spoken is None:
                try:
                    self._spoken = await self._open(request)
                except BaseException:
                    self._failed = True
                    raise
            spoken = self._spoken
        proxy = self._dial.proxy
        if proxy is None or self._dial.secure:
            return await spoken.handle_async_request(request)
        response = await spoken.handle_async_request(_forwarded(request, proxy))
        if response.status == 407:
            # Only a proxy answers so. What it says besides may be cut off: the body was not read.
            await response.aclose()
            reason = response.extensions.get("reason_phrase", b"").decode("latin-1")
            raise proxy.refused_login(f"407 {reason}".strip())
        return response

    async def aclose(self) -> None:
        """Close it, whatever is under way."""
        if self._spoken is not None:
            await self._spoken.aclose()

    async def _open(self, request: httpcore.Request) -> httpcore.AsyncConnectionInterface:
        timeout = request.extensions.get("timeout", {}).get("connect")
        async with _traced(request, "connection.connect_tcp"):
            stream = await self._dial.connect(timeout)
        if not self._dial.secure:
            self._stream = stream
            return httpcore.AsyncHTTP11Connection(self._spoken_to(), stream)
        async with _traced(request, "connection.start_tls"):
            stream = await self._dial.start_tls(stream, timeout)
        self._stream = stream
        if stream.get_extra_info("ssl_object").selected_alpn_protocol() == "h2":
            from gms_console.client.http2 import Http2Connection  # noqa: PLC0415 - is loaded

            return Http2Connection(self._origin, stream)
        return httpcore.AsyncHTTP11Connection(self._origin, stream)

    def _spoken_to(self) -> httpcore.Origin:
        proxy = self._dial.proxy
        return self._origin if proxy is None else _proxy_origin(proxy)


def _proxy_origin(proxy: ProxyServer) -> httpcore.Origin:
    scheme = b"https" if proxy.secure else b"http"
    # A name may be written in any script; none of this goes over the wire.
    return httpcore.Origin(scheme, proxy.host.encode("utf-8"), proxy.port)


def _forwarded(request: httpcore.Request, proxy: ProxyServer) -> httpcore.Request:
    """Address a request to the proxy: with the whole URL, and with what the proxy wants to know."""
    headers = list(request.headers)
    if proxy.authorization is not None:
        # Ahead of an own header of that name there is none: this one is for this proxy.
        headers = [pair for pair in headers if pair[0].lower() != b"proxy-authorization"]
        headers.append((b"Proxy-Authorization", proxy.authorization.encode("ascii")))
    origin = _proxy_origin(proxy)
    return httpcore.Request(
        method=request.method,
        url=httpcore.URL(
            scheme=origin.scheme, host=origin.host, port=origin.port, target=bytes(request.url)
        ),
        headers=headers,
        content=request.stream,
        extensions={**request.extensions, "trace": _trace_of(request)},
    )


def _trace_of(request: httpcore.Request) -> Any:  # noqa: ANN401 - httpcore's extensions are so
    """Tell of the request itself: what the proxy is told besides is not GMS's, and secret."""

    async def tell(event: str, info: Mapping[str, Any]) -> None:
        listener = request.extensions.get("trace")
        if listener is not None:
            await listener(event, {**info, "request": request} if "request" in info else info)

    return tell


@asynccontextmanager
async def _traced(request: httpcore.Request, name: str) -> AsyncIterator[None]:
    """Tell the request's trace about a step, as httpcore does."""
    listener = request.extensions.get("trace")
    if listener is None:
        yield
        return
    await listener(f"{name}.started", {})
    try:
        yield
    except BaseException as error:
        await listener(f"{name}.failed", {"exception": error})
        raise
    await listener(f"{name}.complete", {})
