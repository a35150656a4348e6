"""What the last run told, kept for evidence that is asked for once it has ended; bounded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gms_console.evidence.session_pieces import ExchangePiece, Piece
from gms_console.exchange_log import KEPT_BYTES
from gms_console.model.exchange import Exchange
from gms_console.runner.events import (
    ExchangeDone,
    PollMoved,
    RunEnded,
    RunEvent,
    RunStarted,
    StepEnded,
)
from gms_console.runner.plan import RunPlan
from gms_console.runner.results import Case

MOST_EVENTS = 20_000
"""Events of a run that are kept; of one with more, reports are written while it goes on."""

TOO_MUCH = (
    "This run had more than can be kept. Choose its reports before it runs "
    "(Options …, Ctrl+Shift+O): they are written while it goes on."
)


class RunRecord:
    """The events that reports are made of. Their Exchanges are those that the Session holds."""

    def __init__(
        self, plan: RunPlan, most: int = MOST_EVENTS, most_bytes: int = KEPT_BYTES
    ) -> None:
        self.plan = plan
        self.begun = datetime.now().astimezone()
        self.events: list[RunEvent] = []
        self.too_much = False
        self._most, self._room = most, most_bytes
        self._exchanges: dict[str, Exchange] = {}
        self._cases: dict[str, Case] = {}

    def tell(self, event: RunEvent) -> None:
        """Keep an event; with one too many, none is kept: half a run would be no evidence of it."""
        if self.too_much or isinstance(event, PollMoved | RunStarted):
            return
        if isinstance(event, ExchangeDone):
            self._exchanges[event.exchange.id] = event.exchange
            self._room -= _weight(event.exchange)
        elif isinstance(event, StepEnded) and event.result.instance_id:
            self._cases.setdefault(event.result.instance_id, event.case)
        self.events.append(event)
        if len(self.events) > self._most or self._room < 0:
            self.too_much = True
            self.events = []
            self._exchanges.clear()
            self._cases.clear()

    @property
    def ended(self) -> bool:
        """Whether all of a run is here, to its end."""
        return bool(self.events) and isinstance(self.events[-1], RunEnded)

    @property
    def secrets(self) -> frozenset[str]:
        """Values that no report may show, of Environments and rows."""
        told = (one for one in self.events if isinstance(one, ExchangeDone | StepEnded))
        return frozenset(value for event in told for value in event.secrets)

    def has(self, exchange_id: str) -> bool:
        """Whether an Exchange is one of the run."""
        return exchange_id in self._exchanges

    def case_of(self, instance_id: str) -> Case | None:
        """Give the case that an instance belongs to."""
        return self._cases.get(instance_id)

    async def pieces(self) -> Sequence[Piece]:
        """Give what was sent, for a preview of what is masked."""
        sent = self._exchanges.values()
        return [ExchangePiece(at=one.started, exchange_id=one.id) for one in sent]

    async def load(self, exchange_id: str) -> Exchange | None:
        """Give an Exchange of the run."""
        return self._exchanges.get(exchange_id)


def _weight(exchange: Exchange) -> int:
    body = len(exchange.response.body) if exchange.response is not None else 0
    return body + len(exchange.request.body_preview)
