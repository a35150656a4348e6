"""What the history tells of what it keeps: rows for a list, and what is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gms_console.model.exchange import Exchange, OperationKind
from gms_console.model.timeline import Attempt

REDIRECTED = "redirected"
"""The state of a row whose answer led to the next one, and was followed."""


class Entry(StrEnum):
    """What one row of the history is: an Exchange of its own, or a Poll with all its attempts."""

    EXCHANGE = "exchange"
    POLL = "poll"


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """One row of the history, newest first in a list.

    `number` is the row's own and never used again. `key` is the id of the Exchange or of the
    Poll. `title` is as `Operation.title` gives it. `status` is None where no answer came, and
    `failure` then says why, in its kind's words. `ok` tells that GMS answered with no error.
    `state` is that of the answer, of a Poll the last one. `elapsed` is in ms: of a Poll, from its
    start to its end or its last attempt. `size` is that of the answer's body in bytes.
    `attempts` and `outcome` are those of a Poll: its number of attempts, and how it ended (a
    PollOutcome's value; empty while it runs, `interrupted` where the console ended before it).
    `exchange` is the id of the Exchange to show for the row: of a Poll its last one.
    """

    number: int
    entry: Entry
    key: str
    started: datetime
    title: str
    kind: OperationKind
    service: str
    instance_id: str
    environment: str
    node: str
    method: str
    url: str
    status: int | None
    failure: str
    ok: bool
    state: str
    elapsed: float
    size: int
    attempts: int = 0
    outcome: str = ""
    exchange: str = ""
    starred: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryQuery:
    """Which rows are wanted; what is empty or None does not restrict them.

    `text`: words that must all be found, each in a key, a value, an id, a name, a header, a note
    or a body, at the beginning of a word of it, in any casing. `ok`: with or without an error.
    `since` and `until` know their zone; `until` is not included.
    """

    text: str = ""
    service: str = ""
    environment: str | None = None
    node: str | None = None
    instance_id: str = ""
    ok: bool | None = None
    entry: Entry | None = None
    starred: bool = False
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Rows in order, newest first. `before` goes on after the last one; None when that is all."""

    rows: tuple[HistoryRow, ...]
    before: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPoll:
    """A Poll as it was kept. `every` is in seconds, `until` its stop rules as they are typed."""

    row: HistoryRow
    request: str
    every: float
    until: tuple[str, ...]
    reason: str
    ended: datetime | None
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptExchange:
    """An Exchange as it was kept, with its row. Secrets are masked in it.

    `exchange.draft` restores the form, but for rows that carried a credential.
    """

    row: HistoryRow
    exchange: Exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class HistorySettings:
    """What is kept: for so many `days`, up to `most_bytes` on the disk; 0 means no limit.

    Rows with a star stay whatever their age.
    """

    days: int = 90
    most_bytes: int = 2 * 1024**3
    private: bool = False


@dataclass(frozen=True, slots=True)
class HistoryFacts:
    """How much is kept: rows, and bytes on the disk. `names` are those to filter by."""

    rows: int
    size: int
    services: tuple[str, ...] = field(default=())
    environments: tuple[str, ...] = field(default=())
    nodes: tuple[str, ...] = field(default=())


# What there is to show while no history can be read.
NO_PAGE = HistoryPage((), None)
NO_FACTS = HistoryFacts(0, 0)
