"""The live instances as a list, newest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

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
from gms_console.model.environment import Environment
from gms_console.model.exchange import OperationKind
from gms_console.poll import Poll
from gms_console.session import Session

from ..bridge import SessionBridge
from ..tips import plain_tip
from .instance_card import Card, make_card, node_of, node_of_cookie, seconds_left, state_words

if TYPE_CHECKING:
    from gms_console.catalogue import ServiceKind

Index = QModelIndex | QPersistentModelIndex
INSTANCE_ROLE = Qt.ItemDataRole.UserRole + 1
CARD_ROLE = Qt.ItemDataRole.UserRole + 2

REFRESH_MS = 100
"""Changes of a hundred polls are told to the view together, this often."""


def _no_kind(service: str) -> ServiceKind | None:
    """Know no service, as before the catalogue is there."""
    del service
    return None


def _no_requests(instance: Instance) -> Sequence[str]:
    del instance
    return ()


class InstanceModel(QAbstractListModel):
    """The Session's instances. Roles: the Instance, and its Card as it is at that moment.

    `kind_of` gives what the catalogue knows of a service, `sending` the names of an instance's
    requests under way; `here` is where the window sends to.
    """

    def __init__(
        self, session: Session, bridge: SessionBridge, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.kind_of: Callable[[str], ServiceKind | None] = _no_kind
        self.sending: Callable[[Instance], Sequence[str]] = _no_requests
        self.here: Environment | None = None
        self._session = session
        self._instances: list[Instance] = []
        self._changed: set[Instance] = set()
        self._reopened: set[Instance] = set()
        self._watched: dict[Instance, Access | None] = {}
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(REFRESH_MS)
        self._refresh.timeout.connect(self._tell_changes)
        bridge.instance_added.connect(self._on_added)
        bridge.instance_changed.connect(self._on_changed)
        bridge.instance_removed.connect(self._on_removed)
        bridge.poll_changed.connect(lambda poll: self.note(poll.instance))

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
        if not 0 <= index.row() < len(self._instances):
            return None
        instance = self._instances[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return instance.service or "(reopened by id)"
            case _ if role == INSTANCE_ROLE:
                return instance
            case _ if role == CARD_ROLE:
                return self.card(instance)
            case Qt.ItemDataRole.ToolTipRole:
                return self._tip(instance)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(instance)
        return None

    # --- words ---------------------------------------------------------------------------

    def card(self, instance: Instance) -> Card:
        """Give what the card of an instance says now."""
        return make_card(
            instance,
            self.kind_of(instance.service) if instance.service else None,
            self._poll(instance),
            datetime.now(UTC),
            sending=self.sending(instance),
            reopened=instance in self._reopened,
            here=self.here,
        )

    def state_text(self, instance: Instance) -> str:
        """Say the state of an instance in a few words."""
        poll = self._poll(instance)
        polling = poll is not None and poll.running
        state = state_words(
            instance,
            seconds_left(instance, datetime.now(UTC)),
            asking=polling,
            reopened=instance in self._reopened,
        )
        return f"{state} · polling" if polling else state

    def _poll(self, instance: Instance) -> Poll | None:
        polls = self._session.polls.get(instance)
        return polls[-1] if polls else None

    def _tip(self, instance: Instance) -> str:
        since = instance.since.astimezone().strftime("%H:%M:%S")
        lines = [instance.service, instance.id, _place_line(instance), f"since {since}"]
        lines.append(_node_words(instance))
        poll = self._poll(instance)
        if poll is not None and poll.outcome is not None and poll.reason:
            lines.append(f"poll {poll.outcome.value}: {poll.reason}")
        return plain_tip("\n".join(line for line in lines if line))

    def _spoken(self, instance: Instance) -> str:
        """Say for a screen reader what the card shows, without what changes every second."""
        card = self.card(instance)
        parts = [card.title, self.state_text(instance)]
        poll = self._poll(instance)
        if poll is not None and poll.outcome is not None:
            parts.append(card.note)
        parts.append(_node_words(instance))
        if card.elsewhere:
            parts.append(f"in {card.elsewhere}")
        parts.append(f"id {instance.id}")
        if instance.access is not None and instance.access.number is not None:
            parts.append(f"access number {instance.access.number}")
        if instance.access is not None and instance.access.code is not None:
            parts.append(f"code {instance.access.code}")
        return ", ".join(part for part in parts if part)

    # --- changes -------------------------------------------------------------------------

    def note(self, instance: Instance) -> None:
        """Tell the view soon, together with other changes, that a card says something else."""
        self._changed.add(instance)
        if not self._refresh.isActive():
            self._refresh.start()

    def note_all(self) -> None:
        """Tell the view that all cards may say something else, as with another catalogue."""
        for instance in self._instances:
            self.note(instance)

    def show_here(self, here: Environment | None) -> None:
        """Mark the instances that live elsewhere from now on."""
        if here is not self.here:
            self.here = here
            self.note_all()

    def _on_added(self, instance: Instance) -> None:
        self.beginInsertRows(QModelIndex(), 0, 0)
        self._instances.insert(0, instance)
        self._reopened.add(instance)
        self.endInsertRows()

    def _on_changed(self, instance: Instance) -> None:
        exchange = instance.last_exchange
        if exchange is not None and exchange.operation.kind is OperationKind.CREATE:
            self._reopened.discard(instance)
        left = seconds_left(instance, datetime.now(UTC))
        # A booking of a month and more would overflow a timer; nobody waits for its end.
        if left and left < 86400 and self._watched.get(instance) is not instance.access:
            self._watched[instance] = instance.access
            QTimer.singleShot(int(left * 1000) + 50, self, lambda: self.note(instance))
        self.note(instance)

    def _on_removed(self, instance: Instance) -> None:
        row = self.row_of(instance)
        if row >= 0:
            self.beginRemoveRows(QModelIndex(), row, row)
            self._instances.remove(instance)
            self._watched.pop(instance, None)
            self._reopened.discard(instance)
            self.endRemoveRows()

    def _tell_changes(self) -> None:
        changed, self._changed = self._changed, set()
        rows = [row for row, one in enumerate(self._instances) if one in changed]
        if rows:
            self.dataChanged.emit(self.index(rows[0]), self.index(rows[-1]))


def _node_words(instance: Instance) -> str:
    """Say on which node an instance is, and whether its cookie leads to another one."""
    node, strays = node_of(instance), node_of_cookie(instance)
    words = f"on {node}" if node else ""
    return f"{words}, but its cookie points to {strays} (Ctrl+Shift+K)" if strays else words


def _place_line(instance: Instance) -> str:
    home = instance.environment
    return f"{home.title}: {home.base_url}" if home.name else home.base_url
