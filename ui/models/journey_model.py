"""The steps of a journey as rows, as the audience may read them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from gms_console.journey.journey import JourneyStep

if TYPE_CHECKING:
    from ..demo.desk import DemoDesk

STEP_ROLE = Qt.ItemDataRole.UserRole + 1
"""The JourneyStep of a row."""

NO_PARENT = QModelIndex()


class JourneyModel(QAbstractListModel):
    """Reads the desk's journey; the last row is where it stands."""

    def __init__(self, desk: DemoDesk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._steps: list[JourneyStep] = []
        self._masked = desk.masked

    def refresh(self) -> None:
        """Take over the journey as it is now; rows that stay are not told of again."""
        steps = list(self._desk.steps)
        kept = _common(self._steps, steps)
        if kept < len(self._steps):
            self.beginRemoveRows(NO_PARENT, kept, len(self._steps) - 1)
            del self._steps[kept:]
            self.endRemoveRows()
        if kept < len(steps):
            self.beginInsertRows(NO_PARENT, kept, len(steps) - 1)
            self._steps += steps[kept:]
            self.endInsertRows()
        if self._steps and (kept < len(steps) or self._masked != self._desk.masked):
            self._masked = self._desk.masked
            self.dataChanged.emit(self.index(0), self.index(len(self._steps) - 1))

    def rowCount(  # noqa: N802 - Qt's name
        self, parent: QModelIndex | QPersistentModelIndex = NO_PARENT
    ) -> int:
        """Give how many steps there are."""
        return 0 if parent.isValid() else len(self._steps)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401 - Qt's way
        """Give a row as text, or its step."""
        if not 0 <= index.row() < len(self._steps):
            return None
        step = self._steps[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.caption(step)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            parts = (step.actor.value, self.caption(step), self.detail(step))
            return ". ".join(part for part in parts if part)
        return step if role == STEP_ROLE else None

    @property
    def hint(self) -> str:
        """Say what there is to do next, while there are no steps."""
        desk = self._desk
        if desk.player is not None:
            return "Space plays the recording." if not desk.player.playing else "It begins …"
        if desk.example.running:
            return "The example begins …"
        service = desk.console.draft.service
        if not service:
            return "Choose a service first, in the window (F11)."
        return f"Ctrl+Enter sends the form of {desk.say(service)}."

    def caption(self, step: JourneyStep) -> str:
        """Give the words of a step."""
        return self._desk.say(step.caption)

    def detail(self, step: JourneyStep) -> str:
        """Give what came of a step."""
        return self._desk.say(step.detail)

    def is_current(self, index: QModelIndex | QPersistentModelIndex) -> bool:
        """Whether the journey stands at this row."""
        return index.row() == len(self._steps) - 1

    def since_start(self, step: JourneyStep) -> str:
        """Give the time of a step, counted from the first one."""
        return elapsed_text(self._steps[0].at, step.at)


def customer_names(desk: DemoDesk) -> list[tuple[str, str]]:
    """Give the customers to choose from: the id of each, and how the audience may read of it.

    Those that read alike are counted.
    """
    made: list[tuple[str, str]] = []
    seen: dict[str, int] = {}
    for one in desk.customers:
        service = one.service.rpartition("/")[2] or "Service"
        text = f"{service} · {desk.say(one.number or one.id[:8])}"
        seen[text] = count = seen.get(text, 0) + 1
        made.append((one.id, text if count == 1 else f"{text} ({count})"))
    return made


def elapsed_text(start: datetime, at: datetime) -> str:
    """Write how long after a start something was, as in `0:07` or `1:02:30`."""
    return clock_text((at - start).total_seconds())


def clock_text(seconds: float) -> str:
    """Write seconds as a clock does that counts up."""
    whole = max(0, int(seconds))
    hours, minutes = whole // 3600, whole % 3600 // 60
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def _common(old: list[JourneyStep], new: list[JourneyStep]) -> int:
    """Give how many steps at the beginning are the same."""
    count = 0
    for one, other in zip(old, new, strict=False):
        if one is not other and one != other:
            break
        count += 1
    return count
