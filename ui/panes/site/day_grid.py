"""Days as lines of 24 hours, with what stands in each: open periods, or how much an hour takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ...theme import colours
from ..common import named

_MINUTES = 24 * 60
_LEAST_WEIGHT = 0.22
_LEAST_HEIGHT, _MOST_HEIGHT = 20, 40


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a day: minutes since midnight, a text, and how strong it is painted (0 to 1)."""

    day: date
    start: int
    end: int
    text: str
    weight: float = 1.0


class DayGrid(QWidget):
    """Paints blocks day by day; what it shows is also told in words, as its description."""

    def __init__(self, object_name: str, spoken: str) -> None:
        super().__init__()
        named(self, object_name, spoken)
        self.blocks: tuple[Block, ...] = ()
        self.days: tuple[date, ...] = ()
        self._empty = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_blocks(self, blocks: Sequence[Block], days: Sequence[date], empty: str) -> None:
        """Show blocks on these days; `empty` is what stands there when there is no day."""
        self.blocks, self.days, self._empty = tuple(blocks), tuple(days), empty
        words = (f"{one.day:%a %d %b} {one.text}" for one in self.blocks[:100])
        self.setAccessibleDescription("; ".join(words) or empty)
        self.updateGeometry()
        self.setMinimumHeight(self.minimumSizeHint().height())
        self.update()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for a line for each day."""
        return QSize(420, 24 + _LEAST_HEIGHT * max(len(self.days), 4))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for comfortable lines."""
        return QSize(700, 24 + 30 * max(len(self.days), 4))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint hours, lines and blocks."""
        del event
        scheme, painter = colours(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.days:
            painter.setPen(QColor(scheme.muted))
            centre = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            painter.drawText(self.rect().adjusted(20, 0, -20, 0), centre, self._empty)
            painter.end()
            return
        metrics = self.fontMetrics()
        left = metrics.horizontalAdvance("Wed 28 Nov") + 14
        top = metrics.height() + 6
        line = min((self.height() - top) / len(self.days), _MOST_HEIGHT)
        self._paint_hours(painter, left, top, line * len(self.days))
        for place, day in enumerate(self.days):
            middle = QRectF(0, top + place * line, left - 8, line)
            painter.setPen(QColor(scheme.text if day.weekday() < 5 else scheme.muted))
            right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(middle, right, f"{day:%a %d %b}")
        width = self.width() - left - 8
        places = {day: place for place, day in enumerate(self.days)}
        for block in self.blocks:
            if block.day in places:
                x = left + width * block.start / _MINUTES
                span = width * (block.end - block.start) / _MINUTES
                y = top + places[block.day] * line
                self._paint_block(painter, block, QRectF(x, y + 2, span, line - 4))
        painter.end()

    def _paint_hours(self, painter: QPainter, left: int, top: int, height: float) -> None:
        scheme, width = colours(), self.width() - left - 8
        step = 1 if width > 24 * 30 else 3
        for hour in range(25):
            x = left + width * hour / 24
            painter.setPen(QColor(scheme.border))
            painter.drawLine(round(x), top, round(x), round(top + height))
            if hour % step == 0 and hour < 24:
                painter.setPen(QColor(scheme.muted))
                painter.drawText(round(x) + 3, top - 5, f"{hour:02d}")

    def _paint_block(self, painter: QPainter, block: Block, place: QRectF) -> None:
        scheme = colours()
        ground = QColor(scheme.accent)
        ground.setAlphaF(_LEAST_WEIGHT + (1 - _LEAST_WEIGHT) * block.weight)
        if block.weight <= 0:
            ground = QColor(scheme.raised)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(place.adjusted(0.5, 0, -0.5, 0), 3, 3)
        if self.fontMetrics().horizontalAdvance(block.text) + 4 <= place.width():
            strong = block.weight > 0.55
            painter.setPen(QColor(scheme.accent_text if strong else scheme.text))
            painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), block.text)
