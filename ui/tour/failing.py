"""Chapters: what goes wrong: a file that is gone, an unknown service, a fault on demand."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ..panes.answer.pane import BODY
from .creating import CREATED
from .stage import NUMBER, Stage, tab
from .step import Chapter, Move, Spot, Step
from .waiting import TourError, until

if TYPE_CHECKING:
    from ..panes.simulator.window import SimulatorWindow
    from ..simulator.faults import SimulatorFaults

FAULT = "Server error 500"
_MORE = ("Slow answers", "ORS session lost", "Every third answer lost")
"""Faults that stand by, switched off."""


class Refusing:
    """A row that cannot be sent, and a service that GMS does not have."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._console = stage.console
        self._missing_place = 0

    def chapter(self) -> Chapter:
        """Give the chapter."""
        return Chapter(
            "When it cannot be sent, and when GMS refuses",
            (
                Step("missing-file", "A file that is gone stops the send.", self._miss, dark=True),
                Step("error", "What GMS does not know is explained.", self._err, dark=True),
            ),
        )

    async def _miss(self) -> str:
        await self._stage.choose(CREATED)
        model = self._console.draft.form_model
        self._missing_place = model.attach([Path("Holiday.png")])
        self._stage.window.send()
        if self._console.sending or not self._console.preview.rows:
            raise TourError("a form with a missing file was sent")
        result = f"not sent: {self._console.preview.reason}"
        await asyncio.sleep(0)
        model.set_problems(dict(self._console.preview.rows))
        return result

    async def _err(self) -> str:
        model = self._console.draft.form_model
        model.edit(model.form.removed([self._missing_place]), "remove rows")
        await self._stage.choose("app-to-connect")
        await self._stage.send()
        answer = self._console.answer
        if answer is None or answer.ok:
            raise TourError("the unknown service was accepted")
        return self._stage.status


class Failing:
    """The simulator is told to fail, and the console explains what came of it."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._console = stage.console

    def chapter(self) -> Chapter:
        """Give the chapter."""
        stage, key = self._stage, self._stage.key("simulator")
        back = f"The simulator has a window of its own; {key} in the main window shows it."
        return Chapter(
            "Let something go wrong",
            (
                Step("", "A fault is put in force in the simulator's own window.", self._add),
                Step("fault", "A request meets the fault, which is explained.", self._meet),
                Step(
                    "simulator",
                    "The simulator counts how often faults hit.",
                    self._look,
                    self._window,
                    dark=True,
                    pictured_only=True,
                ),
                Step("", "Nothing goes wrong any more.", self._mend),
            ),
            "How an app copes with trouble is worth a test. The simulator fails on demand, "
            "and the console says what probably happened.",
            (
                Move(
                    f"Press {key}: this is the contact center that plays along.",
                    stage.menu,
                    # Its window may be closed again by then.
                    lambda since: self._window() is not None or self._begun(since),
                ),
                Move(
                    f"Press Ctrl+M in the window of the simulator, and choose “{FAULT}”.",
                    self._ready_spot,
                    self._begun,
                    back,
                ),
                Move(
                    "Go back to the main window and send any form, such as that of "
                    f"{CREATED}, with {stage.key('send')}.",
                    lambda: Spot(stage.window.request_pane.target_bar.send_button),
                    self._met,
                    f"The button Send is above the rows; {stage.key('rows')} goes there.",
                ),
                Move(
                    "The answer says what it probably means and what to try. "
                    "Now take the fault away again: Clear, in the window of the simulator.",
                    self._clear_spot,
                    lambda since: self._met(since) and self._faults() == 0,
                    back,
                ),
            ),
        )

    # --- what a person has done ------------------------------------------------------------------

    def _window(self) -> SimulatorWindow | None:
        made = self._stage.tool("simulator")
        if made is None:
            return None
        from ..panes.simulator.window import SimulatorWindow  # noqa: PLC0415 - when asked for

        return made if isinstance(made, SimulatorWindow) else None

    def _window_faults(self) -> SimulatorFaults:
        """Give what its window edits faults with; raises TourError while it is not open."""
        window = self._window()
        if window is None:
            raise TourError("the window of the simulator is not open")
        return window.faults

    def _faults(self) -> int:
        """Count the faults in force."""
        simulator = self._console.simulator.simulator
        return len(simulator.control.faults.views()) if simulator is not None else 0

    def _met(self, since: datetime) -> bool:
        """Whether a request has failed since then."""
        exchange, answer = self._console.exchange, self._console.answer
        fresh = exchange is not None and exchange.started >= since
        return fresh and answer is not None and answer.problem is not None

    def _ready_spot(self) -> Spot | None:
        window = self._window()
        if window is None:
            return None
        faults = window.faults_tab
        return Spot(faults.ready_button) if faults.isVisible() else _faults_tab(window)

    def _clear_spot(self) -> Spot | None:
        window = self._window()
        if window is None:
            return None
        faults = window.faults_tab
        return Spot(faults.clear_button) if faults.isVisible() else _faults_tab(window)

    # --- doing it --------------------------------------------------------------------------------

    def _begun(self, since: datetime) -> bool:
        """Whether a fault is in force, or was met already."""
        return self._faults() > 0 or self._met(since)

    async def _add(self) -> str:
        await self._stage.show_tool("simulator")
        window = self._window()
        if window is None:
            raise TourError("the window of the simulator did not open")
        window.tabs.setCurrentWidget(window.faults_tab)
        await self._stage.pause()
        window.faults.add_ready_made(FAULT)
        window.desk.look()
        await self._stage.pause()
        return f"{self._faults()} fault in force"

    async def _meet(self) -> str:
        # Its window stays where it is: a person wants to see what the simulator received.
        self._stage.window.activateWindow()
        await self._stage.choose(CREATED)
        await self._stage.fill("_phone_number", NUMBER)
        await self._stage.send()
        self._stage.window.answer_pane.tabs.setCurrentIndex(BODY)
        answer = self._console.answer
        if answer is None or answer.problem is None:
            raise TourError("the fault did not hit")
        await self._stage.pause()
        return self._stage.status

    async def _look(self) -> str:
        await self._stage.show_tool("simulator")
        control = self._stage.simulator.control
        for name in _MORE:
            self._window_faults().add_ready_made(name)
        for fault in control.faults.views():
            control.faults.set_enabled(fault.number, enabled=fault.hits > 0)
        await asyncio.sleep(0.6)  # its window looks every half second
        await self._stage.pause()
        return f"{self._faults()} faults, one of them in force"

    async def _mend(self) -> str:
        self._window_faults().clear()
        await until(lambda: self._faults() == 0, "the fault to go")
        await self._stage.close_tool("simulator")
        return "no fault in force"


def _faults_tab(window: SimulatorWindow) -> Spot:
    return tab(window.tabs.tabBar(), "Faults")
