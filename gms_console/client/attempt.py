"""One request under way over httpx: it gathers what its Exchange will hold."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, cast
from urllib.parse import urlsplit

import httpx

from gms_console.body_files import BodyFiles
from gms_console.client.decoding import STEP, Decoder, DecodingError
from gms_console.client.errors import TransportError
from gms_console.client.failures import BodyTooLargeError, failure_from
from gms_console.client.metering import METER, Meter
from gms_console.client.received import RECEIVED, Received, surplus_of
from gms_console.client.received_body import ReceivedBody
from gms_console.client.redirects import PHASE as REDIRECT_PHASE
from gms_console.client.trace import PhaseClock, decoded
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange, Failure, FailureKind, Response, SentRequest
from gms_console.model.reading import charset_in, known_charset
from gms_console.model.transfer import Counts, Transfer
from gms_console.redaction import Masker, header_secrets
from gms_console.wire.request import PreparedRequest, shown_headers

TRANSPORT_ERRORS = (
    httpx.HTTPError,
    httpx.InvalidURL,
    OSError,
    BodyTooLargeError,
    DecodingError,
    TransportError,
)
"""What `Attempt.run` raises when no complete answer came."""


class Attempt:
    """One request under way; `before` is the Exchange that redirected to it."""

    def __init__(
        self,
        prepared: PreparedRequest,
        environment: Environment,
        transfer: Transfer,
        before: Exchange | None = None,
        files: BodyFiles | None = None,
    ) -> None:
        self._environment = environment
        silence = environment.timeout
        self._timeout = httpx.Timeout(
            silence, connect=environment.connect_timeout or silence, pool=None
        )
        self.prepared = prepared
        self.clock = PhaseClock()
        if before is not None:
            self.clock.phase = REDIRECT_PHASE
        self._before = before
        self._meter = Meter()
        self._to_send = prepared.body.size
        self._received = Received()
        self._surplus = 0
        self.started = datetime.now(UTC)
        self.response: httpx.Response | None = None
        self._body = ReceivedBody(environment.max_body, files, self._masker)
        self._complete = False
        transfer.follow(self.counts)

    @property
    def phase(self) -> str:
        """The phase that is under way."""
        at_once = {"connect", REDIRECT_PHASE}
        return (
            "look-up"
            if self._meter.looking_up and self.clock.phase in at_once
            else self.clock.phase
        )

    def _masker(self) -> Masker:
        """Make what keeps secrets out of a file, once the head of the answer is there."""
        headers = self.prepared.headers
        if self.response is not None:
            headers += decoded(self.response.headers.raw)
        known = Masker.of(self._environment, self.prepared.form)
        return known.also(header_secrets(headers))

    def _charset(self) -> str:
        headers = decoded(self.response.headers.raw) if self.response is not None else ()
        kinds = (value for name, value in headers if name.lower() == "content-type")
        # Looked up here, since no thread but this one imports.
        return known_charset(charset_in(next(kinds, "")) or "utf-8")

    def counts(self) -> Counts:
        """Give what has been counted by now."""
        return Counts(
            phase=self.phase,
            to_send=self._to_send,
            sent=self._meter.sent,
            to_receive=_announced(self.response),
            received=self.response.num_bytes_downloaded if self.response is not None else 0,
        )

    async def run(self, http: httpx.AsyncHTTPTransport) -> None:
        """Send the request and read its answer. Raises TRANSPORT_ERRORS."""
        listening, metering = RECEIVED.set(self._received), METER.set(self._meter)
        try:
            async with aclosing(
                self._meter.pieces(self.prepared.body.chunks(), self._environment.timeout)
            ) as chunks:
                await self._run(http, chunks)
        finally:
            RECEIVED.reset(listening)
            METER.reset(metering)

    async def _run(
        self, http: httpx.AsyncHTTPTransport, chunks: AsyncGenerator[bytes, None]
    ) -> None:
        request = httpx.Request(
            self.prepared.method,
            _url(self.prepared.url),
            headers=[(n.encode("latin-1"), v.encode("latin-1")) for n, v in self.prepared.headers],
            content=chunks if self._to_send else None,
            extensions={"trace": self._on_event, "timeout": self._timeout.as_dict()},
        )
        # Not AsyncClient.send: it raises for a Location that it cannot read.
        self.response = await http.handle_async_request(request)
        self.response.request = request
        async with aclosing(_pieces(self.response)) as pieces:
            try:
                await self._receive(pieces, self.response)
            except DecodingError as error:
                await self._body.add(error.kept)
                raise
            finally:
                # Before the generators over it end: httpcore's would close it from within, which
                # must wait, and a generator that is thrown away cannot.
                await self.response.aclose()

    async def _receive(self, pieces: AsyncGenerator[bytes, None], response: httpx.Response) -> None:
        encoding = response.headers.get("content-encoding", "identity")
        decoder = Decoder(encoding, self._environment.max_body)
        async for raw in pieces:
            for piece in decoder.feed(raw):
                await self._body.add(piece)
                if len(piece) == STEP:
                    await asyncio.sleep(0)  # a bomb must not stop everything else
        decoder.end()
        await self._body.end(self._charset())
        self._surplus += decoder.surplus
        self._complete = True

    async def _on_event(self, event: str, info: Mapping[str, Any]) -> None:
        await self.clock.on_event(event, info)
        self._received.on_event(event)
        if event == "http11.response_closed.started" and self.response is not None:
            self._surplus = surplus_of(self.response)
            if self._surplus:
                # The next answer on this connection would begin with what is left of this one.
                await self.response.extensions["network_stream"].aclose()

    def failed(self, error: BaseException) -> Exchange:
        """Make the Exchange of an attempt that `error` ended."""
        environment, phase = self._environment, self.phase
        connecting = phase in {"look-up", "connect", "tls"}
        failure = failure_from(
            error,
            phase=phase,
            timeout=(environment.connect_timeout if connecting else None) or environment.timeout,
            host=urlsplit(self.prepared.url).hostname or environment.host,
            first=self._received.first,
            own_certificate=environment.tls.certificate is not None,
        )
        return self.exchange(failure)

    def cancelled(self) -> Exchange:
        """Make the Exchange of an attempt that was cancelled, with the phase it was in."""
        elapsed = self.clock.timing().total
        text = f"Cancelled after {elapsed:,.0f} ms, in the phase “{self.phase}”"
        return self.exchange(Failure(FailureKind.CANCELLED, text, self.phase))

    def given_up(self) -> Exchange:
        """Make the Exchange of an attempt that took longer than its caller had."""
        elapsed = self.clock.timing().total
        text = f"Given up after {elapsed:,.0f} ms, when the time for it had run out"
        return self.exchange(Failure(FailureKind.GIVEN_UP, text, self.phase))

    def out_of_time(self) -> Exchange:
        """Make the Exchange of an attempt in which the time for the whole request ran out."""
        hops = len(self._before.hops) if self._before is not None else 0
        whole = f"with {hops} redirect{'s' if hops > 1 else ''}, " if hops else ""
        text = (
            f"Not done within {self._environment.total_timeout:g} s, the total time-out; "
            f"{whole}it was in the phase “{self.phase}”"
        )
        return self.exchange(Failure(FailureKind.TIMEOUT, text, self.phase))

    def changed(self, error: Exception) -> Exchange:
        """Make the Exchange of a redirect that would take a file which is no longer the same."""
        return self.exchange(Failure(FailureKind.FILE, str(error), self.phase))

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
                http_version=self.clock.http_version or prepared.http_version,
                headers=shown_headers(
                    self.clock.sent_headers or prepared.headers, prepared.secret_headers
                ),
                body_preview=prepared.body.preview(),
                body_size=prepared.body.size,
                form=prepared.form,
            ),
            response=self._response(),
            timing=self.clock.timing(),
            failure=failure,
            redirected_from=self._before,
            draft=prepared.draft,
        )

    def _response(self) -> Response | None:
        if self.response is None:
            return None
        body, stored = self._body.taken()
        return Response(
            status=self.response.status_code,
            reason=self.response.extensions.get("reason_phrase", b"").decode("latin-1"),
            http_version=self.response.http_version,
            headers=decoded(self.response.headers.raw),
            body=body,
            wire_size=self.response.num_bytes_downloaded,
            complete=self._complete,
            surplus=self._surplus if self._complete else 0,
            stored=stored,
        )


@lru_cache(maxsize=128)
def _url(text: str) -> httpx.URL:
    """Read an address; a poll sends to the same one each time. Raises httpx.InvalidURL."""
    return httpx.URL(text)


def _pieces(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    """Give the body as it comes; httpx's iterator is a generator."""
    return cast("AsyncGenerator[bytes, None]", response.aiter_raw())


def _announced(response: httpx.Response | None) -> int | None:
    """Give the size of a body that its head announced, as it comes over the wire."""
    if response is None or "transfer-encoding" in response.headers:
        return None
    length = response.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else None
