"""The lines of a chat and the chats of the window, as lists for views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from gms_console.chat.types import ChatEntry, EntryKind

from ..chat.words import body, day, name_of, spoken, state_text
from ..tips import plain_tip

if TYPE_CHECKING:
    from ..chat.room import ChatRoom

Index = QModelIndex | QPersistentModelIndex

ENTRY_ROLE = Qt.ItemDataRole.UserRole + 1
LINE_ROLE = Qt.ItemDataRole.UserRole + 2
ROOM_ROLE = Qt.ItemDataRole.UserRole + 3

_NO_PARENT = QModelIndex()
_BUBBLES = frozenset({EntryKind.MESSAGE, EntryKind.FILE})
_SECONDS = 120
"""Within so many seconds a second message of the same person needs no name."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line with what depends on the one before it; one and the same for as long as it stays so.

    `day` stands above the first line of a day, and a bubble is `named` unless it goes on with
    what the same person said just before.
    """

    entry: ChatEntry
    day: str
    named: bool


class TranscriptModel(QAbstractListModel):
    """The lines of one Conversation; only what changed is told to the view."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._lines: list[Line] = []

    @property
    def entries(self) -> Sequence[ChatEntry]:
        """The lines that are shown."""
        return [line.entry for line in self._lines]

    def show(self, entries: Sequence[ChatEntry]) -> None:
        """Show the lines of another chat."""
        self.beginResetModel()
        self._lines = []
        self._lines = self._made(entries, 0)
        self.endResetModel()

    def refresh(self, entries: Sequence[ChatEntry]) -> int:
        """Show the same chat as it is now; give how many lines came."""
        old = self._lines
        same, shared = 0, min(len(old), len(entries))
        while same < shared and old[same].entry is entries[same]:
            same += 1
        # A line may come before own messages that are on their way: those stay the same rows.
        after = 0
        while after < shared - same and old[-after - 1].entry.key == entries[-after - 1].key:
            after += 1
        grown = len(entries) - len(old)
        lines = [*old[:same], *self._made(entries, same)]
        if grown < 0:
            end = len(old) - after
            self.beginRemoveRows(_NO_PARENT, end + grown, end - 1)
            self._lines = lines
            self.endRemoveRows()
        elif grown > 0:
            end = len(entries) - after
            self.beginInsertRows(_NO_PARENT, end - grown, end - 1)
            self._lines = lines
            self.endInsertRows()
        else:
            self._lines = lines
        if same < shared:
            self.dataChanged.emit(self.index(same), self.index(len(lines) - 1))
        return max(grown, 0)

    def _made(self, entries: Sequence[ChatEntry], begin: int) -> list[Line]:
        """Make the lines from a place on; those before it are there."""
        made: list[Line] = []
        before = self._lines[begin - 1].entry if begin else None
        today = day(before.at) if before is not None else ""
        for entry in entries[begin:]:
            own_day = day(entry.at)
            named = before is None or own_day != today or not _goes_on(before, entry)
            made.append(Line(entry, own_day if own_day != today else "", named))
            before, today = entry, own_day
        return made

    def rowCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """Give the number of lines."""
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Give what a line shows, and what a screen reader says of it."""
        place = index.row()
        if not 0 <= place < len(self._lines):
            return None
        line = self._lines[place]
        if role == LINE_ROLE:
            return line
        if role == ENTRY_ROLE:
            return line.entry
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole}:
            return body(line.entry)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(line.entry)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let the text of a message be opened, to select a part of it."""
        flags = super().flags(index)
        entry = index.data(ENTRY_ROLE)
        message = isinstance(entry, ChatEntry) and entry.heard.kind is EntryKind.MESSAGE
        return flags | Qt.ItemFlag.ItemIsEditable if message else flags


def _goes_on(before: ChatEntry, entry: ChatEntry) -> bool:
    """Whether a bubble follows one of the same person closely."""
    near = abs((entry.at - before.at).total_seconds()) < _SECONDS
    same = before.own == entry.own and name_of(before) == name_of(entry)
    return near and before.heard.kind in _BUBBLES and (same or (before.own and entry.own))


class RoomModel(QAbstractListModel):
    """The chats of the window."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rooms: list[ChatRoom] = []

    def show(self, rooms: Sequence[ChatRoom]) -> None:
        """Show these chats."""
        if list(rooms) == self._rooms:
            self.refresh()
            return
        self.beginResetModel()
        self._rooms = list(rooms)
        self.endResetModel()

    def refresh(self) -> None:
        """Draw them anew."""
        if self._rooms:
            self.dataChanged.emit(self.index(0), self.index(len(self._rooms) - 1))

    def room(self, index: Index) -> ChatRoom | None:
        """Give the chat of a row."""
        inside = index.isValid() and index.row() < len(self._rooms)
        return self._rooms[index.row()] if inside else None

    def place_of(self, room: ChatRoom | None) -> QModelIndex:
        """Give the row of a chat."""
        known = room is not None and room in self._rooms
        return self.index(self._rooms.index(room)) if known and room else QModelIndex()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """Give the number of chats."""
        return 0 if parent.isValid() else len(self._rooms)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Give a chat's name, and what a screen reader says of it."""
        room = self.room(index)
        if room is None:
            return None
        if role == ROOM_ROLE:
            return room
        if role == Qt.ItemDataRole.DisplayRole:
            return room.chat.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(f"{room.chat.title}\n{about(room)}")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            new = f", {room.unread} new" if room.unread else ""
            return f"{room.chat.title}, {about(room)}{new}"
        return None


def about(room: ChatRoom) -> str:
    """Say in a few words which chat it is, and how it stands."""
    chat = room.chat
    said = f"{state_text(chat)} · {chat.api.value} {chat.protocol.service or 'instance'}"
    return f"{said} · {room.elsewhere}" if room.elsewhere else said
