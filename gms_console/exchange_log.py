"""Keeps the Exchanges of a Session in memory, within bounds."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator

from gms_console.body_files import BodyFiles
from gms_console.model.exchange import Exchange, StoredBody

KEPT_EXCHANGES = 5000
"""Exchanges kept in memory; the oldest go first."""

KEPT_BYTES = 128 * 1024 * 1024
"""Bytes of answers kept in memory over all Exchanges; the newest Exchange always stays."""


class ExchangeLog:
    """The Exchanges of a Session, newest last, bounded in number and in bytes."""

    def __init__(
        self,
        files: BodyFiles | None = None,
        most: int = KEPT_EXCHANGES,
        most_bytes: int = KEPT_BYTES,
    ) -> None:
        """`files` are told of each large body that goes and that no other Exchange here has."""
        self._exchanges: deque[Exchange] = deque()
        self._by_id: dict[str, Exchange] = {}
        self._most = most
        self._most_bytes = most_bytes
        self._bytes = 0
        self._files = files
        self._stored: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._exchanges)

    def add(self, exchange: Exchange) -> None:
        """Store an Exchange; let the oldest go when there is no more room."""
        self._exchanges.append(exchange)
        self._by_id[exchange.id] = exchange
        self._bytes += _weight(exchange)
        if (stored := _stored(exchange)) is not None:
            self._stored[stored.sha256] += 1
        while len(self._exchanges) > 1 and (
            len(self._exchanges) > self._most or self._bytes > self._most_bytes
        ):
            gone = self._exchanges.popleft()
            del self._by_id[gone.id]
            self._bytes -= _weight(gone)
            self._let_go(gone)

    def get(self, exchange_id: str) -> Exchange | None:
        """Give a stored Exchange, or None when it is gone."""
        return self._by_id.get(exchange_id)

    def all(self) -> tuple[Exchange, ...]:
        """Give all that are here, oldest first."""
        return tuple(self._exchanges)

    def earlier(self, exchange: Exchange) -> Iterator[Exchange]:
        """Give what was begun before an Exchange, the latest first; that one need not be here."""
        return (one for one in reversed(self._exchanges) if one.started < exchange.started)

    def followed(self, exchange: Exchange) -> bool:
        """Whether an Exchange that is here came of what this one redirected to."""
        after = (one.redirected_from for one in reversed(self._exchanges))
        return any(one is not None and one.id == exchange.id for one in after)

    def _let_go(self, gone: Exchange) -> None:
        stored = _stored(gone)
        if stored is None:
            return
        self._stored[stored.sha256] -= 1
        if not self._stored[stored.sha256]:
            del self._stored[stored.sha256]
            if self._files is not None:
                self._files.forget(stored)


def _stored(exchange: Exchange) -> StoredBody | None:
    return exchange.response.stored if exchange.response is not None else None


def _weight(exchange: Exchange) -> int:
    body = len(exchange.response.body) if exchange.response is not None else 0
    return body + len(exchange.request.body_preview)
