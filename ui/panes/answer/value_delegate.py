"""Paints the values of a JSON tree: what was left out of one stands muted at its end."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from ...models.json_tree_model import CUT_ROLE
from ...theme import colours

Index = QModelIndex | QPersistentModelIndex

_GAP = 8
_MARGIN = 7
_LEAST = 60
"""Pixels that a value keeps for itself, whatever was left out."""


class ValueDelegate(QStyledItemDelegate):
    """Gives way at the end of a value, so that what was left out can be read."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the value, and behind it what was left out."""
        super().paint(painter, option, index)
        cut = str(index.data(CUT_ROLE) or "")
        if not cut:
            return
        place = self._place(option, cut)
        painter.save()
        painter.setPen(QColor(colours().muted))
        elided = option.fontMetrics.elidedText(cut, Qt.TextElideMode.ElideRight, place.width())
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(place, align, elided)
        painter.restore()

    def initStyleOption(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Cut the value where the other text begins."""
        super().initStyleOption(option, index)
        cut = str(index.data(CUT_ROLE) or "")
        if cut and option.rect.width() > 0:
            room = self._place(option, cut).left() - option.rect.left() - _GAP - _MARGIN
            text, right = option.text, Qt.TextElideMode.ElideRight
            option.text = option.fontMetrics.elidedText(text, right, max(room, _LEAST))

    @staticmethod
    def _place(option: QStyleOptionViewItem, cut: str) -> QRect:
        """Give where the text of what was left out stands."""
        wanted = option.fontMetrics.horizontalAdvance(cut) + _MARGIN
        width = max(0, min(wanted, option.rect.width() - _LEAST - _GAP))
        rect = option.rect
        return QRect(rect.right() - width, rect.top(), width - _MARGIN + 1, rect.height())
