"""The tour's steps with flows: one is run, and what it sent becomes evidence."""

from __future__ import annotations

import asyncio
from importlib.resources import files
from pathlib import Path

from PySide6.QtWidgets import QApplication, QTreeView

from .tour_waiting import TourError, until
from .window import MainWindow

_FLOW = "choose-on-the-phone.yaml"


class FlowTour:
    """Runs an example flow on the simulator, and opens what exports its evidence."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._console = window.console

    async def run(self) -> str:
        """Open the flow and run it to its end."""
        # Loaded by now, and not at the start of the tour.
        from gms_console.flow.file import read_flow  # noqa: PLC0415

        self._console.use_simulator()
        await until(
            lambda: self._console.switching.pending is not None or not self._guarded(),
            "the simulator to be asked for",
        )
        self._console.switching.stop_and_go()
        await until(lambda: not self._guarded(), "the switch to the simulator")
        self._window.action("flows").trigger()
        flow = await asyncio.to_thread(read_flow, example_flow())
        self._console.flows.set_flow(flow)
        runs = self._console.runs
        runs.run()
        await until(lambda: runs.running, "the run to begin")
        # Nobody waits for the agent of a simulator.
        await until(lambda: bool(self._console.session.running_polls()), "the poll of the run")
        simulator = self._console.simulator.simulator
        if simulator is not None:
            await asyncio.sleep(1)
            simulator.clock.advance(4)
        await until(lambda: not runs.running, "the run to end")
        self._console.flows.choose_step(3)
        await asyncio.sleep(0.3)
        summary = runs.summary
        if summary is None or not summary.ok:
            raise TourError("the flow did not pass")
        return f"{summary.steps} steps and {summary.checks} checks passed"

    async def evidence(self) -> str:
        """Open the export of what the run sent, with what will be masked."""
        self._window.evidence_actions.export_run()
        await until(lambda: self._masked() > 0, "the preview of what is masked")
        await asyncio.sleep(0.3)
        return f"{self._masked()} values would be masked"

    @staticmethod
    def _masked() -> int:
        """Count the values that the dialog in front says will be masked."""
        dialog = QApplication.activeModalWidget()
        table = dialog.findChild(QTreeView, "maskedTable") if dialog is not None else None
        return table.model().rowCount() if isinstance(table, QTreeView) else 0

    def _guarded(self) -> bool:
        environment = self._console.environment
        return environment is None or bool(environment.name)


def example_flow() -> Path:
    """Give the path of the example flow that the tour runs."""
    return Path(str(files("gms_console.assets") / "examples" / "flows" / _FLOW))
