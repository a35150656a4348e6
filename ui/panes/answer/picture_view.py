"""Draws a picture: fitted into the room there is, or at its own size and scrolled."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from ...picture import Picture
from ...theme import colours
from ..common import named

_TILE = 8
_STEP = 40


class PictureView(QScrollArea):
    """Shows one picture; the arrow keys scroll it where it is larger than the view."""

    def __init__(self) -> None:
        super().__init__()
        named(self, "answerPicture", "Picture")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.canvas = _Canvas()
        self.setWidget(self.canvas)
        self.setWidgetResizable(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def show_picture(self, picture: Picture | None) -> None:
        """Show a picture, fitted."""
        self.canvas.picture = picture
        self.set_actual_size(on=False)

    def set_actual_size(self, *, on: bool) -> None:
        """Show it at its own size, or fitted."""
        picture = self.canvas.picture
        self.canvas.actual = on
        self.setWidgetResizable(not on)
        if on and picture is not None:
            self.canvas.resize(picture.image.size())
        self.canvas.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Scroll by the arrow keys."""
        steps = {
            Qt.Key.Key_Left: (self.horizontalScrollBar(), -_STEP),
            Qt.Key.Key_Right: (self.horizontalScrollBar(), _STEP),
            Qt.Key.Key_Up: (self.verticalScrollBar(), -_STEP),
            Qt.Key.Key_Down: (self.verticalScrollBar(), _STEP),
        }
        found = steps.get(Qt.Key(event.key()))
        if found is None:
            super().keyPressEvent(event)
        else:
            bar, step = found
            bar.setValue(bar.value() + step)


class _Canvas(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.picture: Picture | None = None
        self.actual = False

    def place(self) -> QRect:
        """Give where the picture is drawn; it is never drawn larger than it is."""
        if self.picture is None:
            return QRect()
        image = self.picture.image
        if self.actual:
            return image.rect()
        room = self.size()
        size = QSize(image.size())
        if size.width() > room.width() or size.height() > room.height():
            size = size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        left = (room.width() - size.width()) // 2
        return QRect(left, (room.height() - size.height()) // 2, size.width(), size.height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the part that has to be drawn."""
        if self.picture is None:
            return
        painter = QPainter(self)
        place = self.place()
        if self.picture.image.hasAlphaChannel():
            self._draw_ground(painter, place & event.rect())
        if self.actual:
            painter.drawImage(event.rect(), self.picture.image, event.rect())
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(place, self.picture.overview)
        painter.end()

    def _draw_ground(self, painter: QPainter, place: QRect) -> None:
        """Draw tiles, on which both dark and light parts of a picture can be seen."""
        scheme = colours()
        painter.fillRect(place, QColor(scheme.surface))
        ink = QColor(scheme.border)
        left, top = place.left() // _TILE, place.top() // _TILE
        for row in range(top, place.bottom() // _TILE + 1):
            for column in range(left, place.right() // _TILE + 1):
                if (row + column) % 2:
                    tile = QRect(column * _TILE, row * _TILE, _TILE, _TILE)
                    painter.fillRect(tile & place, ink)
