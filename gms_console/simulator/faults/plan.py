"""Faults: which requests shall go wrong, and how."""

import threading
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase


class Drop(StrEnum):
    """Where the connection is cut: before the answer, within its headers or its body."""

    BEFORE = "before"
    HEADERS = "headers"
    BODY = "body"


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What goes wrong. At most one of the fields below `delay` is set; times in real seconds.

    `status` (with `body` and `headers`), `error_in_200` and `drop` before the answer stop the
    request from being carried out. After every other effect it has been carried out, and only
    its answer is late or damaged: `stall` falls silent in the middle of the body for a while,
    `truncate` cuts the connection after so many bytes of the body, `garbage` replaces the body
    by bytes that are neither JSON nor UTF-8.
    """

    delay: float = 0.0
    status: int | None = None
    body: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    error_in_200: str | None = None
    stall: float | None = None
    drop: Drop | None = None
    truncate: int | None = None
    garbage: bool = False

    @property
    def prevents(self) -> bool:
        """Whether the request is not carried out."""
        return self.status is not None or self.error_in_200 is not None or self.drop is Drop.BEFORE


@dataclass(frozen=True, kw_only=True)
class Fault:
    """An effect and the requests that it hits.

    `service` and `request` are globs that heed letter case; `request` is matched with
    `create`, `delete`, `storage` or the name of a service-specific request. Of the requests
    that match, `nth` picks some by number (from 1), `every` of 5 picks the fifth, tenth and
    so on; without both, all are hit.
    """

    then: Effect
    service: str = "*"
    request: str = "*"
    nth: tuple[int, ...] = ()
    every: int | None = None

    def covers(self, service: str, request: str) -> bool:
        """Return whether both globs match."""
        return fnmatchcase(service, self.service) and fnmatchcase(request, self.request)

    def hits(self, count: int) -> bool:
        """Return whether the request with this number, from 1, is hit."""
        if self.nth:
            return count in self.nth
        return self.every is None or count % self.every == 0


@dataclass(frozen=True)
class FaultPlan:
    """Faults in order of precedence: the first that hits wins."""

    faults: tuple[Fault, ...] = ()


class FaultCounter:
    """Counts requests against a plan. Safe to use from any thread.

    Each fault counts every request that its globs match, also when an earlier fault wins.
    """

    def __init__(self, plan: FaultPlan) -> None:
        self._plan = plan
        self._lock = threading.Lock()
        self._counts = [0] * len(plan.faults)

    def next(self, service: str, request: str) -> Effect | None:
        """Count a request and return what shall go wrong with it."""
        effect: Effect | None = None
        with self._lock:
            for index, fault in enumerate(self._plan.faults):
                if fault.covers(service, request):
                    self._counts[index] += 1
                    if effect is None and fault.hits(self._counts[index]):
                        effect = fault.then
        return effect
