"""The RunModel: a Run as a tree of cases, steps and checks, fed with what the runner tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from gms_console.poll import Poll
from gms_console.runner.events import (
    CaseEnded,
    CaseStarted,
    ExchangeDone,
    PollMoved,
    RunEvent,
    StepEnded,
    StepStarted,
)
from gms_console.runner.results import Verdict

from ..theme import colours
from ..tips import plain_tip
from .run_nodes import CaseNode, Leaf, Node, StepNode

Index = QModelIndex | QPersistentModelIndex

NODE_ROLE = Qt.ItemDataRole.UserRole + 1
TONE_ROLE = Qt.ItemDataRole.UserRole + 2

HEADINGS = ("Step", "Result", "Time", "What was found")

DETAILED_CASES = 50
"""Cases of a Run that keep their steps although they passed; the others keep one line."""

DETAILED_FAILURES = 500
"""Failed cases that keep their steps."""


@dataclass(slots=True)
class _Batch:
    """What a batch of events changes in what is shown; told to the views together."""

    new: list[CaseNode] = field(default_factory=list)
    cases: set[CaseNode] = field(default_factory=set)
    steps: dict[StepNode, None] = field(default_factory=dict)


class RunModel(QAbstractItemModel):
    """Rows come in the order in which cases began. With `only_failures`, those that failed.

    Memory does not grow with what a Run sends: beyond DETAILED_CASES a case that passed is one
    line, and beyond DETAILED_FAILURES one that failed, too. A case that begins beyond
    DETAILED_CASES shows its steps once it has failed.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.only_failures = False
        self.first = 0
        self.verdicts: Counter[Verdict] = Counter()
        self.current: StepNode | None = None
        self.poll: Poll | None = None
        self._serials = count(1)
        self._nodes: dict[int, Node] = {}
        self._cases: list[CaseNode] = []
        self._shown: list[CaseNode] = []
        self._running: dict[int, CaseNode] = {}
        self._passed_kept = self._failures_kept = 0

    # --- a Run -------------------------------------------------------------------------------

    @property
    def cases(self) -> Sequence[CaseNode]:
        """All cases that have begun."""
        return self._cases

    def clear(self) -> None:
        """Begin with another Run."""
        self.beginResetModel()
        self._nodes.clear()
        self._cases, self._shown = [], []
        self._running.clear()
        self.verdicts.clear()
        self._passed_kept = self._failures_kept = 0
        self.current = self.poll = None
        self.endResetModel()

    def show_only_failures(self, *, on: bool) -> None:
        """Show the cases that failed, or all."""
        if on == self.only_failures:
            return
        self.beginResetModel()
        self.only_failures = on
        for case in self._shown:
            case.row = -1
        self._shown = [case for case in self._cases if case.failed or not on]
        for row, case in enumerate(self._shown):
            case.row = row
        self.endResetModel()

    def take(self, events: Iterable[RunEvent]) -> None:
        """Take over what happened; views hear of all of it together."""
        batch = _Batch()
        for event in events:
            match event:
                case CaseStarted(case, environment):
                    self._begin_case(CaseNode(next(self._serials), case, environment.title), batch)
                case StepStarted(case, index):
                    self._begin_step(case.number, index, batch)
                case ExchangeDone(case, index, exchange):
                    step = self._step(case.number, index)
                    if step is not None:
                        step.exchange_id = exchange.id
                case PollMoved(case, index, poll):
                    self._move_poll(case.number, index, poll, batch)
                case StepEnded(case, result):
                    step = self._step(case.number, result.index)
                    if step is not None:
                        self._end_step(step, step.take(result), batch)
                case CaseEnded(result):
                    self._end_case(result.case.number, event, batch)
        self._tell(batch)

    def _begin_case(self, made: CaseNode, batch: _Batch) -> None:
        self._nodes[made.serial] = made
        for row, step in enumerate(made.case.flow.steps):
            node = StepNode(next(self._serials), row, made, step, step.title)
            node.left_out = row < self.first
            self._nodes[node.serial] = node
            made.steps.append(node)
        made.folded = len(self._cases) >= DETAILED_CASES
        self._cases.append(made)
        self._running[made.case.number] = made
        if not self.only_failures:
            batch.new.append(made)

    def _step(self, number: int, index: int) -> StepNode | None:
        case = self._running.get(number)
        return case.steps[index] if case is not None and index < len(case.steps) else None

    def _begin_step(self, number: int, index: int, batch: _Batch) -> None:
        step = self._step(number, index)
        if step is not None:
            step.running = True
            self.current = step
            batch.steps[step] = None

    def _move_poll(self, number: int, index: int, poll: Poll, batch: _Batch) -> None:
        step = self._step(number, index)
        if step is not None:
            step.poll = self.poll = poll
            batch.steps[step] = None

    def _end_step(
        self, step: StepNode, lines: list[tuple[str, str, str, str]], batch: _Batch
    ) -> None:
        step.case.note_failure(step)
        shown = step.case.row >= 0 and not step.case.folded and bool(lines)
        if shown:
            self.beginInsertRows(self.index_of(step), 0, len(lines) - 1)
        for row, (text, verdict, tone, message) in enumerate(lines):
            leaf = Leaf(next(self._serials), row, step, text, verdict, tone, message)
            self._nodes[leaf.serial] = leaf
            step.leaves.append(leaf)
        if shown:
            self.endInsertRows()
        batch.steps[step] = None

    def _end_case(self, number: int, event: CaseEnded, batch: _Batch) -> None:
        case = self._running.pop(number, None)
        if case is None:
            return
        case.take(event.result)
        self.verdicts[event.result.verdict] += 1
        if case.failed:
            self._failures_kept += 1
            keeps = self._failures_kept <= DETAILED_FAILURES
        else:
            self._passed_kept += 1
            keeps = self._passed_kept <= DETAILED_CASES
        if not keeps:
            self._drop_steps(case)
        elif case.folded:
            self._unfold(case)
        if self.only_failures and case.failed:
            batch.new.append(case)
        batch.cases.add(case)

    def _unfold(self, case: CaseNode) -> None:
        """Show the steps of a case that are kept."""
        shown = case.row >= 0 and bool(case.steps)
        if shown:
            self.beginInsertRows(self.index_of(case), 0, len(case.steps) - 1)
        case.folded = False
        if shown:
            self.endInsertRows()

    def _drop_steps(self, case: CaseNode) -> None:
        shown = case.row >= 0 and not case.folded and bool(case.steps)
        if shown:
            self.beginRemoveRows(self.index_of(case), 0, len(case.steps) - 1)
        for step in case.steps:
            del self._nodes[step.serial]
            for leaf in step.leaves:
                del self._nodes[leaf.serial]
        if self.current in case.steps:
            self.current = None
        case.steps, case.detailed = [], False
        if shown:
            self.endRemoveRows()

    def _tell(self, batch: _Batch) -> None:
        """Tell views of the cases that joined, and of what changed in those before."""
        rows = [case.row for case in batch.cases if case.row >= 0]
        rows += [step.case.row for step in batch.steps if step.case.row >= 0]
        if rows:
            last = len(HEADINGS) - 1
            self.dataChanged.emit(self.index(min(rows), 0), self.index(max(rows), last))
        for step in batch.steps:
            if step.case.row >= 0 and step.case.detailed and not step.case.folded:
                first = self.index_of(step)
                self.dataChanged.emit(first, first.siblingAtColumn(len(HEADINGS) - 1))
        if batch.new:
            start = len(self._shown)
            self.beginInsertRows(QModelIndex(), start, start + len(batch.new) - 1)
            for row, case in enumerate(batch.new, start=start):
                case.row = row
            self._shown.extend(batch.new)
            self.endInsertRows()

    # --- as Qt asks for it ---------------------------------------------------------------------

    def node(self, index: Index) -> Node | None:
        """Give what stands in a row."""
        return self._nodes.get(index.internalId()) if index.isValid() else None

    def index_of(self, node: Node) -> QModelIndex:
        """Give the place of a node in the first column."""
        return self.createIndex(node.row, 0, node.serial)

    def _below(self, node: Node | None) -> Sequence[Node]:
        match node:
            case CaseNode():
                return () if node.folded else node.steps
            case StepNode():
                return node.leaves
            case Leaf():
                return ()
        return self._shown

    def index(self, row: int, column: int, parent: Index | None = None) -> QModelIndex:
        """Give the place of a cell."""
        above = self.node(parent) if parent is not None and parent.isValid() else None
        below = self._below(above)
        if not (0 <= row < len(below) and 0 <= column < len(HEADINGS)):
            return QModelIndex()
        return self.createIndex(row, column, below[row].serial)

    def parent(self, index: Index | None = None) -> QModelIndex:  # type: ignore[override]
        """Give the row above a row."""
        node = self.node(index) if index is not None else None
        if isinstance(node, StepNode):
            return self.index_of(node.case)
        return self.index_of(node.step) if isinstance(node, Leaf) else QModelIndex()

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Give the number of rows below a row."""
        if parent is not None and parent.isValid():
            return len(self._below(self.node(parent))) if parent.column() == 0 else 0
        return len(self._shown)

    def hasChildren(self, parent: Index | None = None) -> bool:  # noqa: N802 - Qt's name
        """Whether rows stand below a row; a view asks this of all rows when it lays them out."""
        node = self._nodes.get(parent.internalId()) if parent is not None else None
        return bool(self._below(node))

    def columnCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Give the number of columns."""
        del parent
        return len(HEADINGS)

    def headerData(  # noqa: N802 - Qt's name
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:  # noqa: ANN401
        """Name the columns."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Give what a cell shows; the tone of a verdict stands beside its words, never alone."""
        node = self.node(index)
        if node is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return node.cells[index.column()].replace("\n", " · ")
        if role == NODE_ROLE:
            return node
        if role == TONE_ROLE:
            return node.tone
        if role == Qt.ItemDataRole.ToolTipRole:
            text = node.cells[index.column()]
            return plain_tip(text) if text else None
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == 1:
            return _ink(node.tone)
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == 2:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None


def _ink(tone: str) -> QColor:
    scheme = colours()
    inks = {"good": scheme.good, "error": scheme.error, "busy": scheme.accent}
    return QColor(inks.get(tone, scheme.muted))
