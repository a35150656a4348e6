"""Line numbers beside a text, and where its objects and arrays can be folded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from ...theme import colours

if TYPE_CHECKING:
    from .text_view import TextView

_MARK = 14
"""Pixels for the mark of a fold."""

_BEFORE = 8


class LineGutter(QWidget):
    """Paints the numbers of the lines in sight; a click on a mark folds or unfolds."""

    def __init__(self, view: TextView) -> None:
        super().__init__(view)
        self._view = view
        self.setObjectName("lineGutter")
        self.setCursor(Qt.CursorShape.ArrowCursor)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for room for the highest number."""
        digits = max(2, len(str(self._view.highest_number)))
        width = self.fontMetrics().horizontalAdvance("9" * digits)
        return QSize(_BEFORE + width + _MARK, 0)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint what is in sight."""
        painter = QPainter(self)
        scheme = colours()
        painter.fillRect(event.rect(), QColor(scheme.window))
        painter.setPen(QColor(scheme.muted))
        height = self.fontMetrics().height()
        for block, top, bottom in self._view.lines_in_sight():
            if bottom < event.rect().top() or top > event.rect().bottom():
                continue
            number = self._view.number_of(block.blockNumber())
            if number:
                place = QRect(0, round(top), self.width() - _MARK, height)
                painter.drawText(place, int(Qt.AlignmentFlag.AlignRight), str(number))
            if self._view.folds.can_fold(block):
                self._paint_mark(painter, top + height / 2, self._view.folds.is_folded(block))
        painter.end()

    def _paint_mark(self, painter: QPainter, middle: float, folded: bool) -> None:
        x = self.width() - _MARK / 2
        points = (
            [QPointF(x - 2, middle - 4), QPointF(x + 2, middle), QPointF(x - 2, middle + 4)]
            if folded
            else [QPointF(x - 4, middle - 2), QPointF(x, middle + 2), QPointF(x + 4, middle - 2)]
        )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPolyline(QPolygonF(points))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Fold or unfold what begins in the line that is clicked."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        at = event.position().y()
        for block, top, bottom in self._view.lines_in_sight():
            if top <= at < bottom:
                self._view.toggle_fold(block)
                return

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Scroll the text."""
        QApplication.sendEvent(self._view.verticalScrollBar(), event)
