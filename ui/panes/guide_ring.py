"""The ring of the guided tour: drawn around what a person is pointed at, and in nobody's way."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ..theme import colours
from ..tour.step import Spot

_OUT = 4
"""Pixels between what is pointed at and the middle of the ring."""
_WIDTH = 3.0
_ROUND = 8.0
_FOLLOWED = {
    QEvent.Type.Move,
    QEvent.Type.Resize,
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.LayoutRequest,
}


class GuideRing(QObject):
    """Keeps one painted ring around a Spot, in whichever window it is."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._spot: Spot | None = None
        self._paint: _Painted | None = None
        self._watched: list[QWidget] = []

    @property
    def painted(self) -> QWidget | None:
        """The widget that is painted, while there is one."""
        return self._paint if self._paint is not None and shiboken6.isValid(self._paint) else None

    def show_around(self, spot: Spot | None) -> None:
        """Point at something else, or at nothing."""
        self._spot = spot
        self._watch(spot)
        self.place()

    def _watch(self, spot: Spot | None) -> None:
        """Listen to what could move it: itself and all that it lies in."""
        for one in self._watched:
            if shiboken6.isValid(one):
                one.removeEventFilter(self)
        self._watched = []
        widget = spot.widget if spot is not None else None
        while widget is not None:
            widget.installEventFilter(self)
            self._watched.append(widget)
            widget = None if widget.isWindow() else widget.parentWidget()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Follow."""
        if event.type() in _FOLLOWED and watched is not self._paint:
            self.place()
        return super().eventFilter(watched, event)

    def place(self) -> None:
        """Have the ring where the spot is now."""
        spot = self._spot
        alive = spot is not None and shiboken6.isValid(spot.widget)
        if spot is None or not alive or not spot.widget.isVisible():
            if self.painted is not None:
                self.painted.hide()
            return
        window = spot.widget.window()
        paint = self._painted_in(window)
        rect = seen_rect(spot)
        if rect.isEmpty():
            paint.hide()
            return
        more = _OUT + 2
        wanted = rect.adjusted(-more, -more, more, more).intersected(window.rect())
        if paint.geometry() != wanted:
            paint.setGeometry(wanted)
        if not paint.isVisible():
            paint.show()
        paint.raise_()

    def _painted_in(self, window: QWidget) -> _Painted:
        paint = self._paint
        if paint is None or not shiboken6.isValid(paint):
            paint = self._paint = _Painted(window)
        elif paint.parentWidget() is not window:
            paint.setParent(window)
        return paint


def seen_rect(spot: Spot) -> QRect:
    """Give the part of a spot that is not cut off by what it lies in, as its window has it."""
    widget = spot.widget
    window = widget.window()
    part = spot.part if spot.part is not None else widget.rect()
    rect = QRect(widget.mapTo(window, part.topLeft()), part.size())
    inside: QWidget | None = widget
    while inside is not None and inside is not window:
        rect = rect.intersected(QRect(inside.mapTo(window, QPoint(0, 0)), inside.size()))
        inside = inside.parentWidget()
    return rect


class _Painted(QWidget):
    """Takes no mouse and no focus; what lies below it works as ever."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("guideRing")
        self.setAccessibleName("What the guided tour points at")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the ring, with an edge that stands out on its own colour too."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        half = _WIDTH
        rect = QRectF(self.rect()).adjusted(half, half, -half, -half)
        for colour, width in ((colours().surface, _WIDTH + 2), (colours().accent, _WIDTH)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawRoundedRect(rect, _ROUND, _ROUND)
        painter.end()
