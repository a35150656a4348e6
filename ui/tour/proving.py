"""Chapters: a flow that is run again, and evidence of what was sent and received."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QTreeView, QWidget

from .assets import example_flow
from .stage import Stage, front_dialog, top_window
from .step import Chapter, Move, Spot, Step
from .waiting import TourError, until

if TYPE_CHECKING:
    from ..evidence.desk import Outcome
    from ..panes.evidence.dialog import EvidenceDialog


class Flowing:
    """An example flow, opened and run to its end."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._console = stage.console

    def chapter(self) -> Chapter:
        """Give the chapter."""
        step = Step(
            "flow",
            "What was done once is a flow, and runs again.",
            self._run,
            self._shown,
            dark=True,
            tidy=self._close,
        )
        return Chapter("Flows", (step,))

    def _shown(self) -> QWidget | None:
        return top_window("flowsWindow")

    async def _close(self) -> None:
        self._stage.window.flow_actions.ask_nothing()
        shown = self._shown()
        if shown is not None:
            shown.close()

    async def _run(self) -> str:
        # Loaded by now, and not at the start of the tour.
        from gms_console.flow.file import read_flow  # noqa: PLC0415

        await self._stage.to_simulator()
        self._stage.window.action("flows").trigger()
        flow = await asyncio.to_thread(read_flow, example_flow())
        self._console.flows.set_flow(flow)
        runs = self._console.runs
        runs.run()
        await until(lambda: runs.running, "the run to begin")
        # Nobody waits for the agent of a simulator.
        await until(lambda: bool(self._console.session.running_polls()), "the poll of the run")
        await asyncio.sleep(1)
        self._stage.simulator.clock.advance(4)
        await until(lambda: not runs.running, "the run to end")
        self._console.flows.choose_step(3)
        await asyncio.sleep(0.3)
        summary = runs.summary
        if summary is None or not summary.ok:
            raise TourError("the flow did not pass")
        return f"{summary.steps} steps and {summary.checks} checks passed"


class Proving:
    """The session is exported as a report that masks what is nobody's business."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._listens = False
        self._written_at = datetime.min.replace(tzinfo=UTC)

    def chapter(self) -> Chapter:
        """Give the chapter."""
        key = self._stage.key("exportEvidence")
        return Chapter(
            "Export evidence",
            (
                Step(
                    "evidence",
                    "All of the session as a report, and what is masked in it.",
                    self._open,
                    front_dialog,
                    dark=True,
                ),
                Step("", "The report is written.", self._export),
            ),
            "A report with every byte and every time can be attached to a defect. "
            "Secrets and numbers are masked before it is written.",
            (
                Move(
                    f"Press {key} in the main window.",
                    lambda: self._stage.menu("&File"),
                    lambda since: self._dialog() is not None or self._is_written(since),
                ),
                Move(
                    "HTML is chosen, and the list shows what will be masked. Press Export.",
                    self._export_spot,
                    self._is_written,
                    f"{key} opens the export again.",
                ),
                Move(
                    "The report can be opened from here. Close the dialog to go on.",
                    self._close_spot,
                    lambda since: self._is_written(since) and self._dialog() is None,
                ),
            ),
        )

    # --- what a person has done ------------------------------------------------------------------

    def _dialog(self) -> EvidenceDialog | None:
        found = front_dialog()
        if found is None:
            return None
        from ..panes.evidence.dialog import EvidenceDialog  # noqa: PLC0415 - when asked for

        return found if isinstance(found, EvidenceDialog) else None

    def _is_written(self, since: datetime) -> bool:
        if self._dialog() is not None:
            self._listen()
        return self._written_at >= since

    def _listen(self) -> None:
        """Hear of reports from now on; the desk that writes them comes with the first export."""
        if not self._listens:
            self._listens = True
            self._stage.window.evidence_actions.desk.ended.connect(self._note)

    def _note(self, outcome: Outcome) -> None:
        if outcome.files:
            self._written_at = datetime.now(UTC)

    def _export_spot(self) -> Spot | None:
        dialog = self._dialog()
        return None if dialog is None else Spot(dialog.export_button)

    def _close_spot(self) -> Spot | None:
        dialog = self._dialog()
        return None if dialog is None else Spot(dialog.close_button)

    # --- doing it --------------------------------------------------------------------------------

    async def _open(self) -> str:
        self._stage.window.action("exportEvidence").trigger()
        self._listen()
        await until(lambda: self._masked() > 0, "the preview of what is masked")
        await asyncio.sleep(0.3)
        await self._stage.pause()
        return f"{self._masked()} values would be masked"

    def _masked(self) -> int:
        """Count the values that the dialog in front says will be masked."""
        dialog = self._dialog()
        table = dialog.findChild(QTreeView, "maskedTable") if dialog is not None else None
        return table.model().rowCount() if isinstance(table, QTreeView) else 0

    async def _export(self) -> str:
        dialog = self._dialog()
        if dialog is None:
            raise TourError("the export is not open")
        if self._stage.folder is not None:
            dialog.file_edit.setText(str(self._stage.folder / "session"))
        dialog.export_button.click()
        await until(dialog.open_button.isVisible, "the report")
        result = dialog.outcome_label.text()
        await self._stage.pause()
        await self._stage.close_dialog()
        return result
