"""The client: sends a prepared request and makes an Exchange of whatever came of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from gms_console.client.keeping import Keeping
from gms_console.client.redirects import (
    RedirectError,
    Trip,
    redirect_of,
    stranger_request,
)
from gms_console.guard import GuardError
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange
from gms_console.model.transfer import Transfer
from gms_console.wire.refusal import FormRefusedError
from gms_console.wire.request import PreparedRequest

if TYPE_CHECKING:
    from http.cookiejar import Cookie

    import httpx

Recorder = Callable[[Exchange], None]

_KNOWN_URLS = 100
"""Addresses whose Cookie header is kept, while no cookie comes, goes or runs out."""


class GmsClient:
    """One caller's connection to an Environment, with a cookie jar as one phone has.

    A client per Instance keeps cookies apart and is several times faster than one shared
    pool, whose cost grows with the square of its connections.
    """

    def __init__(
        self, environment: Environment, recorder: Recorder, keeping: Keeping | None = None
    ) -> None:
        """`recorder` is told of each Exchange; `keeping` is that of a Session, which outlives this.

        What is to be stored has been stored when the recorder hears of it.
        """
        self.environment = environment
        self._record = recorder
        self._keeping = keeping or Keeping()
        self._http: httpx.AsyncHTTPTransport | None = None
        self._retired: list[httpx.AsyncHTTPTransport] = []
        self._under_way: Counter[httpx.AsyncHTTPTransport] = Counter()
        self._cookies: httpx.Cookies | None = None
        self._cookie_headers: dict[str, str | None] = {}

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
            # What is under way goes on over the connections that it has; a later send closes them.
            self._retire()

    def _retire(self) -> None:
        if self._http is not None:
            self._retired.append(self._http)
            self._http = None

    async def _close_retired(self) -> None:
        """Close the connections of former settings over which nothing is under way any more."""
        for http in [one for one in self._retired if not self._under_way[one]]:
            self._retired.remove(http)
            await http.aclose()

    def stranger(self, environment: Environment) -> GmsClient:
        """Give a fresh client for another place: only the recorder is shared, no cookie is."""
        return GmsClient(environment, self._record, self._keeping)

    @property
    def has_cookies(self) -> bool:
        """Whether any cookie has ever come, expired or not."""
        return self._cookies is not None

    def cookie_header(self, url: str) -> str | None:
        """Give the Cookie header that belongs to a request to `url`, if any."""
        if self._cookies is None:
            return None
        if url in self._cookie_headers:
            return self._cookie_headers[url]
        from urllib.request import Request  # noqa: PLC0415 - a jar exists, so httpx has loaded it

        request = Request(url)  # noqa: S310 - it is asked of the jar, and never sent
        self._cookies.jar.add_cookie_header(request)
        header = request.get_header("Cookie")
        if len(self._cookie_headers) < _KNOWN_URLS and not any(one.expires for one in self.cookies):
            self._cookie_headers[url] = header
        return header

    @property
    def cookies(self) -> tuple[Cookie, ...]:
        """The cookies of the jar that have not expired, as the library keeps them."""
        if self._cookies is None:
            return ()
        return tuple(one for one in self._cookies.jar if not one.is_expired())

    def forget_cookie(self, domain: str, path: str, name: str) -> None:
        """Take a cookie out of the jar. Raises KeyError for one that is not there."""
        if self._cookies is None:
            raise KeyError(domain, path, name)
        self._cookie_headers.clear()
        self._cookies.jar.clear(domain, path, name)

    def forget_cookies(self) -> None:
        """Empty the jar."""
        self._cookie_headers.clear()
        self._cookies = None

    async def send(
        self,
        prepared: PreparedRequest,
        transfer: Transfer | None = None,
        *,
        within: float | None = None,
    ) -> Exchange:
        """Send `prepared`, follow redirects on its own origin, and return the last Exchange.

        Every Exchange is recorded, also when transport failed. Nothing is ever sent twice by
        itself. `transfer` can be asked how far it is. `within` gives it up after so many seconds,
        whatever phase it is in; the Environment's total time-out fails it.
        A cancelled send closes its socket, records its Exchange and raises CancelledError.
        Raises FormRefusedError, with nothing sent, when a file is no longer the one previewed.
        """
        if any(prepared.body.files):
            await asyncio.to_thread(prepared.body.check_files)
        return await self.travel(Trip(self.environment, prepared), transfer, within)

    async def follow_redirect(
        self, exchange: Exchange, transfer: Transfer | None = None
    ) -> Exchange:
        """Send what an answer redirects to, once, when a person has agreed to it.

        A stranger's client does it: none of this one's headers, credentials and cookies go
        along, and cookies that come back are forgotten.
        Raises RedirectError, GuardError and FormRefusedError; nothing has been sent then.
        """
        redirect = redirect_of(self.environment, exchange)
        if redirect is None:
            raise RedirectError("This answer leads nowhere else.")
        if not redirect.allowed:
            raise GuardError(redirect.why)
        prepared = stranger_request(redirect, exchange, self._keeping.bodies.get(exchange))
        if any(prepared.body.files):
            await asyncio.to_thread(prepared.body.check_files)
        async with self.stranger(redirect.place) as client:
            trip = Trip(client.environment, prepared, exchange)
            return await client.travel(trip, transfer, None)

    async def travel(self, trip: Trip, transfer: Transfer | None, within: float | None) -> Exchange:
        """Send the request of a Trip and what same-origin redirects make of it; see `send`."""
        transfer = transfer or Transfer()
        deadline = _Deadline.of(within, trip.environment.total_timeout)
        try:
            while True:
                exchange, goes_on = await self._hop(trip, transfer, deadline)
                if not goes_on:
                    self._keeping.bodies.note(exchange, trip.sent)
                await self._store(exchange, trip.environment)
                if not goes_on:
                    return exchange
        finally:
            transfer.end()

    async def _hop(
        self, trip: Trip, transfer: Transfer, deadline: _Deadline
    ) -> tuple[Exchange, bool]:
        """Send one request; give its Exchange, and whether the Trip goes on after it."""
        # httpx takes a fifth of a second to load: a window is painted, and a command line
        # refuses bad input, before that.
        from gms_console.client import http_library  # noqa: F401, PLC0415 - before httpx
        from gms_console.client.attempt import (  # noqa: PLC0415
            TRANSPORT_ERRORS,
            Attempt,
        )
        from gms_console.client.transport import open_http  # noqa: PLC0415

        if self._http is None:
            self._http = open_http(self.environment)
        http = self._http
        attempt = Attempt(
            trip.prepared, trip.environment, transfer, trip.before, self._keeping.files
        )
        self._under_way[http] += 1
        try:
            async with asyncio.timeout_at(deadline.at) as limit:
                if trip.hops and any(trip.prepared.body.files):
                    await asyncio.to_thread(trip.prepared.body.check_files)
                await self._close_retired()
                await attempt.run(http)
        except asyncio.CancelledError:
            await self._store(attempt.cancelled(), trip.environment)
            raise
        except FormRefusedError as error:
            return attempt.changed(error), False
        except TRANSPORT_ERRORS as error:
            # A time-out of the system, as from a network drive, is not ours.
            if isinstance(error, TimeoutError) and limit.expired():
                return attempt.out_of_time() if deadline.total else attempt.given_up(), False
            return attempt.failed(error), False
        finally:
            self._under_way -= Counter({http: 1})
        self._keep_cookies(attempt.response)
        return trip.arrived(attempt.exchange(), self.cookie_header)

    async def _store(self, exchange: Exchange, environment: Environment) -> None:
        try:
            await self._keeping.keep(exchange, environment)
        except asyncio.CancelledError:
            # It is stored all the same, and what came must not be lost to who looks on.
            self._record(exchange)
            raise
        self._record(exchange)

    def _keep_cookies(self, response: httpx.Response | None) -> None:
        if response is None or "set-cookie" not in response.headers:
            return
        import httpx  # noqa: PLC0415 - loaded already

        if self._cookies is None:
            self._cookies = httpx.Cookies()
        self._cookie_headers.clear()
        self._cookies.extract_cookies(response)


@dataclass(frozen=True, slots=True)
class _Deadline:
    """When a request with all its redirects has to be done, on the loop's clock.

    `total`: the Environment says so, not the caller.
    """

    at: float | None
    total: bool

    @classmethod
    def of(cls, within: float | None, total: float | None) -> _Deadline:
        """Take the sooner one."""
        known = [seconds for seconds in (within, total) if seconds is not None]
        if not known:
            return cls(None, total=False)
        soonest = min(known)
        return cls(asyncio.get_running_loop().time() + soonest, total=soonest != within)
