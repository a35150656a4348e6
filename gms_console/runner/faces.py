"""What a face without a window gives a Runner: Sessions of its own, and paths by the catalogue."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from gms_console.body_files import BodyFiles
from gms_console.runner.ending import REFUSALS
from gms_console.runner.plan import RequestPath, SessionSource
from gms_console.runner.results import Case
from gms_console.session import Session
from gms_console.wire.request import REQUEST_PATH

KEPT = 32
"""Exchanges that a case holds in memory; a request has at most eleven, with its redirects."""

_log = logging.getLogger(__name__)


class KnownRequest(Protocol):
    """A request that the catalogue knows."""

    @property
    def path(self) -> str:
        """Where it goes below `/1/service/`."""


class KnownService(Protocol):
    """A service that the catalogue knows."""

    def request(self, name: str, /) -> KnownRequest | None:
        """Give the request of that name."""


class KnownServices(Protocol):
    """What `catalogue_paths` asks of a Catalogue."""

    def kind(self, service: str, /) -> KnownService | None:
        """Give the kind of a service."""


def own_sessions() -> SessionSource:
    """Give each case a Session of its own: own connections, own cookies, little kept.

    Large bodies are in files, which are gone once the case has ended.
    """

    @asynccontextmanager
    async def source(case: Case) -> AsyncIterator[Session]:
        del case
        session = Session(_report, files=BodyFiles(), kept=KEPT)
        try:
            yield session
        finally:
            await session.close()

    return source


def catalogue_paths(catalogue: KnownServices) -> RequestPath:
    """Find the path of a request in the catalogue; one that is unknown goes the common way."""

    def path(service: str, request: str) -> str:
        kind = catalogue.kind(service) if service else None
        known = kind.request(request) if kind is not None else None
        return known.path if known is not None else REQUEST_PATH

    return path


def _report(name: str, error: BaseException) -> None:
    """Take note of an error in a task; why a poll could not be sent is in its step's result."""
    if not isinstance(error, REFUSALS):
        _log.error("%s: %s", name, error, exc_info=error)
