"""Faults: which requests shall go wrong, and how."""

import math
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase


class Drop(StrEnum):
    """Where the connection is cut: before the answer, within its headers or its body."""

    BEFORE = "before"
    HEADERS = "headers"
    BODY = "body"


FOR_GOOD = math.inf
"""The `node_down` of a node that stays down until it is switched on again."""


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What goes wrong. At most one of the fields below `jitter` is set; times in real seconds.

    `jitter` is by how much more than `delay` an answer may be late, at random. `status` (with
    `body` and `headers`), `error_in_200`, `drop` before the answer, `reset`, `ors_down`,
    `session_lost` and `node_down` stop the request from being carried out. `pool_empty` carries
    it out with no access number free. After every other effect it has been carried out, and only
    its answer is late or damaged: `stall` falls silent in the middle of the body for a while,
    `truncate` cuts the connection after so many bytes of the body, `garbage` replaces the body
    by bytes that are neither JSON nor UTF-8.
    """

    delay: float = 0.0
    jitter: float = 0.0
    status: int | None = None
    body: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    error_in_200: str | None = None
    stall: float | None = None
    drop: Drop | None = None
    truncate: int | None = None
    garbage: bool = False
    reset: bool = False
    ors_down: bool = False
    session_lost: bool = False
    pool_empty: bool = False
    node_down: float | None = None

    @property
    def prevents(self) -> bool:
        """Whether the request is not carried out."""
        answered = self.status is not None or self.error_in_200 is not None
        return answered or self.ors_down or self.session_lost or self.breaks_off

    @property
    def breaks_off(self) -> bool:
        """Whether the connection is closed with no byte of an answer."""
        return self.drop is Drop.BEFORE or self.reset or self.node_down is not None


@dataclass(frozen=True)
class Asked:
    """What faults know of a request.

    `service` is empty for none; `request` the name of the operation; `ors` says that it goes on
    to Orchestration Server, `live` that it is about an instance that was there before.
    """

    service: str
    request: str
    node: str = "node1"
    ors: bool = False
    live: bool = False


@dataclass(frozen=True, kw_only=True)
class Fault:
    """An effect and the requests that it hits.

    `service`, `request` and `node` are globs that heed letter case; `request` is matched with
    `create`, `delete`, `storage` or the name of a service-specific request. An Orchestration
    Server that is down hits only what goes on to it, a lost session only requests on instances
    there. Of the requests that match, `nth` picks some by number (from 1), `every` of 5 picks
    the fifth, tenth and so on; without both, all are hit. Of those, `probability` lets chance
    decide. One that is not `enabled` neither hits nor counts.
    """

    then: Effect
    service: str = "*"
    request: str = "*"
    node: str = "*"
    nth: tuple[int, ...] = ()
    every: int | None = None
    probability: float = 1.0
    enabled: bool = True

    def covers(self, asked: Asked) -> bool:
        """Return whether the globs match and the effect can happen to such a request."""
        if self.then.ors_down and not asked.ors:
            return False
        if self.then.session_lost and not (asked.ors and asked.live):
            return False
        return (
            fnmatchcase(asked.service, self.service)
            and fnmatchcase(asked.request, self.request)
            and fnmatchcase(asked.node, self.node)
        )

    def hits(self, count: int) -> bool:
        """Return whether the request with this number, from 1, is hit."""
        if self.nth:
            return count in self.nth
        return self.every is None or count % self.every == 0


@dataclass(frozen=True)
class FaultPlan:
    """Faults in order of precedence: the first that hits wins. `seed` makes chance repeatable."""

    faults: tuple[Fault, ...] = ()
    seed: int | None = None
