"""The last values of a statistic as a line."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from ...theme import colours
from ..common import named

_MARGIN = 8


class Sparkline(QWidget):
    """Paints numbers from the left to the right; lowest and highest stand beside the line."""

    def __init__(self) -> None:
        super().__init__()
        named(self, "statisticHistory", "Last values of the statistic")
        self.numbers: tuple[float, ...] = ()

    def show_numbers(self, numbers: tuple[float, ...]) -> None:
        """Show other numbers."""
        self.numbers = numbers
        self.setAccessibleDescription(", ".join(f"{one:g}" for one in numbers[-20:]))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for little."""
        return QSize(320, 90)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for less."""
        return QSize(160, 60)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the line."""
        del event
        if len(self.numbers) < 2:
            return
        scheme, painter = colours(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        low, high = min(self.numbers), max(self.numbers)
        metrics = self.fontMetrics()
        room = max(metrics.horizontalAdvance(f"{one:g}") for one in (low, high)) + 8
        width, height = self.width() - room - 2 * _MARGIN, self.height() - 2 * _MARGIN
        points = QPolygonF()
        for place, number in enumerate(self.numbers):
            x = _MARGIN + width * place / (len(self.numbers) - 1)
            share = (number - low) / (high - low) if high > low else 0.5
            points.append(QPointF(x, _MARGIN + height * (1 - share)))
        painter.setPen(QPen(QColor(scheme.accent), 2))
        painter.drawPolyline(points)
        painter.setBrush(QColor(scheme.accent))
        painter.drawEllipse(points.at(points.size() - 1), 3, 3)
        painter.setPen(QColor(scheme.muted))
        left = self.width() - room
        painter.drawText(left, _MARGIN + metrics.ascent() - 2, f"{high:g}")
        if high > low:
            painter.drawText(left, self.height() - _MARGIN + 2, f"{low:g}")
        painter.end()
