"""A tab of rows that says in words why there are none."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget

from gms_console.comparison import Change

from ...models.diff_rows import DiffRow
from ..common import label, named
from .diff_views import DiffTable


class RowsTab(QStackedWidget):
    """Shows a table of rows, or words in its place where no row is shown.

    `what` is what is the same then, such as `The headers`.
    """

    def __init__(self, table: DiffTable, what: str) -> None:
        super().__init__()
        self.table = table
        self._what = what
        self.words = named(label("", "muted"), f"{table.objectName()}Words", f"{what} in words")
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words.setWordWrap(True)
        self.addWidget(table)
        self.addWidget(self.words)

    @property
    def rows_shown(self) -> bool:
        """Whether there are rows to walk through."""
        return self.currentWidget() is self.table

    def show_rows(self, rows: Sequence[DiffRow], *, only_differences: bool) -> int:
        """Show rows, all of them or those that differ; give how many differ."""
        self.table.show_rows(rows, only_differences=only_differences)
        self.words.setText(self._why_empty(rows))
        self.setCurrentWidget(self.table if self.table.rows.rowCount() else self.words)
        return sum(row.change.counts for row in rows)

    def _why_empty(self, rows: Sequence[DiffRow]) -> str:
        if not rows:
            return "There are none to compare."
        ignored = sum(row.change is Change.IGNORED for row in rows)
        if not ignored:
            return f"{self._what} are the same."
        verb = "is" if ignored == 1 else "are"
        return f"{self._what} are the same but for {ignored:,} that {verb} ignored."
