"""The SimulatorDesk: the simulator of this window as its own window shows and drives it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from gms_console.simulator import ReceivedRequest
    from gms_console.simulator.control.control import Control
    from gms_console.simulator.control.view import SimulatorView

    from ..console import Console

_R = TypeVar("_R")

_LOOK_EVERY = 500
"""Milliseconds between two looks at the simulator while its window is in sight."""


class SimulatorDesk(QObject):
    """Looks at the simulator again and again while it is `watched`, and hands on what is wanted.

    `view` is what was seen last; None while the simulator does not run.
    """

    changed = Signal()

    def __init__(self, console: Console, parent: QObject) -> None:
        super().__init__(parent)
        self._console = console
        self.view: SimulatorView | None = None
        self.received: tuple[ReceivedRequest, ...] = ()
        self._again = QTimer(self, interval=_LOOK_EVERY)
        self._again.timeout.connect(self.look)
        console.environment_changed.connect(self.look)

    @property
    def control(self) -> Control | None:
        """What drives the simulator; None while it does not run."""
        simulator = self._console.simulator.simulator
        return None if simulator is None else simulator.control

    def watch(self, *, on: bool) -> None:
        """Look again and again, or no more."""
        if on:
            self._again.start()
            self.look()
        else:
            self._again.stop()

    def look(self) -> None:
        """See what the simulator is at now."""
        control, simulator = self.control, self._console.simulator.simulator
        if control is None or simulator is None:
            self.view, self.received = None, ()
        else:
            self.view = control.view()
            self.received = tuple(simulator.received.snapshot())
        self.changed.emit()

    def start(self) -> None:
        """Start the simulator, and send to it."""
        self._console.use_simulator()

    def runs(self) -> bool:
        """Whether the simulator runs; where it does not, that is said."""
        if self.control is None:
            self._console.message.emit("The simulator does not run. Start it first.")
        return self.control is not None

    def drive(self, said: str, act: Callable[[Control], object], *, nothing: str = "") -> None:
        """Have the simulator do something, and say that it did; what it refuses is said too.

        `nothing` is what is said instead where that changed nothing.
        """
        if not self.runs() or (control := self.control) is None:
            return
        try:
            done = act(control)
        except _refusals() as error:
            said = sentence(str(error))
        else:
            said = nothing if nothing and not done else said
        self._console.message.emit(said)
        self.look()

    def drive_each(
        self,
        rows: Sequence[_R],
        said: str,
        act: Callable[[Control, _R], object],
        *,
        nothing: str = "",
    ) -> None:
        """Have the simulator do something with each of many rows, and look at it once after that.

        A row that is refused, as one that is gone by now, keeps none of the others back.
        """

        def act_on_all(control: Control) -> bool:
            done, refused = False, None
            for row in rows:
                try:
                    done = bool(act(control, row)) or done
                except _refusals() as error:
                    refused = error
            if refused is not None:
                raise refused
            return done

        if rows:
            self.drive(said, act_on_all, nothing=nothing)


def _refusals() -> tuple[type[Exception], ...]:
    from gms_console.simulator import (  # noqa: PLC0415 - it runs
        SimulatorError,
        UnknownFaultError,
        UnknownNameError,
    )

    return SimulatorError, UnknownFaultError, UnknownNameError, ValueError


def sentence(text: str) -> str:
    """Make a sentence of what an error says."""
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}."
