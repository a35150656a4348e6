"""Checks the way to GMS stage by stage, and names the first stage that fails.

It goes the way that a send goes, with the same code, and only reads: it asks for the status of
the node and of an instance that does not exist, and never creates anything.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum

import httpcore

from gms_console.client import http_library  # noqa: F401 - before httpx
from gms_console.client.certificates import certificate_of
from gms_console.client.client import GmsClient
from gms_console.client.dialling import Dial, peer_certificate
from gms_console.client.errors import TransportError
from gms_console.client.failures import failure_from
from gms_console.client.network import Stream, look_up
from gms_console.connection_verdict import (
    UNKNOWN_INSTANCE,
    Outcome,
    judge_credentials,
    judge_path,
    node_status,
)
from gms_console.model.base_url import DEFAULT_PORTS
from gms_console.model.certificate import Certificate
from gms_console.model.environment import Environment
from gms_console.model.exchange import (
    Exchange,
    FailureKind,
    Operation,
    OperationKind,
    Response,
)
from gms_console.wire.request import prepare_url

__all__ = ["CheckResult", "Outcome", "Stage", "StageReport", "check_connection"]


class Stage(Enum):
    """The stages, in the order in which a send passes them."""

    NAME = "name"
    PORT = "port"
    PROXY = "proxy"
    TLS = "tls"
    PATH = "path"
    CREDENTIALS = "credentials"

    @property
    def title(self) -> str:
        """What a person calls it."""
        return "TLS" if self is Stage.TLS else self.value.capitalize()


@dataclass(frozen=True, slots=True)
class StageReport:
    """One stage: its outcome, a sentence, and how long it took in milliseconds."""

    stage: Stage
    outcome: Outcome
    text: str = ""
    milliseconds: float | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """All stages in order; those after the failing one are skipped.

    `certificate` is the server's, also when it is not trusted. `exchanges` are what was sent.
    """

    stages: tuple[StageReport, ...]
    certificate: Certificate | None = None
    exchanges: tuple[Exchange, ...] = ()

    @property
    def failed(self) -> StageReport | None:
        """The stage that failed, if one did."""
        return next((one for one in self.stages if one.outcome is Outcome.FAILED), None)


class _StopError(Exception):
    """A stage failed; the failure says why."""

    def __init__(self, text: str, certificate: Certificate | None = None) -> None:
        super().__init__(text)
        self.certificate = certificate


OnStage = Callable[[StageReport], None]

_OF_THE_WAY = (TransportError, httpcore.NetworkError, httpcore.TimeoutException)


async def check_connection(environment: Environment, on_stage: OnStage) -> CheckResult:
    """Check the way to an Environment; `on_stage` hears of each stage as it begins and ends.

    Works at every guard level. Cancelling it closes its connection.
    """
    check = _Check(environment, on_stage)
    await check.run()
    return CheckResult(tuple(check.reports.values()), check.certificate, tuple(check.exchanges))


class _Check:
    def __init__(self, environment: Environment, on_stage: OnStage) -> None:
        self._environment = environment
        self._on_stage = on_stage
        self._timeout = environment.connect_timeout or environment.timeout
        self._began = 0.0
        self._stage = Stage.NAME
        self.reports: dict[Stage, StageReport] = {}
        self.certificate: Certificate | None = None
        self.exchanges: list[Exchange] = []

    async def run(self) -> None:
        try:
            await self._way()
            await self._requests()
        except _StopError as error:
            self.certificate = error.certificate or self.certificate
            self._end(Outcome.FAILED, str(error))
            for stage in Stage:
                if stage not in self.reports:
                    self._report(stage, Outcome.SKIPPED, "Not reached")

    # --- telling ------------------------------------------------------------------------------

    def _begin(self, stage: Stage) -> None:
        self._stage = stage
        self._began = time.perf_counter()
        self._on_stage(StageReport(stage, Outcome.RUNNING))

    def _end(self, outcome: Outcome, text: str) -> None:
        self._report(self._stage, outcome, text, (time.perf_counter() - self._began) * 1000)

    def _report(
        self, stage: Stage, outcome: Outcome, text: str, milliseconds: float | None = None
    ) -> None:
        self.reports[stage] = StageReport(stage, outcome, text, milliseconds)
        self._on_stage(self.reports[stage])

    # --- the way ------------------------------------------------------------------------------

    async def _way(self) -> None:
        environment = self._environment
        port = environment.port or DEFAULT_PORTS[environment.scheme]
        self._begin(Stage.NAME)
        try:
            dial = Dial.to(environment, environment.scheme, environment.host, port)
        except TransportError as error:
            self._report(Stage.NAME, Outcome.SKIPPED, "The way there is not known")
            self._report(Stage.PORT, Outcome.SKIPPED, "The way there is not known")
            self._begin(Stage.PROXY)
            raise _StopError(str(error)) from error
        await self._name(dial)
        stream = await self._port(dial)
        try:
            stream = await self._proxy(dial, stream)
            await self._tls(dial, stream)
        finally:
            await stream.aclose()

    async def _name(self, dial: Dial) -> None:
        host, port = dial.first_hop
        async with self._stopping("look-up", host):
            addresses = await look_up(host, port)
        shown = ", ".join(dict.fromkeys(str(address[1][0]) for address in addresses))
        whose = "The proxy's name" if dial.proxy is not None else "The name"
        text = f"{host} is an address" if shown == host else f"{whose} {host} leads to {shown}"
        ending = "" if dial.proxy is None else "; the proxy looks up GMS's own"
        self._end(Outcome.OK, text + ending)

    async def _port(self, dial: Dial) -> Stream:
        self._begin(Stage.PORT)
        host, port = dial.first_hop
        async with self._stopping("connect", host):
            stream = await dial.open_socket()
        self._end(Outcome.OK, f"{host} takes connections on port {port}")
        return stream

    async def _proxy(self, dial: Dial, stream: Stream) -> Stream:
        proxy = dial.proxy
        if proxy is None:
            self._report(Stage.PROXY, Outcome.SKIPPED, "No proxy stands between")
            return stream
        self._begin(Stage.PROXY)
        async with self._stopping("connect", proxy.host):
            stream = await dial.pass_proxy(stream)
        if dial.secure:
            text = f"The proxy {proxy.netloc} has connected to {dial.host}:{dial.port}"
            self._end(Outcome.OK, text)
        else:
            text = f"The proxy {proxy.netloc} will be asked to pass the requests on"
            self._end(Outcome.UNKNOWN, text)
        return stream

    async def _tls(self, dial: Dial, stream: Stream) -> None:
        if not dial.secure:
            self._report(Stage.TLS, Outcome.SKIPPED, "Plain HTTP: nothing is encrypted")
            return
        self._begin(Stage.TLS)
        async with self._stopping("tls", dial.host):
            stream = await dial.start_tls(stream, self._timeout)
        der = peer_certificate(stream)
        self.certificate = certificate_of(der) if der is not None else None
        self._end(Outcome.OK, self._of_tls(stream))

    def _of_tls(self, stream: Stream) -> str:
        tls = stream.get_extra_info("ssl_object")
        spoken = "HTTP/2" if tls.selected_alpn_protocol() == "h2" else "HTTP/1.1"
        whose = ""
        if self.certificate is not None:
            names = ", ".join(self.certificate.names[:4]) or self.certificate.subject
            until = f"{self.certificate.not_after:%Y-%m-%d}"
            whose = f"; the certificate is for {names}, valid until {until}"
        trust = "" if self._environment.verify_tls else ", and NOT checked"
        return f"{tls.version()}, {spoken}{whose}{trust}"

    @asynccontextmanager
    async def _stopping(self, phase: str, host: str) -> AsyncIterator[None]:
        """End the check where a step of the way fails, in the words that a send would have."""
        try:
            async with asyncio.timeout(self._timeout):
                yield
        except (*_OF_THE_WAY, OSError) as error:
            failure = failure_from(
                error,
                phase=phase,
                timeout=self._timeout,
                host=host,
                own_certificate=self._environment.tls.certificate is not None,
            )
            raise _StopError(failure.message, failure.certificate) from error

    # --- the requests -------------------------------------------------------------------------

    async def _requests(self) -> None:
        environment = self._environment
        self._begin(Stage.PATH)
        async with GmsClient(environment, self.exchanges.append) as client:
            node = await self._ask(client, "admin", "node", "status")
            service = None
            if node_status(node) is None:
                service = await self._ask(client, "service", UNKNOWN_INSTANCE, "status")
        self._proxy_passed()
        path = judge_path(environment, node, service)
        if path.outcome is Outcome.FAILED:
            raise _StopError(path.text)
        self._end(path.outcome, path.text)
        self._begin(Stage.CREDENTIALS)
        credentials = judge_credentials(environment, node, service)
        if credentials.outcome is Outcome.FAILED:
            raise _StopError(credentials.text)
        self._end(credentials.outcome, credentials.text)

    async def _ask(self, client: GmsClient, *segments: str) -> Response:
        environment = self._environment
        path = "/".join(segments)
        url = f"{environment.origin}{environment.base_path}/{environment.api_version}/{path}"
        operation = Operation(
            kind=OperationKind.REQUEST, request="status", label="test of the connection"
        )
        exchange = await client.send(prepare_url(environment, operation, url, method="GET"))
        failure = exchange.failure
        if failure is None and exchange.response is not None:
            return exchange.response
        if failure is not None and failure.kind is FailureKind.PROXY:
            # A proxy for plain HTTP says only now whether it passes requests on.
            self._stage = Stage.PROXY
        text = "No answer came" if failure is None else failure.message
        raise _StopError(text, None if failure is None else failure.certificate)

    def _proxy_passed(self) -> None:
        """Say of a proxy for plain HTTP that it has passed requests on."""
        proxy = self.reports[Stage.PROXY]
        if proxy.outcome is Outcome.UNKNOWN:
            text = proxy.text.replace("will be asked to pass the requests on", "passes requests on")
            self._report(Stage.PROXY, Outcome.OK, text, proxy.milliseconds)
