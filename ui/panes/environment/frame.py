"""The frame around the window's content in the colour of the environment, and its name tab."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ...console import Console
from ..common import named
from .colours import ink_on, shown_colour

WIDTH = 4
"""Pixels of the frame."""

_ROUND = 6


class EnvironmentFrame(QWidget):
    """What the window is about, framed; no frame for a base URL that was typed."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console
        self.setObjectName("environmentFrame")
        self.mark = EnvironmentMark(console)
        self.column = QVBoxLayout(self)
        self.column.setSpacing(4)
        console.environment_changed.connect(self._show)
        self._show()

    @property
    def colour(self) -> str:
        """The colour that is painted, or nothing where there is no frame."""
        environment = self._console.environment
        named_one = environment is not None and environment.name
        return shown_colour(environment.colour) if environment and named_one else ""

    def _show(self) -> None:
        more = WIDTH if self.colour else 0
        self.column.setContentsMargins(8 + more // 2, 2 + more, 8 + more // 2, 2 + more)
        self.mark.show_environment()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the frame."""
        super().paintEvent(event)
        if not self.colour:
            return
        painter = QPainter(self)
        pen = painter.pen()
        pen.setColor(QColor(self.colour))
        pen.setWidth(WIDTH)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        half = WIDTH / 2
        painter.drawRect(QRectF(self.rect()).adjusted(half, half, -half, -half))
        painter.end()


class EnvironmentMark(QLabel):
    """The tab on top of the frame: the name of the environment, to be read in any picture.

    `resized` comes when it needs another width.
    """

    resized = Signal()

    def __init__(self, console: Console) -> None:
        super().__init__()
        named(self, "environmentMark", "Environment in use")
        self._console = console
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._colour = ""

    def show_environment(self) -> None:
        """Show the environment in use; be nothing for a base URL that was typed."""
        environment = self._console.environment
        title = environment.title if environment is not None and environment.name else ""
        self._colour = shown_colour(environment.colour) if environment and title else ""
        self.setText(title)
        self.setToolTip(f"Requests go to {environment.base_url}" if environment and title else "")
        self.setVisible(bool(title))
        self.updateGeometry()
        self.resized.emit()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Leave room around the name."""
        if not self.text():
            return QSize(0, 0)
        metrics = QFontMetrics(self._bold())
        return QSize(min(metrics.horizontalAdvance(self.text()), 420) + 30, metrics.height() + 9)

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setBold(True)
        return font

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Be as large as the name."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint a tab that stands on the frame."""
        del event
        if not self.text():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        shape = QPainterPath()
        shape.addRoundedRect(area.adjusted(0, 0, 0, _ROUND), _ROUND, _ROUND)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._colour))
        painter.drawPath(shape)
        painter.setPen(QColor(ink_on(self._colour)))
        painter.setFont(self._bold())
        room = area.adjusted(10, 0, -10, 0)
        text = painter.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideMiddle, int(room.width())
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()
