"""One request under way over httpx: it gathers what its Exchange will hold."""

from __future__ import annotations

import ssl
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, datetime
from functools import lru_cache

import httpcore
import httpx

from gms_console.client.decoding import Decoder, DecodingError
from gms_console.client.failures import BodyTooLargeError, failure_from
from gms_console.client.network import Network
from gms_console.client.trace import PhaseClock, decoded
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange, Failure, FailureKind, Response, SentRequest
from gms_console.model.transfer import Transfer
from gms_console.wire.request import PreparedRequest, shown_headers

TRANSPORT_ERRORS = (httpx.HTTPError, httpx.InvalidURL, OSError, BodyTooLargeError, DecodingError)
"""What `Attempt.run` raises when no complete answer came."""


class Attempt:
    """One request under way."""

    def __init__(
        self, prepared: PreparedRequest, environment: Environment, transfer: Transfer | None = None
    ) -> None:
        self._environment = environment
        silence = environment.timeout
        self._timeout = httpx.Timeout(
            silence, connect=environment.connect_timeout or silence, pool=None
        )
        self._transfer = transfer or Transfer()
        self._transfer.to_send = prepared.body.size
        self.prepared = prepared
        self.clock = PhaseClock()
        self.started = datetime.now(UTC)
        self.response: httpx.Response | None = None
        self._body = bytearray()
        self._complete = False

    async def run(self, http: httpx.AsyncHTTPTransport) -> None:
        """Send the request and read its answer. Raises TRANSPORT_ERRORS."""
        async with aclosing(self.prepared.body.chunks(self._on_sent)) as chunks:
            await self._run(http, chunks)

    async def _run(
        self, http: httpx.AsyncHTTPTransport, chunks: AsyncGenerator[bytes, None]
    ) -> None:
        request = httpx.Request(
            self.prepared.method,
            self.prepared.url,
            headers=[(n.encode("latin-1"), v.encode("latin-1")) for n, v in self.prepared.headers],
            content=chunks if self.prepared.body.size else None,
            extensions={"trace": self.clock.on_event, "timeout": self._timeout.as_dict()},
        )
        # Not AsyncClient.send: it raises for a Location that it cannot read.
        self.response = await http.handle_async_request(request)
        self.response.request = request
        try:
            decoder = Decoder(self.response.headers.get("content-encoding", "identity"))
            async for raw in self.response.aiter_raw():
                for piece in decoder.feed(raw):
                    self._keep(piece)
            decoder.end()
            self._complete = True
        finally:
            await self.response.aclose()

    def _on_sent(self, size: int) -> None:
        self._transfer.sent += size

    def _keep(self, piece: bytes) -> None:
        most = self._environment.max_body
        self._body += piece
        if len(self._body) > most:
            del self._body[most:]
            limit = f"{most // 1024 // 1024} MiB" if most >= 1024**2 else f"{most:,} bytes"
            raise BodyTooLargeError(f"The answer is larger than {limit}; reading stopped there")

    def failed(self, error: BaseException) -> Exchange:
        """Make the Exchange of an attempt that `error` ended."""
        environment = self._environment
        failure = failure_from(
            error,
            phase=self.clock.phase,
            timeout=environment.timeout,
            host=environment.host,
        )
        return self.exchange(failure)

    def cancelled(self) -> Exchange:
        """Make the Exchange of an attempt that was cancelled, with the phase it was in."""
        elapsed = self.clock.timing().total
        text = f"Cancelled after {elapsed:,.0f} ms, in the phase “{self.clock.phase}”"
        return self.exchange(Failure(FailureKind.CANCELLED, text, self.clock.phase))

    def given_up(self) -> Exchange:
        """Make the Exchange of an attempt that took longer than its caller had."""
        elapsed = self.clock.timing().total
        text = f"Given up after {elapsed:,.0f} ms, when the time for it had run out"
        return self.exchange(Failure(FailureKind.GIVEN_UP, text, self.clock.phase))

    def exchange(self, failure: Failure | None = None) -> Exchange:
        """Make the Exchange from what has come so far."""
        prepared = self.prepared
        return Exchange(
            operation=prepared.operation,
            environment=prepared.environment,
            node=prepared.node,
            started=self.started,
            request=SentRequest(
                method=prepared.method,
                url=prepared.url,
                http_version="HTTP/1.1",
                headers=shown_headers(
                    self.clock.sent_headers or prepared.headers, prepared.secret_headers
                ),
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
            reason=self.response.extensions.get("reason_phrase", b"").decode("latin-1"),
            http_version=self.response.http_version,
            headers=decoded(self.response.headers.raw),
            body=bytes(self._body),
            wire_size=self.response.num_bytes_downloaded,
            complete=self._complete,
        )


class _Transport(httpx.AsyncHTTPTransport):
    """httpx's transport on our own network; neither proxies nor .netrc of the machine."""

    def __init__(self, environment: Environment) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_ssl_context(environment), network_backend=Network()
        )


def open_http(environment: Environment) -> httpx.AsyncHTTPTransport:
    """Make the connections of one caller."""
    return _Transport(environment)


@lru_cache(maxsize=2)
def shared_ssl_context(*, verify: bool) -> ssl.SSLContext:
    """Give the one SSL context of the process; making one costs some 60 ms."""
    context = httpx.create_ssl_context(verify=verify, trust_env=False)
    if verify:
        # A contact center has an authority of its own, which this machine trusts.
        context.load_default_certs()
    return context


def _ssl_context(environment: Environment) -> ssl.SSLContext | None:
    # Without TLS no context is needed, and making one would delay the first request.
    if environment.scheme == "http":
        return None
    return shared_ssl_context(verify=environment.verify_tls)
