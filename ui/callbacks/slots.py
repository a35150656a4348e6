"""The SlotDesk: free times of one callback service, and callbacks that are moved to one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gms_console.callbacks.asking import prepare_availability
from gms_console.callbacks.changing import TIME_KEYS, prepare_reschedule
from gms_console.callbacks.record import CallbackRecord
from gms_console.model.answer import Answer
from gms_console.model.environment import PathSegmentError
from gms_console.model.exchange import Exchange
from gms_console.model.slot import Slot
from gms_console.wire.refusal import FormRefusedError

from ..asker import Asker

if TYPE_CHECKING:
    from ..console import Console
    from .changes import CallbackChanges

_NOT_KNOWN = frozenset({404, 405, 501})
"""What a node answers that does not know version 2 of availability."""


class SlotDesk(QObject):
    """One question after another for free times, until all its callbacks are moved.

    `left` are those that have not been moved yet, `done` is how many have. `slots_changed` comes
    with other times, be they asked for or offered by a refusal; `changed` with all else; `moved`
    when none is left.
    """

    slots_changed = Signal()
    changed = Signal()
    moved = Signal()

    def __init__(self, console: Console, changes: CallbackChanges, parent: QObject) -> None:
        super().__init__(parent)
        self._console = console
        self._changes = changes
        self.left: tuple[CallbackRecord, ...] = ()
        self.done = 0
        self.service = ""
        self.slots: tuple[Slot, ...] = ()
        self.heading = ""
        self.refusal = ""
        self.problem: tuple[Exchange, Answer] | None = None
        self._asker = Asker(console, self)
        self._asker.changed.connect(self.changed)
        self._asker.refused.connect(self._on_refused)
        changes.asker.changed.connect(self.changed)
        changes.refused.connect(self._on_refused)
        changes.answered.connect(self._on_moved)
        changes.ended.connect(self._on_ended)

    @property
    def busy(self) -> bool:
        """Whether times are being asked for, or callbacks moved."""
        return self._asker.busy or self._changes.busy

    def begin(self, records: Sequence[CallbackRecord]) -> None:
        """Take callbacks of one service that are to be moved."""
        self.left, self.done, self.service = tuple(records), 0, records[0].service
        self.slots, self.heading, self.refusal, self.problem = (), "", "", None

    def look_up(self, start: datetime, end: datetime) -> None:
        """Ask for the free times of a period; by version 1 of availability where 2 is not known."""
        self._asker.cancel()
        self.refusal, self.problem = "", None
        self._ask(start, end, 2)

    def _ask(self, start: datetime, end: datetime, version: int) -> None:
        def take(exchange: Exchange, answer: Answer) -> None:
            problem = answer.problem
            unknown = problem is not None and problem.status in _NOT_KNOWN
            if version == 2 and (unknown or (problem is None and not _has_slots(answer))):
                self._ask(start, end, 1)
                return
            self._show(answer.slots, f"Free times, by version {version} of availability")
            if problem is not None:
                self.problem = exchange, answer
                self.changed.emit()

        self._asker.ask(
            lambda environment: prepare_availability(
                environment, self.service, start, end, version
            ),
            take,
        )

    def preview(self, time: str, key: str) -> str:
        """Show the first request that moving would send; why not, where there is none."""
        environment = self._console.environment
        if environment is None or not self.left or not time:
            return ""
        try:
            prepared = prepare_reschedule(environment, self.left[0], time, key)
        except (PathSegmentError, FormRefusedError) as error:
            return str(error)
        more = f"\nand {len(self.left) - 1:,} more" if len(self.left) > 1 else ""
        return f"{prepared.method} {prepared.target}\n{prepared.body.preview()}{more}"

    def move(self, time: str, key: str = TIME_KEYS[0]) -> None:
        """Move the callbacks that are left to a time, one after the other."""
        self.refusal, self.problem = "", None
        self._changes.reschedule(self.left, time, key)

    def cancel(self) -> None:
        """End what is under way."""
        self._asker.cancel()
        self._changes.asker.cancel()

    def _on_moved(self, exchange: Exchange, answer: Answer) -> None:
        """Take a callback off that was moved; show the times that a refusal offers instead."""
        if answer.problem is None:
            done = exchange.operation.instance_id
            self.left = tuple(record for record in self.left if record.id != done)
            self.done += 1
        else:
            self.problem = exchange, answer
            if answer.slots:
                self._show(answer.slots, "Times that GMS offers instead")
        self.changed.emit()

    def _on_ended(self) -> None:
        if not self.left:
            self.moved.emit()

    def _show(self, slots: tuple[Slot, ...], heading: str) -> None:
        self.slots, self.heading = slots, heading
        self.slots_changed.emit()

    def _on_refused(self, text: str) -> None:
        self.refusal = f"Not sent. {text}"
        self.changed.emit()


def _has_slots(answer: Answer) -> bool:
    """Whether an answer is one of availability, with free times or without any."""
    known = isinstance(answer.data, dict) and (not answer.data or "slots" in answer.data)
    return bool(answer.slots) or known
