"""Paints the entries of the service picker: headings, services with mark and star, offers."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from ..icons import family_icon, icon
from ..models.marks import MARKS, mark_role
from ..models.service_model import (
    ACTION_ROLE,
    DEPTH_ROLE,
    DETAIL_ROLE,
    FAVOURITE_ROLE,
    FREE_ROLE,
    ICON_ROLE,
    NAME_ROLE,
    PROVENANCE_ROLE,
    Action,
)
from ..theme import colours
from .common import has_state

Index = QModelIndex | QPersistentModelIndex

_TEXT = 19
"""Where texts begin; the mark or the icon stands before them."""
_STEP = 14
_ICON = 15
_STAR = 15


class ServiceDelegate(QStyledItemDelegate):
    """One line for a service, two where a title stands above the name."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        """Give the height; the width is the view's."""
        height = option.fontMetrics.height()
        if index.data(DEPTH_ROLE) == 0:
            return QSize(60, height + (10 if index.row() else 6))
        return QSize(60, (2 * height + 4) if index.data(DETAIL_ROLE) else height + 4)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one entry."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.data(DEPTH_ROLE) == 0:
            self._paint_heading(painter, option, index)
        else:
            self._paint_ground(painter, option)
            self._paint_entry(painter, option, index)
        painter.restore()

    def _paint_heading(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect = option.rect.adjusted(2, 2, -2, -2)
        if has_state(option, "HasFocus"):
            painter.setPen(QPen(QColor(colours().accent)))
            painter.drawRoundedRect(rect, 4, 4)
        line = QRect(rect)
        line.setTop(rect.bottom() - option.fontMetrics.height())
        place = QRect(rect.left(), line.center().y() - _ICON // 2, _ICON, _ICON)
        icon(family_icon(str(index.data(ICON_ROLE)))).paint(painter, place)
        line.setLeft(rect.left() + _TEXT)
        _write(painter, line, str(index.data()), colours().text, _bold(option.font))
        view = option.widget
        if isinstance(view, QTreeView) and not view.isExpanded(index):
            line.setRight(rect.right() - 6)
            count = f"{index.model().rowCount(index)} …"
            _write(painter, line, count, colours().muted, option.font, right=True)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        scheme = colours()
        if not has_state(option, "Selected"):
            if has_state(option, "MouseOver"):
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(scheme.raised))
                painter.drawRoundedRect(option.rect.adjusted(1, 0, -1, 0), 4, 4)
            return
        focused = has_state(option, "HasFocus")
        painter.setBrush(QColor(scheme.accent_soft))
        painter.setPen(QPen(QColor(scheme.accent)) if focused else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(option.rect.adjusted(1, 1, -1, -1), 4, 4)

    def _paint_entry(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        scheme = colours()
        left = option.rect.left() + 2 + _STEP * (int(index.data(DEPTH_ROLE) or 1) - 1)
        height = option.fontMetrics.height()
        line = QRect(left, option.rect.top() + 2, option.rect.right() - left - 3, height)
        self._paint_sign(painter, option, index, QRect(left, line.top(), _ICON, height))
        shown = self._paint_star(painter, option, index)
        line.setLeft(left + _TEXT)
        whole = QRect(line)
        line.setRight(line.right() - (_STAR if shown else 0))
        offer = index.data(ACTION_ROLE) or index.data(FREE_ROLE)
        ink = scheme.accent if offer else scheme.text
        if index.data(ACTION_ROLE) == Action.PROBLEMS:
            ink = scheme.warning
        _write(painter, line, str(index.data()), ink, option.font)
        detail = str(index.data(DETAIL_ROLE) or "")
        if detail:
            whole.translate(0, height)
            _write(painter, whole, detail, scheme.muted, _small(option.font))

    def _paint_sign(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, place: QRect
    ) -> None:
        scheme = colours()
        provenance = str(index.data(PROVENANCE_ROLE) or "")
        if provenance in MARKS:
            ink = getattr(scheme, mark_role(provenance))
            painter.setFont(_small(option.font))
            painter.setPen(QColor(ink))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, MARKS[provenance])
        elif index.data(ICON_ROLE):
            problem = index.data(ACTION_ROLE) == Action.PROBLEMS
            ink = scheme.warning if problem else scheme.accent
            place.setTop(place.center().y() - 7)
            place.setHeight(_ICON)
            icon(str(index.data(ICON_ROLE)), ink).paint(painter, place)

    def _paint_star(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> bool:
        """Paint the star of a favourite, or the one to click; whether there is one."""
        if index.data(NAME_ROLE) is None:
            return False
        favourite = bool(index.data(FAVOURITE_ROLE))
        if not favourite and not has_state(option, "Selected", "MouseOver"):
            return False
        scheme = colours()
        ink = scheme.warning if favourite else scheme.muted
        name = "star-filled" if favourite else "star"
        icon(name, ink).paint(painter, star_place(option.rect, option.fontMetrics.height()))
        return True


def star_place(rect: QRect, height: int) -> QRect:
    """Give the place of the star in an entry, which a click on it has to meet."""
    return QRect(rect.right() - _STAR - 1, rect.top() + 2 + (height - _STAR) // 2, _STAR, _STAR)


def _bold(font: QFont) -> QFont:
    made = QFont(font)
    made.setBold(True)
    return made


def _small(font: QFont) -> QFont:
    made = QFont(font)
    made.setPointSizeF(max(7.0, font.pointSizeF() * 0.9))
    return made


def _write(
    painter: QPainter, line: QRect, text: str, ink: str, font: QFont, *, right: bool = False
) -> None:
    painter.setFont(font)
    painter.setPen(QColor(ink))
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, line.width())
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    painter.drawText(line, side | Qt.AlignmentFlag.AlignVCenter, shown)
