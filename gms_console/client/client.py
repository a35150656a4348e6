"""The client: sends a prepared request and makes an Exchange of whatever came of it."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Self

import httpx

from gms_console.client.failures import BodyTooLargeError, failure_from
from gms_console.client.trace import PhaseClock, decoded
from gms_console.model.environment import Environment
from gms_console.model.exchange import (
    Exchange,
    Failure,
    FailureKind,
    Response,
    SentRequest,
)
from gms_console.wire.request import PreparedRequest

MAX_BODY = 64 * 1024 * 1024
"""Bytes of an answer's body that are kept, decompressed; reading stops there."""

Recorder = Callable[[Exchange], None]
Progress = Callable[[int], None]


@lru_cache(maxsize=2)
def shared_ssl_context(*, verify: bool) -> ssl.SSLContext:
    """Give the one SSL context of the process; making one costs some 60 ms."""
    return httpx.create_ssl_context(verify=verify, trust_env=False)


class GmsClient:
    """One caller's connection to an Environment, with a cookie jar as one phone has.

    A client per Instance keeps cookies apart and is several times faster than one shared
    pool, whose cost grows with the square of its connections.
    """

    def __init__(self, environment: Environment, recorder: Recorder) -> None:
        self.environment = environment
        self._record = recorder
        self._http: httpx.AsyncClient | None = None
        self._cookies = httpx.Cookies()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections. The cookie jar stays, and a later send opens new ones."""
        if self._http is not None:
            http, self._http = self._http, None
            await http.aclose()

    def cookie_header(self, url: str) -> str | None:
        """Give the Cookie header that belongs to a request to `url`, if any."""
        request = httpx.Request("POST", url)
        self._cookies.set_cookie_header(request)
        header: str | None = request.headers.get("Cookie")
        return header

    async def send(self, prepared: PreparedRequest, progress: Progress | None = None) -> Exchange:
        """Send `prepared` and return the recorded Exchange, also when transport failed.

        A cancelled send closes its socket, records its Exchange and raises CancelledError.
        Raises FormRefusedError, with nothing sent, when a file is no longer the one previewed.
        """
        prepared.body.check_files()
        attempt = _Attempt(prepared)
        try:
            await attempt.run(self._client(), progress)
            if attempt.response is not None:
                self._cookies.extract_cookies(attempt.response)
        except asyncio.CancelledError:
            self._record(attempt.exchange(_cancelled(attempt.clock)))
            raise
        except (httpx.HTTPError, httpx.InvalidURL, OSError, BodyTooLargeError) as error:
            failure = failure_from(
                error,
                phase=attempt.clock.phase,
                timeout=self.environment.timeout,
                host=self.environment.host,
            )
            exchange = attempt.exchange(failure)
        else:
            exchange = attempt.exchange(None)
        self._record(exchange)
        return exchange

    def _client(self) -> httpx.AsyncClient:
        if self._http is None:
            self._http = httpx.AsyncClient(
                verify=_verify(self.environment),
                timeout=httpx.Timeout(self.environment.timeout, pool=None),
                # Neither proxies nor .netrc of the machine: only what the Environment says.
                trust_env=False,
                follow_redirects=False,
            )
        return self._http


class _Attempt:
    """One request under way: gathers what the Exchange will hold."""

    def __init__(self, prepared: PreparedRequest) -> None:
        self.prepared = prepared
        self.clock = PhaseClock()
        self.started = datetime.now(UTC)
        self.response: httpx.Response | None = None
        self._body = bytearray()
        self._complete = False

    async def run(self, http: httpx.AsyncClient, progress: Progress | None) -> None:
        request = httpx.Request(
            self.prepared.method,
            self.prepared.url,
            headers=[(n.encode("latin-1"), v.encode("latin-1")) for n, v in self.prepared.headers],
            content=self.prepared.body.chunks(progress) if self.prepared.body.size else None,
            extensions={"trace": self.clock.on_event, "timeout": http.timeout.as_dict()},
        )
        self.response = await http.send(request, stream=True)
        try:
            async for piece in self.response.aiter_bytes():
                self._body += piece
                if len(self._body) > MAX_BODY:
                    del self._body[MAX_BODY:]
                    raise BodyTooLargeError(
                        f"The answer is larger than {MAX_BODY // 1024 // 1024} MiB; "
                        "reading stopped there"
                    )
            self._complete = True
        finally:
            await self.response.aclose()

    def exchange(self, failure: Failure | None) -> Exchange:
        prepared = self.prepared
        return Exchange(
            operation=prepared.operation,
            started=self.started,
            request=SentRequest(
                method=prepared.method,
                url=prepared.url,
                http_version="HTTP/1.1",
                headers=self.clock.sent_headers or prepared.headers,
                body_preview=prepared.body.preview(),
                body_size=prepared.body.size,
            ),
            response=self._response(),
            timing=self.clock.timing(),
            failure=failure,
        )

    def _response(self) -> Response | None:
        if self.response is None:
            return None
        return Response(
            status=self.response.status_code,
            reason=self.response.reason_phrase,
            http_version=self.response.http_version,
            headers=decoded(self.response.headers.raw),
            body=bytes(self._body),
            wire_size=self.response.num_bytes_downloaded,
            complete=self._complete,
        )


def _verify(environment: Environment) -> ssl.SSLContext | bool:
    # Without TLS no context is needed, and making one would delay the first request.
    if environment.scheme == "http":
        return False
    return shared_ssl_context(verify=environment.verify_tls)


def _cancelled(clock: PhaseClock) -> Failure:
    elapsed = clock.timing().total
    text = f"Cancelled after {elapsed:,.0f} ms, in the phase “{clock.phase}”"
    return Failure(FailureKind.CANCELLED, text, clock.phase)
