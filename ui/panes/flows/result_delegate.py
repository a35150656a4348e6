"""Paints the result of a row in the colour of its verdict, also where the row is selected."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from ...models.headed_table import Index

_MARGIN = 6


class ResultDelegate(QStyledItemDelegate):
    """A style sheet gives selected rows one colour of text; a verdict keeps its own."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the background as any row has it, and the text over it."""
        from PySide6.QtWidgets import QStyle  # noqa: PLC0415 - costly, and not before rows are seen

        styled = QStyleOptionViewItem(option)
        self.initStyleOption(styled, index)
        text, styled.text = styled.text, ""
        if styled.widget is not None:
            element = QStyle.ControlElement.CE_ItemViewItem
            styled.widget.style().drawControl(element, styled, painter, styled.widget)
        place = option.rect.adjusted(_MARGIN, 0, -_MARGIN, 0)
        painter.save()
        ink = index.data(Qt.ItemDataRole.ForegroundRole)
        if isinstance(ink, QColor):
            painter.setPen(ink)
        elided = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), elided)
        painter.restore()
