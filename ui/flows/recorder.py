"""The FlowRecorder: turns what a person does, or did, into the steps of a flow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gms_console.events import Event, ExchangeRecorded, PollChanged
from gms_console.flow.recording import (
    InstanceNames,
    Recorder,
    step_of_exchange,
    step_of_kept_poll,
)
from gms_console.flow.types import Flow, Step
from gms_console.history import Entry, HistoryRow
from gms_console.model.form import Form

from .in_run import in_run

if TYPE_CHECKING:
    from pathlib import Path

    from ..console import Console


class FlowRecorder(QObject):
    """Listens to the Session while it records; it sends nothing.

    What a flow that is being run sends is not recorded: its steps are there already. `changed`
    comes when it begins or ends, and with each step.
    """

    changed = Signal()

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._console = console
        self._recorder: Recorder | None = None
        self._environment = ""
        self._unsubscribe: Callable[[], None] = _nothing

    @property
    def recording(self) -> bool:
        """Whether it records."""
        return self._recorder is not None

    @property
    def count(self) -> int:
        """How many steps there are so far."""
        return len(self._recorder.steps) if self._recorder is not None else 0

    def start(self) -> None:
        """Record from now on."""
        if self._recorder is None:
            self._recorder = Recorder(self._folder())
            environment = self._console.environment
            self._environment = environment.name if environment is not None else ""
            self._unsubscribe = self._console.session.subscribe(self._note)
            self.changed.emit()

    def stop(self) -> tuple[Step, ...]:
        """Record no more; give the steps in the order in which they were begun."""
        steps = self._recorder.steps if self._recorder is not None else ()
        self._unsubscribe()
        self._recorder, self._unsubscribe = None, _nothing
        self.changed.emit()
        return steps

    def _note(self, event: Event) -> None:
        recorder = self._recorder
        if recorder is None or in_run():
            return
        if isinstance(event, ExchangeRecorded | PollChanged) and recorder.note(event):
            self.changed.emit()

    def flow_of(self, steps: Sequence[Step], name: str) -> Flow:
        """Make a flow of steps, for the environment that they were sent to."""
        environment = self._environment
        if not environment and self._console.environment is not None:
            environment = self._console.environment.name
        return Flow(name=name, env=environment, steps=self.plain(steps))

    def plain(self, steps: Sequence[Step]) -> tuple[Step, ...]:
        """Give steps without the notes that the catalogue has for its rows: it has them still."""
        known: set[str] = set()
        for kind in self._console.services.catalogue or ():
            known.update(one.meaning for one in kind.parameters)
            known.update(one.meaning for each in kind.requests for one in each.parameters)
        return tuple(replace(step, form=_without(step.form, known)) for step in steps)

    def _folder(self) -> Path | None:
        """Give the folder of the open flow, which its files are relative to."""
        flow = self._console.flows.flow
        return flow.folder if flow is not None and flow.file is not None else None

    # --- of the history ----------------------------------------------------------------------

    def from_rows(
        self, rows: Sequence[HistoryRow], done: Callable[[tuple[Step, ...]], None]
    ) -> None:
        """Make steps of rows of the history, the oldest first; `done` gets them."""
        self._environment = next((row.environment for row in rows if row.environment), "")
        self._console.history.start(self._from_rows(rows, done), "make a flow of rows")

    async def _from_rows(
        self, rows: Sequence[HistoryRow], done: Callable[[tuple[Step, ...]], None]
    ) -> None:
        engine, names = self._console.history.engine, InstanceNames()
        steps: list[Step] = []
        for row in sorted(rows, key=lambda one: one.started):
            step: Step | None = None
            if row.entry is Entry.EXCHANGE:
                exchange = await self._console.history.exchange(row.key)
                step = None if exchange is None else step_of_exchange(exchange, names)
            elif engine is not None:
                kept = await engine.load_poll(row.key)
                last = await self._console.history.exchange(row.exchange) if row.exchange else None
                step = None if kept is None else step_of_kept_poll(kept, last, names)
            if step is not None:
                steps.append(step)
        done(tuple(steps))


def _without(form: Form, notes: set[str]) -> Form:
    """Give rows without some notes; those that a person wrote stay."""
    return Form(tuple(replace(row, note="") if row.note in notes else row for row in form))


def _nothing() -> None:
    """End nothing, while it does not record."""
