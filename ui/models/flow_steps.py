"""The steps of a flow as a list: what each does, what is wrong with it, how it ended last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from gms_console.flow.types import Step, StepKind
from gms_console.wire.body import BodyKind

from ..tips import plain_tip

if TYPE_CHECKING:
    from ..flows.desk import StepMark

Index = QModelIndex | QPersistentModelIndex

DETAIL_ROLE = Qt.ItemDataRole.UserRole + 1
MARK_ROLE = Qt.ItemDataRole.UserRole + 2
MISTAKES_ROLE = Qt.ItemDataRole.UserRole + 3

_MIME = "application/x-gms-console-step"


class StepModel(QAbstractListModel):
    """Shows steps; `moved` asks for one to go to another place, counted without it."""

    moved = Signal(int, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.steps: tuple[Step, ...] = ()
        self._marks: dict[int, StepMark] = {}
        self._mistakes: dict[int, int] = {}

    def show_steps(self, steps: Sequence[Step], mistakes: Mapping[int, int]) -> None:
        """Show steps, with the number of mistakes by place."""
        new = tuple(steps)
        old = len(self.steps)
        self._mistakes = dict(mistakes)
        if len(new) > old:
            self.beginInsertRows(QModelIndex(), old, len(new) - 1)
            self.steps = new
            self.endInsertRows()
        elif len(new) < old:
            self.beginRemoveRows(QModelIndex(), len(new), old - 1)
            self.steps = new
            self.endRemoveRows()
        self.steps = new
        self._tell()

    def show_marks(self, marks: Mapping[int, StepMark]) -> None:
        """Show how steps ended in the last run."""
        self._marks = dict(marks)
        self._tell()

    def _tell(self) -> None:
        if self.steps:
            self.dataChanged.emit(self.index(0), self.index(len(self.steps) - 1))

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Give the number of steps."""
        return 0 if parent is not None and parent.isValid() else len(self.steps)

    def columnCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Give one column; Qt's own answer cannot be asked for."""
        return 0 if parent is not None and parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Give what a row shows."""
        place = index.row()
        if not index.isValid() or place >= len(self.steps):
            return None
        step, mark = self.steps[place], self._marks.get(place)
        mistakes = self._mistakes.get(place, 0)
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{place + 1}  {step.title}"
        if role == DETAIL_ROLE:
            return detail(step)
        if role == MARK_ROLE:
            return mark
        if role == MISTAKES_ROLE:
            return mistakes
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip("\n".join(filter(None, (step.note, mark.text if mark else ""))))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _spoken(place, step, mark, mistakes)
        return None

    # --- dragging --------------------------------------------------------------------------------

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let steps be dragged, and dropped between others."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def supportedDropActions(self) -> Qt.DropAction:  # noqa: N802 - Qt's name
        """Move, never copy."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:  # noqa: N802 - Qt's name
        """Take what came from here."""
        return [_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:  # noqa: N802 - Qt's name
        """Take the place of the step along."""
        data = QMimeData()
        data.setData(_MIME, str(indexes[0].row() if indexes else -1).encode())
        return data

    def dropMimeData(  # noqa: N802 - Qt's name
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Ask for the step to go where it was dropped."""
        del action, column
        if not data.hasFormat(_MIME):
            return False
        place = int(bytes(data.data(_MIME).data()))
        target = row if row >= 0 else parent.row() if parent.isValid() else len(self.steps)
        self.moved.emit(place, target - 1 if target > place else target)
        # What is moved is not to be removed by the view.
        return False


def detail(step: Step) -> str:
    """Say in a line what else a step does."""
    parts: list[str] = []
    if step.instance:
        parts.append(f"{'as' if step.kind is StepKind.CREATE else 'on'} {step.instance}")
    sends = step.kind in {StepKind.CREATE, StepKind.REQUEST, StepKind.POLL}
    if sends and len(step.form):
        parts.append(_counted(len(step.form), "row"))
    if sends and step.encoding is not BodyKind.AUTO:
        parts.append(step.encoding.value)
    if step.kind is StepKind.POLL:
        parts.append(f"every {step.every:g} s, within {step.within:g} s")
    if step.expect:
        parts.append(_counted(len(step.expect), "check"))
    if step.capture:
        parts.append("captures " + ", ".join(name or "…" for name, _ in step.capture))
    if step.keep_going:
        parts.append("keeps going")
    if step.always:
        parts.append("always")
    return " · ".join(parts) or (step.note if step.kind is StepKind.WAIT else "no checks")


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _spoken(place: int, step: Step, mark: StepMark | None, mistakes: int) -> str:
    parts = [f"Step {place + 1}, {step.title}", detail(step)]
    if mistakes:
        parts.append(_counted(mistakes, "mistake"))
    if mark is not None:
        verdict = mark.verdict.value if mark.verdict is not None else "running"
        parts.append(f"last run: {mark.count} {verdict}".replace(":  ", ": "))
    return ", ".join(part for part in parts if part)
