"""The tab of two polls: painted over each other, and their states in rows."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gms_console.comparison.timelines import Overlay, StateRow, duration

from ...models.diff_rows import DiffRow
from ..common import label, named
from ..state_looks import StateLooks
from .diff_views import DiffTable
from .timeline_overlay import TimelineOverlay


class TimelinesTab(QWidget):
    """Where two polls part, in a sentence, a picture and a table."""

    def __init__(self) -> None:
        super().__init__()
        self.summary = named(label(""), "timelinesSummary", "Where the polls part")
        self.summary.setWordWrap(True)
        self.picture = TimelineOverlay()
        self.table = DiffTable(
            "timelinesTable",
            "States of both polls",
            ("State", "Left after", "Right after", "Right against left"),
            (),
            signed=0,
        )
        self.table.share(narrow=())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.summary)
        column.addWidget(self.picture)
        column.addWidget(self.table, 1)

    def show_overlay(self, overlay: Overlay | None, looks: StateLooks) -> None:
        """Show another pair of polls; None clears it."""
        self.summary.setText("" if overlay is None else overlay.summary)
        self.picture.show_overlay(overlay, looks)
        rows = () if overlay is None else overlay.rows
        self.table.show_rows([_row(one) for one in rows], only_differences=False)


def _row(state: StateRow) -> DiffRow:
    left = "–" if state.left is None else duration(state.left)
    right = "–" if state.right is None else duration(state.right)
    more = ""
    if state.left is not None and state.right is not None:
        sign = "+" if state.right >= state.left else "−"
        more = f"{sign}{duration(abs(state.right - state.left))}"
    return DiffRow(state.change, (state.state, left, right, more))
