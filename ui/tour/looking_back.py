"""Chapter: what was sent and received: the history, an answer in its tabs, two side by side."""

from __future__ import annotations

import asyncio

from PySide6.QtWidgets import QTabWidget, QWidget

from gms_console.poll import PollOutcome

from ..panes.answer.body_part import TREE
from ..panes.answer.pane import BODY, TIMING
from .phoning import Phoning
from .stage import Stage, top_window
from .step import Chapter, Step
from .waiting import until


class LookingBack:
    """Builds on what the chapters before it sent."""

    def __init__(self, stage: Stage, phoning: Phoning) -> None:
        self._stage = stage
        self._console = stage.console
        self._phoning = phoning

    def chapter(self) -> Chapter:
        """Give the chapter."""
        return Chapter(
            "What was sent and received",
            (
                Step("history", "What was sent can be sent again.", self._history, dark=True),
                Step("tree", "The answer with the phone's menu, as a tree.", self._tree, dark=True),
                Step("timing", "Where the time went.", self._timing, dark=True),
                Step(
                    "comparison",
                    "Two answers of two polls, side by side.",
                    self._compare,
                    self._beside,
                    dark=True,
                ),
                Step(
                    "timelines",
                    "The polls that they are of, over each other.",
                    self._overlay,
                    self._beside,
                    tidy=self._close,
                ),
            ),
        )

    def _beside(self) -> QWidget | None:
        return top_window("comparisonWindow")

    async def _close(self) -> None:
        beside = self._beside()
        if beside is not None:
            beside.close()

    async def _history(self) -> str:
        desk, window = self._console.history, self._stage.window
        window.action("history").trigger()
        pane = window.left_column.history()
        await until(lambda: desk.list.read and bool(desk.list.model.numbers), "the history")
        model = desk.list.model
        rows = [row for number in model.numbers if (row := model.row(number)) is not None]
        reached = next(row for row in rows if row.outcome == str(PollOutcome.REACHED))
        pane.view.expand(model.index_of(reached.number))
        pane.view.setCurrentIndex(model.index_of(reached.number))
        oldest = min(rows, key=lambda row: row.number)
        desk.star([oldest], starred=True)
        desk.write_note(oldest, "the first create of the tour")
        await until(lambda: desk.mark is not None, "the answer of the past")
        await asyncio.sleep(0.3)
        pane.view.scrollTo(model.index_of(reached.number), pane.view.ScrollHint.PositionAtTop)
        return f"{len(rows)} rows are kept; the poll shows its {reached.attempts} attempts"

    async def _tree(self) -> str:
        window = self._stage.window
        self._console.show_exchange(self._phoning.menu_exchange)
        pane = window.answer_pane
        pane.tabs.setCurrentIndex(BODY)
        pane.body_part.tabs.setCurrentIndex(TREE)
        window.poll_pane.setFocus()
        await asyncio.sleep(0.2)
        return self._stage.status

    async def _timing(self) -> str:
        self._stage.window.answer_pane.tabs.setCurrentIndex(TIMING)
        await asyncio.sleep(0)
        return self._stage.status

    async def _compare(self) -> str:
        polls = [poll for ours in self._console.session.polls.values() for poll in ours]
        reached = next(poll for poll in polls if poll.outcome is PollOutcome.REACHED)
        other = next(poll for poll in reversed(polls) if len(poll.timeline.spans) > 0)
        last, first = reached.timeline.attempts[-1], other.timeline.attempts[0]
        self._console.history.compare(last.exchange_id, first.exchange_id)
        comparison = self._console.comparison
        await until(lambda: comparison.compared is not None, "the comparison")
        self._show_tab(0)
        await asyncio.sleep(0.2)
        found = comparison.compared
        return f"{found.differences} differences" if found is not None else ""

    async def _overlay(self) -> str:
        comparison = self._console.comparison
        await until(lambda: comparison.overlay is not None, "the timelines")
        self._show_tab(-1)
        await asyncio.sleep(0.2)
        return comparison.overlay.summary if comparison.overlay is not None else ""

    def _show_tab(self, place: int) -> None:
        """Bring a tab of the comparison to the front; -1 is the last one."""
        beside = self._beside()
        tabs = beside.findChild(QTabWidget, "comparisonTabs") if beside is not None else None
        if isinstance(tabs, QTabWidget):
            tabs.setCurrentIndex(place % tabs.count())
