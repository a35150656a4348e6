"""The client: sends a prepared request and makes an Exchange of whatever came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Self

from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange
from gms_console.model.transfer import Transfer
from gms_console.wire.request import PreparedRequest

if TYPE_CHECKING:
    import httpx

Recorder = Callable[[Exchange], None]


class GmsClient:
    """One caller's connection to an Environment, with a cookie jar as one phone has.

    A client per Instance keeps cookies apart and is several times faster than one shared
    pool, whose cost grows with the square of its connections.
    """

    def __init__(self, environment: Environment, recorder: Recorder) -> None:
        self.environment = environment
        self._record = recorder
        self._http: httpx.AsyncHTTPTransport | None = None
        self._retired: list[httpx.AsyncHTTPTransport] = []
        self._cookies: httpx.Cookies | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections. The cookie jar stays, and a later send opens new ones."""
        self._retire()
        while self._retired:
            await self._retired.pop().aclose()

    def use(self, environment: Environment) -> None:
        """Talk to the same place by other settings from the next send on; the cookies stay."""
        if environment != self.environment:
            self.environment = environment
            # What is under way goes on over the connections that it has.
            self._retire()

    def _retire(self) -> None:
        if self._http is not None:
            self._retired.append(self._http)
            self._http = None

    def stranger(self, environment: Environment) -> GmsClient:
        """Give a fresh client for another place: only the recorder is shared, no cookie is."""
        return GmsClient(environment, self._record)

    def cookie_header(self, url: str) -> str | None:
        """Give the Cookie header that belongs to a request to `url`, if any."""
        if self._cookies is None:
            return None
        import httpx  # noqa: PLC0415 - a jar exists, so it has been loaded already

        request = httpx.Request("POST", url)
        self._cookies.set_cookie_header(request)
        header: str | None = request.headers.get("Cookie")
        return header

    async def send(
        self,
        prepared: PreparedRequest,
        transfer: Transfer | None = None,
        *,
        within: float | None = None,
    ) -> Exchange:
        """Send `prepared` and return the recorded Exchange, also when transport failed.

        `transfer` is kept up to date while it is under way.
        `within` gives it up after so many seconds, whatever phase it is in.
        A cancelled send closes its socket, records its Exchange and raises CancelledError.
        Raises FormRefusedError, with nothing sent, when a file is no longer the one previewed.
        """
        # httpx takes a fifth of a second to load: a window is painted, and a command line
        # refuses bad input, before that.
        from gms_console.client import http_library  # noqa: F401, PLC0415 - before httpx
        from gms_console.client.attempt import (  # noqa: PLC0415
            TRANSPORT_ERRORS,
            Attempt,
            open_http,
        )

        if any(prepared.body.files):
            await asyncio.to_thread(prepared.body.check_files)
        if self._http is None:
            self._http = open_http(self.environment)
        attempt = Attempt(prepared, self.environment, transfer)
        try:
            async with asyncio.timeout(within) as limit:
                await attempt.run(self._http)
            self._keep_cookies(attempt.response)
            exchange = attempt.exchange()
        except asyncio.CancelledError:
            self._record(attempt.cancelled())
            raise
        except TRANSPORT_ERRORS as error:
            # A time-out of the system, as from a network drive, is not ours.
            expired = isinstance(error, TimeoutError) and limit.expired()
            exchange = attempt.given_up() if expired else attempt.failed(error)
        self._record(exchange)
        return exchange

    def _keep_cookies(self, response: httpx.Response | None) -> None:
        if response is None or "set-cookie" not in response.headers:
            return
        import httpx  # noqa: PLC0415 - loaded already

        if self._cookies is None:
            self._cookies = httpx.Cookies()
        self._cookies.extract_cookies(response)
