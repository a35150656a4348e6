"""Names with values or paths as a table: captures of a step, variables of a flow."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject

from .flow_rows import PATH_HEAD, PROBLEM_HEAD, FlowRows

NAME, TEXT = range(2)

Pair = tuple[str, str]


class PairModel(FlowRows[Pair]):
    """Rows of a name and a text."""

    def __init__(self, heads: tuple[str, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.heads = (*heads, PROBLEM_HEAD)

    def fresh(self) -> Pair:
        """Begin with nothing typed."""
        return "", ""

    def text(self, row: Pair, column: int) -> str:
        """Give what a cell shows."""
        return row[column] if column <= TEXT else ""

    def changed(self, row: Pair, column: int, text: str) -> Pair:
        """Give the pair with another name or text."""
        return (text.strip(), row[TEXT]) if column == NAME else (row[NAME], text)


class CaptureModel(PairModel):
    """Variables that a step takes from its answer; the third column has what the run took."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(("Variable", PATH_HEAD, "Captured"), parent)
        self._captured: dict[str, str] = {}

    def show_captured(self, values: Mapping[str, str]) -> None:
        """Show what the last run took, by the names of variables."""
        if values != self._captured:
            self._captured = dict(values)
            if self.rows:
                self.dataChanged.emit(self.index(0, 2), self.index(len(self.rows) - 1, 2))

    def text(self, row: Pair, column: int) -> str:
        """Give what a cell shows."""
        return super().text(row, column) if column <= TEXT else self._captured.get(row[NAME], "")

    def fixed(self, row: Pair, column: int) -> bool:
        """What was captured is not edited."""
        del row
        return column > TEXT
