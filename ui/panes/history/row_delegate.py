"""Paints the rows of the history: days, exchanges in two lines, and the attempts of polls."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from gms_console.history.rows import HistoryRow
from gms_console.model.timeline import Attempt

from ...icons import icon
from ...models.history_model import ATTEMPT_ROLE, DAY_ROLE, ROW_ROLE
from ...models.history_words import (
    about,
    attempt_details,
    attempt_title,
    clock,
    details,
    duration,
    is_bad,
    is_poll,
    mark,
    short_title,
)
from ...theme import Colours, colours
from ..common import has_state

Index = QModelIndex | QPersistentModelIndex

_PAD = 4
_MARK = 16
"""Width of the sign before a row."""

INDENT = 16
"""How far the attempts stand in below their poll."""

_ICON = 12
_SMALL = 0.88


class HistoryDelegate(QStyledItemDelegate):
    """Two lines for a row: what and when; where, what came of it and how long it took.

    All rows are of one height, so that a view need not ask for each.
    """

    def __init__(self, view: QTreeView) -> None:
        super().__init__(view)
        self._view = view
        self._font: QFont | None = None

    def _use_font(self, font: QFont) -> None:
        if font == self._font:
            return
        self._font = QFont(font)
        self._small = QFont(font)
        self._small.setPointSizeF(max(7.0, font.pointSizeF() * _SMALL))
        self._bold = QFont(font)
        self._bold.setBold(True)
        self._line = QFontMetrics(font).height()
        self._small_line = QFontMetrics(self._small).height()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's
        """Give the height of every row; the width is the view's."""
        del index
        self._use_font(option.font)
        return QSize(80, self._line + self._small_line + 2 * _PAD + 1)

    def chevron(self, index: Index) -> QRect:
        """Give the place to click that unfolds a poll."""
        row = self._view.visualRect(index)
        return QRect(row.left(), row.top(), _PAD + _MARK + 4, row.height())

    # --- painting ------------------------------------------------------------------------

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        self._use_font(option.font)
        scheme = colours()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        attempt, row = index.data(ATTEMPT_ROLE), index.data(ROW_ROLE)
        if index.data(DAY_ROLE) is not None:
            self._paint_day(painter, option, str(index.data()), scheme)
        else:
            self._paint_ground(painter, option, scheme)
            inside = option.rect.adjusted(_PAD, _PAD, -_PAD - 2, -_PAD)
            if isinstance(attempt, Attempt):
                self._paint_attempt(painter, inside, attempt, scheme)
            elif isinstance(row, HistoryRow):
                self._paint_row(painter, inside, row, index, scheme)
            else:
                self._write(painter, inside, str(index.data()), scheme.muted, self._small)
        painter.restore()

    def _paint_day(
        self, painter: QPainter, option: QStyleOptionViewItem, text: str, scheme: Colours
    ) -> None:
        rect = option.rect.adjusted(_PAD, 0, -_PAD, -3)
        line = QRect(rect.left(), rect.bottom() - self._line, rect.width(), self._line)
        width = QFontMetrics(self._bold).horizontalAdvance(text)
        self._write(painter, line, text, scheme.text, self._bold)
        painter.setPen(QPen(QColor(scheme.border)))
        middle = line.center().y() + 1
        if line.left() + width + 8 < line.right():
            painter.drawLine(line.left() + width + 8, middle, line.right(), middle)

    @staticmethod
    def _paint_ground(painter: QPainter, option: QStyleOptionViewItem, scheme: Colours) -> None:
        selected = has_state(option, "Selected")
        if not selected and not has_state(option, "MouseOver"):
            return
        painter.setBrush(QColor(scheme.accent_soft if selected else scheme.raised))
        focused = selected and has_state(option, "HasFocus")
        painter.setPen(QPen(QColor(scheme.accent)) if focused else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(option.rect.adjusted(1, 1, -1, -1), 4, 4)

    def _paint_row(
        self, painter: QPainter, inside: QRect, row: HistoryRow, index: Index, scheme: Colours
    ) -> None:
        first, second = self._lines(inside)
        self._paint_mark(painter, inside, row, index, scheme)
        first.setLeft(first.left() + _MARK)
        second.setLeft(second.left() + _MARK)
        right = self._right(painter, first, clock(row.started), scheme)
        for shown, name in ((row.note, "note"), (row.starred, "star-filled")):
            if shown:
                right += self._paint_icon(painter, first, right, name, scheme)
        first.setRight(first.right() - right)
        title = short_title(row)
        wide = QFontMetrics(self._font or painter.font()).horizontalAdvance(title)
        self._write(painter, first, title, scheme.text, self._font or painter.font())
        beside = about(row)
        if beside and wide + 40 < first.width():
            place = first.adjusted(wide + 6, 0, 0, 0)
            self._write(painter, place, beside, scheme.muted, self._small)
        right = self._right(painter, second, duration(row), scheme)
        second.setRight(second.right() - right)
        ink = scheme.error if is_bad(row) else scheme.muted
        self._write(painter, second, details(row), ink, self._small)

    def _paint_mark(
        self, painter: QPainter, inside: QRect, row: HistoryRow, index: Index, scheme: Colours
    ) -> None:
        ink = scheme.error if is_bad(row) else scheme.good
        if is_poll(row) and row.outcome != "reached" and not is_bad(row):
            ink = scheme.accent if not row.outcome else scheme.muted
        place = QRect(inside.left(), inside.top(), _MARK - 2, self._line)
        painter.setFont(self._bold)
        painter.setPen(QColor(ink))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, mark(row))
        if is_poll(row):
            place.translate(0, self._line + 1)
            place.setHeight(self._small_line)
            open_ = self._view.isExpanded(index)
            painter.setPen(QColor(scheme.muted))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, "▾" if open_ else "▸")

    def _paint_attempt(
        self, painter: QPainter, inside: QRect, attempt: Attempt, scheme: Colours
    ) -> None:
        first, second = self._lines(inside)
        first.setRight(first.right() - self._right(painter, first, clock(attempt.started), scheme))
        ink = scheme.error if attempt.fault else scheme.text
        self._write(painter, first, attempt_title(attempt), ink, self._font or painter.font())
        self._write(painter, second, attempt_details(attempt), scheme.muted, self._small)

    def _lines(self, inside: QRect) -> tuple[QRect, QRect]:
        first = QRect(inside.left(), inside.top(), inside.width(), self._line)
        top = first.bottom() + 1
        return first, QRect(inside.left(), top, inside.width(), self._small_line)

    def _right(self, painter: QPainter, line: QRect, text: str, scheme: Colours) -> int:
        """Write a small text at the right end of a line; give the width that it takes."""
        width = QFontMetrics(self._small).horizontalAdvance(text) + 2
        place = QRect(line.right() + 1 - width, line.top(), width, line.height())
        self._write(painter, place, text, scheme.muted, self._small)
        return width + 6

    @staticmethod
    def _paint_icon(painter: QPainter, line: QRect, right: int, name: str, scheme: Colours) -> int:
        top = line.top() + (line.height() - _ICON) // 2
        ink = scheme.warning if name == "star-filled" else scheme.muted
        place = QRect(line.right() + 1 - right - _ICON, top, _ICON, _ICON)
        icon(name, ink).paint(painter, place)
        return _ICON + 3

    @staticmethod
    def _write(painter: QPainter, line: QRect, text: str, ink: str, font: QFont) -> None:
        painter.setFont(font)
        painter.setPen(QColor(ink))
        elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, line.width())
        side = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, side, elided)
