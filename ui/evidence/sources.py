"""Where the evidence of a scope comes from: the history, or this start's memory in private mode."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from gms_console.evidence.session_pieces import (
    EvidenceSource,
    ExchangePiece,
    HistorySource,
    Piece,
    SessionSource,
)
from gms_console.history import Entry, History
from gms_console.model.answer import read_answer
from gms_console.model.exchange import Exchange

from .choice import Scope

if TYPE_CHECKING:
    from gms_console.session import Session

    from ..console import Console


def source_of(console: Console, scope: Scope) -> EvidenceSource:
    """Give what knows the pieces of a scope."""
    if scope.run is not None:
        return scope.run
    engine = console.history.engine
    if engine is None or (console.history.settings.private and not scope.rows):
        return MemorySource(console.session, scope)
    if scope.instance:
        return InstanceSource(engine, scope)
    return HistorySource(engine, scope.rows or scope.query)


class InstanceSource(HistorySource):
    """The rows of one instance, and the create that it came of, whose row has no id yet."""

    def __init__(self, history: History, scope: Scope) -> None:
        super().__init__(history, replace(scope.query, instance_id=scope.instance))
        self._creates = HistorySource(
            history, replace(scope.query, text=scope.instance, entry=Entry.EXCHANGE)
        )
        self._instance = scope.instance

    async def pieces(self) -> Sequence[Piece]:
        """Give its create first, where that is kept, then all that followed."""
        found = list(await super().pieces())
        known = {one.exchange_id for one in found if isinstance(one, ExchangePiece)}
        for piece in await self._creates.pieces():
            if isinstance(piece, ExchangePiece) and piece.exchange_id not in known:
                exchange = await self.load(piece.exchange_id)
                if exchange is not None and read_answer(exchange).id == self._instance:
                    found.append(piece)
        return found


class MemorySource(SessionSource):
    """What this start holds of a scope: of one instance, or of a time."""

    def __init__(self, session: Session, scope: Scope) -> None:
        super().__init__(session, since=scope.since)
        self._log = session.exchanges
        self._scope = scope

    async def pieces(self) -> Sequence[Piece]:
        """Give the pieces that belong to the scope."""
        return [piece for piece in await super().pieces() if self._belongs(piece)]

    def _belongs(self, piece: Piece) -> bool:
        wanted = self._scope.instance
        if not wanted:
            return True
        if isinstance(piece, ExchangePiece):
            exchange = self._log.get(piece.exchange_id)
            return exchange is not None and _is_of(exchange, wanted)
        return piece.instance_id == wanted


def _is_of(exchange: Exchange, instance: str) -> bool:
    return instance in {exchange.operation.instance_id, read_answer(exchange).id}


def place_texts(exchanges: Sequence[Exchange]) -> tuple[tuple[str, str], ...]:
    """Name the places that exchanges went to, each once, with its base URL."""
    found: dict[tuple[str, str], None] = {}
    for one in exchanges:
        scheme, _, rest = one.request.url.partition("://")
        base = f"{scheme}://{rest.partition('/')[0].rpartition('@')[2]}"
        name = " · ".join(part for part in (one.environment, one.node) if part)
        found[(name or "Base URL", base)] = None
    return tuple(found)


def now() -> datetime:
    """Give the time with the zone of the person who makes the evidence."""
    return datetime.now().astimezone()
