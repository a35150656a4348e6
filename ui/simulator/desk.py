"""The SimulatorDesk: the simulator of this window as its own window shows and drives it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from gms_console.simulator import ReceivedRequest
    from gms_console.simulator.control.control import Control
    from gms_console.simulator.control.view import SimulatorView

    from ..console import Console

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
        from gms_console.simulator import (  # noqa: PLC0415 - it runs
            SimulatorError,
            UnknownFaultError,
            UnknownNameError,
        )

        try:
            done = act(control)
        except (SimulatorError, UnknownFaultError, UnknownNameError, ValueError) as error:
            said = sentence(str(error))
        else:
            said = nothing if nothing and not done else said
        self._console.message.emit(said)
        self.look()


def sentence(text: str) -> str:
    """Make a sentence of what an error says."""
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}."
