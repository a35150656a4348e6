"""Where the evidence of a session comes from: the history, or what a start holds in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from gms_console.durations import duration_text
from gms_console.history import Entry, HistoryQuery, HistoryRow, KeptPoll
from gms_console.model.exchange import Exchange
from gms_console.model.timeline import Attempt
from gms_console.runner.poll_check import wanted_of

if TYPE_CHECKING:
    from gms_console.history import History
    from gms_console.poll import Poll
    from gms_console.session import Session

_PAGE = 500
_FIRST = 2**62
"""Behind every row: a page that follows it ends no search of a list, and is ended by none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangePiece:
    """An Exchange that is yet to be loaded. `attempt` counts from 1 within its poll.

    `with_hops`: the redirects that led to it are no pieces of their own.
    """

    at: datetime
    exchange_id: str
    attempt: int | None = None
    note: str = ""
    with_hops: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PollPiece:
    """A poll; `at` is when its last attempt began, and `elapsed` is in ms."""

    at: datetime
    poll: str
    title: str
    service: str
    instance_id: str
    outcome: str
    reason: str
    started: datetime
    elapsed: float
    attempts: tuple[Attempt, ...]
    note: str = ""
    wanted: tuple[tuple[str, str], ...] = ()


Piece = ExchangePiece | PollPiece


class EvidenceSource(Protocol):
    """Knows what there is, and loads each Exchange when it is its turn."""

    async def pieces(self) -> Sequence[Piece]:
        """Give all pieces, in any order; they are small."""

    async def load(self, exchange_id: str) -> Exchange | None:
        """Give an Exchange; None when it is gone."""


class HistorySource:
    """Chosen rows of a History, or all that a query finds."""

    def __init__(self, history: History, chosen: Sequence[HistoryRow] | HistoryQuery) -> None:
        self._history = history
        self._chosen = chosen

    async def pieces(self) -> Sequence[Piece]:
        """Give the rows; of a poll's row all its attempts too."""
        found: list[Piece] = []
        for row in await self._rows():
            if row.entry is Entry.EXCHANGE:
                found.append(
                    ExchangePiece(
                        at=row.started, exchange_id=row.exchange or row.key, note=row.note
                    )
                )
                continue
            kept = await self._history.load_poll(row.key)
            if kept is not None:
                found += _of_attempts(kept.attempts)
                found.append(_of_kept(kept))
        return found

    async def load(self, exchange_id: str) -> Exchange | None:
        """Give an Exchange as it was kept."""
        kept = await self._history.load(exchange_id)
        return None if kept is None else kept.exchange

    async def _rows(self) -> Sequence[HistoryRow]:
        if not isinstance(self._chosen, HistoryQuery):
            return self._chosen
        found: list[HistoryRow] = []
        before: int | None = _FIRST
        while before is not None:
            page = await self._history.page(self._chosen, before, _PAGE)
            found += page.rows
            before = page.before
        return found


class SessionSource:
    """What a start holds in memory, for one that keeps no history.

    `notes` are those of Exchanges and of polls, by their ids. The oldest Exchanges may be gone:
    the log of a Session is bounded.
    """

    def __init__(
        self,
        session: Session,
        notes: Mapping[str, str] | None = None,
        *,
        since: datetime | None = None,
    ) -> None:
        self._session = session
        self._notes = notes or {}
        self._since = since

    async def pieces(self) -> Sequence[Piece]:
        """Give the Exchanges, and the polls of the instances that are still here."""
        await asyncio.sleep(0)
        numbers: dict[str, int] = {}
        found: list[Piece] = []
        for poll in self._polls():
            attempts = poll.timeline.attempts
            numbers |= {one.exchange_id: one.number for one in attempts}
            if attempts and self._wanted(attempts[-1].started):
                found.append(_of_poll(poll, self._notes.get(poll.id, "")))
        exchanges = self._session.exchanges.all()
        for one in exchanges:
            if one.id in numbers:  # a redirect belongs to the attempt that it led to
                numbers |= dict.fromkeys((hop.id for hop in one.hops), numbers[one.id])
        found += (
            ExchangePiece(
                at=one.started,
                exchange_id=one.id,
                attempt=numbers.get(one.id),
                note=self._notes.get(one.id, ""),
            )
            for one in exchanges
            if self._wanted(one.started)
        )
        return found

    async def load(self, exchange_id: str) -> Exchange | None:
        """Give an Exchange, unless there was no more room for it."""
        return self._session.exchanges.get(exchange_id)

    def _wanted(self, moment: datetime) -> bool:
        return self._since is None or moment >= self._since

    def _polls(self) -> list[Poll]:
        return [poll for polls in self._session.polls.values() for poll in polls]


def _of_attempts(attempts: Sequence[Attempt]) -> list[Piece]:
    return [
        ExchangePiece(
            at=one.started, exchange_id=one.exchange_id, attempt=one.number, with_hops=True
        )
        for one in attempts
    ]


def _of_kept(kept: KeptPoll) -> PollPiece:
    row = kept.row
    last = kept.attempts[-1].started if kept.attempts else row.started
    return PollPiece(
        at=last,
        poll=row.key,
        title=f"poll {kept.request}",
        service=row.service,
        instance_id=row.instance_id,
        outcome=row.outcome,
        reason=kept.reason,
        started=row.started,
        elapsed=row.elapsed,
        attempts=kept.attempts,
        note=row.note,
        wanted=_wanted(kept.until, kept.every),
    )


def _wanted(until: tuple[str, ...], every: float) -> tuple[tuple[str, str], ...]:
    """Say what a poll of the history waited for, of which no more is kept."""
    pairs = (("until", " or ".join(until)), ("every", duration_text(every)))
    return tuple((name, text) for name, text in pairs if text)


def _of_poll(poll: Poll, note: str) -> PollPiece:
    attempts = tuple(poll.timeline.attempts)
    last = attempts[-1]
    started = poll.started or attempts[0].started
    ended = poll.ended or last.started + timedelta(milliseconds=last.elapsed)
    return PollPiece(
        at=last.started,
        poll=poll.id,
        title=f"poll {poll.plan.request}",
        service=poll.instance.service,
        instance_id=poll.instance.id,
        outcome=poll.outcome.value if poll.outcome is not None else "",
        reason=poll.reason,
        started=started,
        elapsed=(ended - started).total_seconds() * 1000,
        attempts=attempts,
        note=note,
        wanted=wanted_of(poll.plan),
    )
