"""The connections of one caller, as httpx takes them."""

from __future__ import annotations

import httpcore
import httpx

from gms_console.client.connection import Connection
from gms_console.client.dialling import Dial
from gms_console.model.environment import Environment

_MOST_IDLE = 10
"""Connections of one caller that are kept open while nothing is under way on them."""


class _Pool(httpcore.AsyncConnectionPool):
    """Connections to any host, each on the way that the Environment says."""

    def __init__(self, environment: Environment) -> None:
        # Without a limit: a request that waits for another one's connection has no time-out.
        super().__init__(max_connections=None, max_keepalive_connections=_MOST_IDLE)
        self._environment = environment

    def create_connection(self, origin: httpcore.Origin) -> httpcore.AsyncConnectionInterface:
        """Choose the way to an origin; a proxy of the system is asked for each time anew."""
        scheme, host = origin.scheme.decode("ascii"), origin.host.decode("ascii")
        return Connection(origin, Dial.to(self._environment, scheme, host, origin.port))


class _Transport(httpx.AsyncHTTPTransport):
    """httpx's transport over our own connections; it reads no .netrc."""

    def __init__(self, environment: Environment) -> None:
        self._pool = _Pool(environment)


def open_http(environment: Environment) -> httpx.AsyncHTTPTransport:
    """Make the connections of one caller; they are opened when they are needed."""
    if environment.http2 and environment.scheme == "https":
        # h2 takes 100 ms to load, which is not time of the first request.
        import gms_console.client.http2  # noqa: F401, PLC0415
    return _Transport(environment)
