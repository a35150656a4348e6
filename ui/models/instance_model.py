"""The live instances as a list, newest first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
)

from gms_console.instance import Instance
from gms_console.model.answer import Access
from gms_console.session import Session

from ..bridge import SessionBridge

Index = QModelIndex | QPersistentModelIndex
INSTANCE_ROLE = Qt.ItemDataRole.UserRole + 1
STATE_ROLE = Qt.ItemDataRole.UserRole + 2
DETAIL_ROLE = Qt.ItemDataRole.UserRole + 3

REFRESH_MS = 100
"""Changes of a hundred polls are told to the view together, this often."""


class InstanceModel(QAbstractListModel):
    """The Session's instances. Roles: the Instance, its state in words, and its id line."""

    def __init__(
        self, session: Session, bridge: SessionBridge, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._instances: list[Instance] = []
        self._changed: set[Instance] = set()
        self._watched: dict[Instance, Access | None] = {}
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(REFRESH_MS)
        self._refresh.timeout.connect(self._tell_changes)
        bridge.instance_added.connect(self._on_added)
        bridge.instance_changed.connect(self._on_changed)
        bridge.instance_removed.connect(self._on_removed)
        bridge.poll_changed.connect(lambda poll: self._on_changed(poll.instance))

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Give the number of instances."""
        return 0 if parent is not None and parent.isValid() else len(self._instances)

    def instance(self, row: int) -> Instance:
        """Give the instance of a row."""
        return self._instances[row]

    def row_of(self, instance: Instance) -> int:
        """Give the row of an instance, or -1."""
        return self._instances.index(instance) if instance in self._instances else -1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Give what a row shows."""
        instance = self._instances[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return instance.service or "(reopened by id)"
            case _ if role == INSTANCE_ROLE:
                return instance
            case _ if role == STATE_ROLE:
                return self.state_text(instance)
            case _ if role == DETAIL_ROLE:
                return instance.id
            case Qt.ItemDataRole.ToolTipRole:
                since = instance.since.astimezone().strftime("%H:%M:%S")
                return f"{instance.id}\n{instance.environment.base_url}\nhere since {since}"
            case Qt.ItemDataRole.AccessibleTextRole:
                name = instance.service or "instance"
                return f"{name}, {self.state_text(instance)}, id {instance.id}"
        return None

    def state_text(self, instance: Instance) -> str:
        """Say the state of an instance in a few words."""
        polls = self._session.polls.get(instance, [])
        if polls and polls[-1].running:
            return f"{instance.state or 'asking'} · polling"
        if instance.state is not None:
            return instance.state
        if instance.access is not None and instance.access.number is not None:
            if _left(instance) == 0:
                return "booking ended"
            return f"call {instance.access.number}"
        return "created" if instance.service else "reopened"

    def _on_added(self, instance: Instance) -> None:
        self.beginInsertRows(QModelIndex(), 0, 0)
        self._instances.insert(0, instance)
        self.endInsertRows()

    def _on_changed(self, instance: Instance) -> None:
        left = _left(instance)
        if left and self._watched.get(instance) is not instance.access:
            self._watched[instance] = instance.access
            QTimer.singleShot(int(left * 1000) + 50, self, lambda: self._note(instance))
        self._note(instance)

    def _note(self, instance: Instance) -> None:
        self._changed.add(instance)
        if not self._refresh.isActive():
            self._refresh.start()

    def _on_removed(self, instance: Instance) -> None:
        row = self.row_of(instance)
        if row >= 0:
            self.beginRemoveRows(QModelIndex(), row, row)
            self._instances.remove(instance)
            self._watched.pop(instance, None)
            self.endRemoveRows()

    def _tell_changes(self) -> None:
        changed, self._changed = self._changed, set()
        rows = [row for row, one in enumerate(self._instances) if one in changed]
        if rows:
            self.dataChanged.emit(self.index(rows[0]), self.index(rows[-1]))


def _left(instance: Instance) -> float | None:
    """Give the seconds that the booking still holds, 0 when it has ended; None without one."""
    expires = instance.access.expires if instance.access is not None else None
    return None if expires is None else max(0.0, (expires - datetime.now(UTC)).total_seconds())
