"""Paints the lines of a chat: bubbles, notices in the middle, days."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import (
    QAbstractItemView,
    QPlainTextEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gms_console.chat.types import ChatEntry, Delivery, EntryKind, Party

from ...chat.words import body, name_of, notice, under
from ...icons import icon
from ...models.chat_model import ENTRY_ROLE, LINE_ROLE, Line
from ...theme import Colours, colours
from ..common import has_state, named

Index = QModelIndex | QPersistentModelIndex

_EDGE, _PAD, _GAP = 12, 9, 3
_SHARE, _WIDEST = 0.72, 620
"""A bubble takes this share of the width at most, and so many pixels."""

_BESIDE = 17
"""Pixels kept free for a scroll bar: lines must not wrap anew when it comes or goes."""

_ICON = 16
_SMALL = 0.86
_KEPT = 6000
"""Layouts that are remembered; a view asks for all heights whenever a line comes."""

_LONGEST = 20_000
"""Characters that are drawn of a message; all of it is copied."""


@dataclass(frozen=True, slots=True)
class _Laid:
    """Where the parts of a line are, from the top left of its row."""

    height: int
    day: QRect
    name: QRect
    bubble: QRect
    text: QRect
    foot: QRect


class BubbleDelegate(QStyledItemDelegate):
    """Lays a line out once for each width and font; its text can be opened to select from it."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view
        self._font: QFont | None = None
        self._width = 0
        self._known: dict[Line, _Laid] = {}

    def _use_font(self, font: QFont) -> None:
        if font == self._font:
            return
        self._font = QFont(font)
        self._small = QFont(font)
        self._small.setPointSizeF(max(7.0, font.pointSizeF() * _SMALL))
        self._bold = QFont(self._small)
        self._bold.setBold(True)
        self._small_line = QFontMetrics(self._small).height()
        self._known.clear()

    # --- where things are ----------------------------------------------------------------------

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's
        """Give the height of a line at the width of the view."""
        self._use_font(option.font)
        return QSize(80, self._laid(index).height)

    def _laid(self, index: Index) -> _Laid:
        line: Line = index.data(LINE_ROLE)
        width = self._view.width() - _BESIDE
        if width != self._width or len(self._known) > _KEPT:
            self._width = width
            self._known.clear()
        found = self._known.get(line)
        if found is None:
            found = self._known[line] = self._lay(line, width)
        return found

    def _lay(self, line: Line, width: int) -> _Laid:
        entry, top = line.entry, _GAP
        day = QRect(_EDGE, top + 6, width - 2 * _EDGE, self._small_line if line.day else 0)
        if line.day:
            top = day.bottom() + 10
        if entry.heard.kind not in _BUBBLES:
            return self._lay_notice(entry, width, top, day)
        name = QRect(_EDGE, top, width - 2 * _EDGE, self._small_line if line.named else 0)
        if line.named:
            name.translate(0, 5)
            top = name.bottom() + 3
        widest = max(80, min(_WIDEST, round(width * _SHARE)) - 2 * _PAD)
        lead = _ICON + 6 if entry.heard.kind is EntryKind.FILE else 0
        text_size = _wrapped(body(entry), self._font or QFont(), widest - lead)
        foot_size = _wrapped(under(entry), self._small, widest)
        inner = max(text_size.width() + lead, foot_size.width())
        height = text_size.height() + 2 + foot_size.height() + 2 * _PAD - 2
        left = width - _EDGE - inner - 2 * _PAD if entry.own else _EDGE
        bubble = QRect(left, top, inner + 2 * _PAD, height)
        text = QRect(left + _PAD + lead, top + _PAD - 1, inner - lead, text_size.height())
        foot = QRect(left + _PAD, text.bottom() + 3, inner, foot_size.height())
        return _Laid(bubble.bottom() + 1 + _GAP, day, name, bubble, text, foot)

    def _lay_notice(self, entry: ChatEntry, width: int, top: int, day: QRect) -> _Laid:
        widest = max(80, width - 4 * _EDGE)
        size = _wrapped(_notice_text(entry), self._small, widest)
        box = QRect((width - size.width()) // 2 - 9, top + 4, size.width() + 18, size.height() + 6)
        text = box.adjusted(9, 3, -9, -3)
        return _Laid(box.bottom() + 5 + _GAP, day, QRect(), box, text, QRect())

    def bubble(self, index: Index) -> QRect:
        """Give the bubble of a line in the view."""
        row = self._view.visualRect(index)
        return self._laid(index).bubble.translated(row.topLeft())

    # --- painting ------------------------------------------------------------------------------

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one line."""
        self._use_font(option.font)
        entry: ChatEntry = index.data(ENTRY_ROLE)
        laid, scheme = self._laid(index), colours()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(option.rect.topLeft())
        if laid.day.height():
            self._paint_day(painter, laid.day, index.data(LINE_ROLE).day, scheme)
        if laid.name.height():
            side = Qt.AlignmentFlag.AlignRight if entry.own else Qt.AlignmentFlag.AlignLeft
            _write(painter, laid.name, _name_line(entry), self._bold, scheme.muted, side)
        self._paint_ground(painter, laid.bubble, entry, option, scheme)
        if entry.heard.kind in _BUBBLES:
            self._paint_bubble(painter, laid, entry, scheme)
        else:
            ink = scheme.warning if entry.heard.kind in _WARNINGS else scheme.muted
            middle = Qt.AlignmentFlag.AlignHCenter
            _write(painter, laid.text, _notice_text(entry), self._small, ink, middle)
        painter.restore()

    def _paint_day(self, painter: QPainter, place: QRect, text: str, scheme: Colours) -> None:
        middle = place.center().y()
        half = QFontMetrics(self._bold).horizontalAdvance(text) // 2 + 12
        painter.setPen(QPen(QColor(scheme.border)))
        painter.drawLine(place.left(), middle, place.center().x() - half, middle)
        painter.drawLine(place.center().x() + half, middle, place.right(), middle)
        _write(painter, place, text, self._bold, scheme.muted, Qt.AlignmentFlag.AlignHCenter)

    @staticmethod
    def _paint_ground(
        painter: QPainter,
        box: QRect,
        entry: ChatEntry,
        option: QStyleOptionViewItem,
        scheme: Colours,
    ) -> None:
        ground = scheme.window
        if entry.delivery is Delivery.FAILED:
            ground = scheme.error_soft
        elif entry.heard.kind in _WARNINGS:
            ground = scheme.warning_soft
        elif entry.heard.kind in _BUBBLES:
            ground = scheme.accent_soft if entry.own else scheme.raised
        pen: QPen | Qt.PenStyle = Qt.PenStyle.NoPen
        if has_state(option, "Selected"):
            pen = QPen(QColor(scheme.accent), 2 if has_state(option, "HasFocus") else 1)
        painter.setPen(pen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(box, 10, 10)

    def _paint_bubble(
        self, painter: QPainter, laid: _Laid, entry: ChatEntry, scheme: Colours
    ) -> None:
        waits = entry.delivery is Delivery.SENDING
        ink = scheme.muted if waits else scheme.text
        if entry.heard.kind is EntryKind.FILE:
            icon("attach", ink).paint(
                painter, QRect(laid.text.left() - 22, laid.text.top(), 16, 16)
            )
        left = Qt.AlignmentFlag.AlignLeft
        _write(painter, laid.text, body(entry), self._font or painter.font(), ink, left)
        failed = entry.delivery is Delivery.FAILED
        side = Qt.AlignmentFlag.AlignRight if entry.own and not failed else left
        foot_ink = scheme.error if failed else scheme.muted
        _write(painter, laid.foot, under(entry), self._small, foot_ink, side)

    # --- the text of a message, to select from ---------------------------------------------------

    def createEditor(  # noqa: N802 - Qt's name
        self, parent: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> QWidget:
        """Open the text of a message; it cannot be changed."""
        del option
        edit = named(QPlainTextEdit(parent), "chatMessageText", "Text of the message")
        edit.setReadOnly(True)
        edit.setFont(self._font or parent.font())
        edit.setPlainText(str(index.data()))
        edit.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByKeyboard
            | Qt.TextInteractionFlag.TextSelectableByMouse
        )
        edit.selectAll()
        return edit

    def setEditorData(self, editor: QWidget, index: Index) -> None:  # noqa: N802 - Qt's name
        """Leave the text as it was opened."""

    def setModelData(  # noqa: N802 - Qt's name
        self, editor: QWidget, model: QAbstractItemModel, index: Index
    ) -> None:
        """Change nothing: what was said was said."""

    def updateEditorGeometry(  # noqa: N802 - Qt's name
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Lay the text over its bubble."""
        del option
        box = self.bubble(index)
        wide = max(box.width() + 24, 220)
        left = box.left() if not index.data(ENTRY_ROLE).own else box.right() + 1 - wide
        editor.setGeometry(left - 1, box.top() - 1, wide + 2, max(box.height(), 60) + 2)


_BUBBLES = frozenset({EntryKind.MESSAGE, EntryKind.FILE})
_WARNINGS = frozenset({EntryKind.IDLE_ALERT, EntryKind.IDLE_CLOSE, EntryKind.GAP})


def _notice_text(entry: ChatEntry) -> str:
    return f"{notice(entry)}  ·  {under(entry)}"


def _name_line(entry: ChatEntry) -> str:
    """Name who says it; a role only where it is not the plain one."""
    name, party = name_of(entry), entry.heard.party
    role = {Party.OWN: "you", Party.NOBODY: ""}.get(party, party.value)
    if not role or role.lower() == name.lower():
        return name
    return f"{name} ({role})"


def _option(side: Qt.AlignmentFlag) -> QTextOption:
    option = QTextOption(side)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option


def _drawn(text: str) -> str:
    """Give what is drawn of a text; that there is more of it is said."""
    rest = len(text) - _LONGEST
    shown = text if rest <= 0 else f"{text[:_LONGEST]} …\n({rest:,} more characters; copy the line)"
    return shown.replace("\r\n", "\n").replace("\n", "\u2028")


def _wrapped(text: str, font: QFont, width: int) -> QSize:
    """Give the room that a text takes when it is wrapped."""
    layout = QTextLayout(_drawn(text), font)
    layout.setTextOption(_option(Qt.AlignmentFlag.AlignLeft))
    wide = high = 0.0
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        wide, high = max(wide, line.naturalTextWidth()), high + line.height()
    layout.endLayout()
    return QSize(min(width, int(wide) + 2), int(high) + 1)


def _write(
    painter: QPainter, place: QRect, text: str, font: QFont, ink: str, side: Qt.AlignmentFlag
) -> None:
    painter.setFont(font)
    painter.setPen(QColor(ink))
    painter.drawText(place.toRectF(), _drawn(text), _option(side))
