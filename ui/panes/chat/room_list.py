"""The chats of the window: two lines for each, and how many lines are new."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from gms_console.chat.conversation import ChatState

from ...chat.desk import ChatDesk
from ...chat.room import ChatRoom
from ...models.chat_model import ROOM_ROLE, RoomModel, about
from ...theme import colours
from ..common import Hint, has_state, named

_PAD = 8
_MARKS = {ChatState.OPEN: "●", ChatState.LOST: "▲", ChatState.OPENING: "○", ChatState.ENDED: "■"}


class RoomList(QListView):
    """Chooses a chat by mouse or by Up and Down."""

    chosen = Signal()

    def __init__(self, desk: ChatDesk) -> None:
        super().__init__()
        named(self, "chatList", "Chats")
        self._desk = desk
        self.rooms = RoomModel(self)
        self.setModel(self.rooms)
        self.setItemDelegate(_RoomDelegate(self))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.hint = Hint(self, "No chats yet. Open one with New chat (Ctrl+N).")
        self.selectionModel().currentChanged.connect(self._on_current)

    def show_rooms(self) -> None:
        """Show the chats of the desk, and the one that is selected."""
        selection = self.selectionModel()
        selection.blockSignals(True)
        self.rooms.show(self._desk.rooms)
        self.setCurrentIndex(self.rooms.place_of(self._desk.selected))
        selection.blockSignals(False)
        self.viewport().update()
        self.hint.refresh()

    def _on_current(self, current: QModelIndex) -> None:
        room = self.rooms.room(current)
        if room is not None and room is not self._desk.selected:
            self._desk.select(room)


class _RoomDelegate(QStyledItemDelegate):
    """Paints a chat: its name and what is new, its state and its API."""

    def sizeHint(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Give room for two lines."""
        del index
        return QSize(120, 2 * QFontMetrics(option.font).height() + 2 * _PAD)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one chat."""
        room, scheme = index.data(ROOM_ROLE), colours()
        if not isinstance(room, ChatRoom):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = has_state(option, "Selected")
        if selected or has_state(option, "MouseOver"):
            focused = selected and has_state(option, "HasFocus")
            painter.setPen(QPen(QColor(scheme.accent)) if focused else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(scheme.accent_soft if selected else scheme.raised))
            painter.drawRoundedRect(option.rect.adjusted(1, 1, -1, -1), 5, 5)
        inside = option.rect.adjusted(_PAD + 2, _PAD - 1, -_PAD - 2, -_PAD + 1)
        line = QFontMetrics(option.font).height()
        first = QRect(inside.left(), inside.top(), inside.width(), line)
        second = first.translated(0, line + 2)
        bold = QFont(option.font)
        bold.setBold(True)
        if room.unread:
            badge = self._paint_unread(painter, first, room.unread, bold)
            first.setRight(first.right() - badge)
        tones = {ChatState.OPEN: scheme.good, ChatState.LOST: scheme.error}
        mark = _MARKS[room.chat.state]
        _text(painter, first, mark, option.font, tones.get(room.chat.state, scheme.muted))
        first.setLeft(first.left() + QFontMetrics(option.font).horizontalAdvance("● ") + 4)
        second.setLeft(first.left())
        _text(painter, first, room.chat.title, bold, scheme.text)
        _text(painter, second, about(room), option.font, scheme.muted)
        painter.restore()

    @staticmethod
    def _paint_unread(painter: QPainter, line: QRect, count: int, font: QFont) -> int:
        scheme, text = colours(), f"{count:,}"
        width = QFontMetrics(font).horizontalAdvance(text) + 14
        place = QRect(line.right() - width, line.top(), width, line.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(scheme.accent))
        painter.drawRoundedRect(place, place.height() / 2, place.height() / 2)
        painter.setFont(font)
        painter.setPen(QColor(scheme.accent_text))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
        return width + 6


def _text(painter: QPainter, line: QRect, text: str, font: QFont, ink: str) -> None:
    painter.setFont(font)
    painter.setPen(QColor(ink))
    elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, line.width())
    painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, elided)
