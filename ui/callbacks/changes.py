"""The CallbackChanges: cancels and moves callbacks, and keeps what came of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gms_console.callbacks.changing import (
    prepare_bulk_cancel,
    prepare_cancel,
    prepare_reschedule,
)
from gms_console.callbacks.record import CallbackRecord
from gms_console.model.answer import Answer
from gms_console.model.exchange import Exchange
from gms_console.presentation import status_line

from ..asker import Asker, Prepare
from ..models.callback_model import RowOutcome

if TYPE_CHECKING:
    from ..console import Console


class CallbackChanges(QObject):
    """Sends one round of changes at a time.

    `changed` comes when an outcome is known, `answered` with each Exchange and its Answer, `ended`
    when a round is over. What was not sent, as after Cancel, has an outcome of its own.
    """

    changed = Signal()
    answered = Signal(object, object)
    ended = Signal()
    refused = Signal(str)

    def __init__(self, console: Console, parent: QObject) -> None:
        super().__init__(parent)
        self.outcomes: dict[str, RowOutcome] = {}
        self.asker = Asker(console, self)
        self._round = _Round([])
        self.asker.changed.connect(self._on_asker)
        self.asker.refused.connect(self.refused)

    @property
    def busy(self) -> bool:
        """Whether a round is under way."""
        return self.asker.busy

    def forget(self) -> None:
        """Forget the outcomes: they were seen."""
        if self.outcomes and not self.busy:
            self.outcomes = {}
            self.changed.emit()

    def cancel_each(
        self, records: Sequence[CallbackRecord], *, discard_ors_failure: bool = False
    ) -> bool:
        """Cancel callbacks by one DELETE each; False when nothing is sent, or not yet."""
        steps = [
            partial(prepare_cancel, record=record, discard_ors_failure=discard_ors_failure)
            for record in records
        ]
        return self._send(records, steps, "Cancelled", "Not cancelled")

    def cancel_at_once(self, records: Sequence[CallbackRecord], reason: str) -> bool:
        """Cancel callbacks by one request to the admin's path."""
        ids = [record.id for record in records]
        steps = [partial(prepare_bulk_cancel, ids=ids, reason=reason)]
        return self._send(records, steps, "Cancelled at once", "Not cancelled")

    def reschedule(self, records: Sequence[CallbackRecord], time: str, key: str) -> bool:
        """Move callbacks to a time by one PUT each."""
        steps = [
            partial(prepare_reschedule, record=record, time=time, key=key) for record in records
        ]
        return self._send(records, steps, f"Moved to {time}", "Not moved")

    def _send(
        self, records: Sequence[CallbackRecord], steps: Sequence[Prepare], done: str, not_done: str
    ) -> bool:
        if self.busy:
            self.refused.emit("Other callbacks are still being changed; Esc ends that.")
            return False
        self._round = _Round([record.id for record in records], done, not_done)
        return self.asker.ask(steps, self._take)

    def _take(self, exchange: Exchange, answer: Answer) -> None:
        one, line = exchange.operation.instance_id, status_line(exchange, answer)
        ids = [one] if one else list(self._round.waiting)
        if answer.problem is None:
            outcome = RowOutcome(f"{self._round.done} · {line}", good=True)
        else:
            said = answer.problem.said or "the answer does not say why"
            outcome = RowOutcome(f"{self._round.not_done} · {said} · {line}", good=False)
        self._settle(ids, outcome)
        self.answered.emit(exchange, answer)

    def _on_asker(self) -> None:
        """Look whether a round is over; what is still waiting then was cut off, or not sent."""
        if self.busy:
            return
        text = f"{self._round.not_done} · ended before there was an answer"
        self._settle(list(self._round.waiting), RowOutcome(text, good=False))
        self.ended.emit()

    def _settle(self, ids: Sequence[str], outcome: RowOutcome) -> None:
        self._round.waiting = [one for one in self._round.waiting if one not in ids]
        self.outcomes = {**self.outcomes, **dict.fromkeys(ids, outcome)}
        self.changed.emit()


@dataclass(slots=True)
class _Round:
    """Callbacks that are being changed: those without an outcome yet, and words for outcomes."""

    waiting: list[str]
    done: str = ""
    not_done: str = ""
