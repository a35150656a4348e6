"""The example flow of the presenter layout: run on the simulator, at a pace that people follow."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gms_console.flow.types import Flow, Step, StepKind

from ..flows.run_desk import RunDesk

if TYPE_CHECKING:
    from ..console import Console
    from ..flows.desk import StepMark
    from ..flows.document import FlowDocument


@dataclass(frozen=True, slots=True)
class Example:
    """An example that can be played: its file, and what the start page says of it."""

    file: str
    title: str
    text: str


EXAMPLES = (
    Example(
        "callback.yaml",
        "A callback",
        "On the simulator: the customer waits, then chooses on the phone to be connected.",
    ),
    Example(
        "chat.yaml",
        "A chat",
        "On the simulator: the customer writes, and the agent answers.",
    ),
)

PACE = 1.5
"""Seconds between two steps, so that each can be read."""


class ExampleFlow(QObject):
    """Plays one example at a time. `ended` comes when it is over, or did not begin."""

    changed = Signal()
    ended = Signal()

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._console = console
        self._flow: Flow | None = None
        self._waiting = False
        self._next: Example | None = None
        self._turn = 0
        self.pace = PACE
        self.runs = RunDesk(console, self)
        self.runs.changed.connect(self._on_change)
        console.environment_changed.connect(self._begin)
        console.switching.settled.connect(self._on_settled)

    # --- what the RunDesk asks for ---------------------------------------------------------------

    @property
    def document(self) -> FlowDocument | None:
        """An example is not open in the window of flows."""
        return None

    @property
    def flow(self) -> Flow | None:
        """The example that is played."""
        return self._flow

    @property
    def current_step(self) -> int:
        """An example is played from its first step."""
        return 0

    def set_marks(
        self, marks: Mapping[int, StepMark], captured: Mapping[tuple[int, str], str]
    ) -> None:
        """Show nothing beside steps: nobody sees them."""

    # --- playing ---------------------------------------------------------------------------------

    @property
    def running(self) -> bool:
        """Whether an example is being played, or about to be."""
        return self._waiting or self.runs.running

    @property
    def stopping(self) -> bool:
        """Whether what is played goes through its clean-up steps, and is no story any more."""
        return self.runs.running and self.runs.stopping

    def play(self, example: Example) -> None:
        """Play an example on the simulator, which is switched to first.

        Where another one is still being played, it is ended before.
        """
        if self.running and not self.stopping:
            self.stop()
        if self.runs.running:
            self._next = example
            return
        self._waiting = True
        self._turn += 1
        reading = self._read(example, self._turn)
        self._console.session.tasks.start(reading, name="read the example", owner=self)

    async def _read(self, example: Example, turn: int) -> None:
        # Loaded with the first example: the start of the window does without it.
        from gms_console.flow.file import read_flow  # noqa: PLC0415

        place = Path(str(files("gms_console.assets") / "examples" / "demo" / example.file))
        try:
            flow = await asyncio.to_thread(read_flow, place)
            await self._console.simulator.start()
        except BaseException:
            if turn == self._turn:
                self._give_up()
            raise
        if not self._waiting or turn != self._turn:
            return  # it was stopped meanwhile
        self._flow = replace(flow, steps=paced(flow.steps, self.pace))
        if self._console.place.on_simulator:
            self._begin()
        else:
            self._console.use_simulator()

    def _begin(self) -> None:
        """Run it as soon as the simulator is what is sent to."""
        place = self._console.place
        if self._waiting and self._flow is not None and place.on_simulator:
            self.runs.run()
            self._waiting = False
            if self.runs.running:
                self.changed.emit()
            else:
                self._give_up()

    def _on_settled(self) -> None:
        """Give up where a person chose to stay at another place."""
        if self._waiting and self._flow is not None and not self._console.place.on_simulator:
            self._give_up()

    def _give_up(self) -> None:
        self._waiting, self._flow = False, None
        self.ended.emit()

    def _on_change(self) -> None:
        if self._flow is not None and not self.running:
            self._flow = None
            self.ended.emit()
            self._play_next()

    def _play_next(self) -> None:
        following, self._next = self._next, None
        if following is not None:
            self.play(following)

    def stop(self) -> None:
        """End it after its clean-up steps."""
        self._waiting, self._next = False, None
        if not self.runs.running:
            self._flow = None
        self.runs.stop()

    async def close(self) -> None:
        """End it, as the window closes."""
        self._waiting, self._next = False, None
        await self.runs.close()


def paced(steps: tuple[Step, ...], seconds: float) -> tuple[Step, ...]:
    """Give the steps with a pause between any two."""
    if not seconds:
        return steps
    made: list[Step] = []
    for step in steps:
        if made:
            made.append(Step(kind=StepKind.WAIT, seconds=seconds, always=step.always))
        made.append(step)
    return tuple(made)
