"""The scrubber: where a replay is, with a mark for each step of the story."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ...models.journey_model import clock_text
from ...theme import colours
from ..common import named

_EDGE = 10.0


class Scrubber(QWidget):
    """A line with a handle: pressed or dragged, it wants another place (`sought`, in seconds)."""

    sought = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "demoScrubber", "Place in the recording")
        self._duration = 0.0
        self._position = 0.0
        self._marks: Sequence[float] = ()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for a line that is easy to hit."""
        return QSize(240, 30)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Stay wide enough to be dragged."""
        return QSize(120, 30)

    def show_place(self, position: float, duration: float, marks: Sequence[float]) -> None:
        """Show where it is."""
        place = f"{clock_text(position)} of {clock_text(duration)}"
        self._position, self._duration, self._marks = position, duration, marks
        if place != self.accessibleDescription():
            self.setAccessibleDescription(place)
            self.setToolTip(place)
        self.update()

    def x_of(self, position: float) -> float:
        """Give where on the line a place of the recording is."""
        part = position / self._duration if self._duration > 0 else 0.0
        return _EDGE + part * (self.width() - 2 * _EDGE)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Go to where it was pressed."""
        self._seek(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Go to where it is dragged."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._seek(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go by a second with Page Up and Page Down; the stage has the other keys."""
        far = {Qt.Key.Key_PageUp: 1.0, Qt.Key.Key_PageDown: -1.0}.get(Qt.Key(event.key()))
        if far is None:
            super().keyPressEvent(event)
        else:
            self.sought.emit(self._position + far)

    def _seek(self, event: QMouseEvent) -> None:
        room = self.width() - 2 * _EDGE
        part = (event.position().x() - _EDGE) / room if room > 0 else 0.0
        self.sought.emit(min(max(part, 0.0), 1.0) * self._duration)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the line, what is past of it, the marks and the handle."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        scheme, middle = colours(), self.height() / 2
        whole = QRectF(_EDGE, middle - 3, self.width() - 2 * _EDGE, 6)
        here = self.x_of(self._position)
        painter.setBrush(QColor(scheme.border))
        painter.drawRoundedRect(whole, 3, 3)
        painter.setBrush(QColor(scheme.accent))
        painter.drawRoundedRect(QRectF(_EDGE, middle - 3, max(here - _EDGE, 0), 6), 3, 3)
        for mark in self._marks:
            painter.setBrush(
                QColor(scheme.accent if mark <= self._position else scheme.strong_border)
            )
            painter.drawRoundedRect(QRectF(self.x_of(mark) - 1.5, middle - 8, 3, 16), 1.5, 1.5)
        painter.setBrush(QColor(scheme.accent))
        painter.drawEllipse(QPointF(here, middle), 8, 8)
        if self.hasFocus():
            painter.setBrush(QColor(scheme.surface))
            painter.drawEllipse(QPointF(here, middle), 4, 4)
        painter.end()
