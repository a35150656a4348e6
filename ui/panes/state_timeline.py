"""The state timeline: how a poll is shown, zoomed, read and pointed at."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from gms_console.poll import Poll

from ..theme import colours
from .common import named
from .state_looks import StateLooks
from .timeline_layout import ALL, Axis, Lanes, TimelineLayout, Track, Zoom, lay_out, nearest
from .timeline_painter import Scene, gutter, small_font
from .timeline_words import EMPTY, attempt_text, readout, spoken

if TYPE_CHECKING:
    from gms_console.catalogue import ServiceKind

_MARGIN = 12
_STEP = 1.5
"""What a key or a button zooms by."""

_REPAINT_MS = 200
"""While a poll runs, time goes on between its attempts too; all that is new is painted together."""

_CHANGES = {
    QEvent.Type.FontChange,
    QEvent.Type.ApplicationFontChange,
    QEvent.Type.PaletteChange,
    QEvent.Type.ApplicationPaletteChange,
    QEvent.Type.StyleChange,
}


class StateTimeline(QWidget):
    """Paints one poll. A click on a tick, or Enter on the marked one, shows its exchange.

    Wheel, + and - zoom, 0 shows all, dragging and Page keys move. `attempt_marked` tells the
    place of an attempt that was chosen, `attempt_chosen` the id of its exchange.
    """

    attempt_marked = Signal(int)
    attempt_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "stateTimeline", "State timeline")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._track: Track | None = None
        self._looks = StateLooks()
        self._zoom = ALL
        self._scene: Scene | None = None
        self._laid_out = 0.0
        self._picture: QPixmap | None = None
        self._marked = -1
        self._hover: float | None = None
        self._pressed: tuple[QPointF, Axis] | None = None
        self._dragging = False
        self._clock = QTimer(self, interval=_REPAINT_MS)
        self._clock.timeout.connect(self._go_on)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for the height of all rows."""
        return QSize(500, self.minimumSizeHint().height() + 20)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Never cut a row off."""
        return QSize(240, Lanes.least(QFontMetricsF(small_font(self.font())).height()))

    @property
    def poll(self) -> Poll | None:
        """The poll that is painted."""
        return self._track.poll if self._track is not None else None

    @property
    def marked(self) -> int:
        """The place of the attempt that is chosen, or -1."""
        return self._marked

    @property
    def zoom(self) -> Zoom:
        """Which part is shown."""
        return self._zoom

    @property
    def shown(self) -> TimelineLayout | None:
        """Where things stand now; None without a poll."""
        scene = self._current()
        return scene.layout if scene is not None else None

    def show_poll(self, poll: Poll | None, kind: ServiceKind | None = None) -> None:
        """Paint a poll of a service of that kind, or what to do to get one."""
        poll = poll if poll is not None and poll.started is not None else None
        another = poll is not self.poll
        if another:
            self._track = Track(poll) if poll is not None else None
            self._marked, self._zoom, self._pressed = -1, ALL, None
        if kind is not self._looks.kind or another:
            self._looks = StateLooks(kind)
        self._wind_clock()
        self.setAccessibleDescription(spoken(poll))
        self._forget()
        # What a running poll brings waits for the clock, unless it is what all begins with.
        if another or not self._clock.isActive():
            self.update()

    def _wind_clock(self) -> None:
        wanted = self.poll is not None and self.poll.running and self.isVisible()
        if wanted and not self._clock.isActive():
            self._clock.start()
        elif not wanted:
            self._clock.stop()

    def _go_on(self) -> None:
        """Paint anew what has come, or now, once it has moved by a pixel."""
        if self._scene is not None:
            layout = self._scene.layout
            gone = time.monotonic() - self._laid_out
            if layout.now is None or gone * layout.axis.width / layout.axis.length < 1:
                return
        self._forget()
        self.update()

    def _forget(self) -> None:
        """Have it laid out and painted anew."""
        self._scene = self._picture = None

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Go on with a poll that runs."""
        super().showEvent(event)
        self._forget()
        self._wind_clock()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Paint nothing that cannot be seen."""
        super().hideEvent(event)
        self._clock.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Use the new size."""
        super().resizeEvent(event)
        self._forget()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Take over another font or other colours."""
        super().changeEvent(event)
        if event.type() in _CHANGES:
            self._forget()
            self.updateGeometry()
            self.update()

    # --- painting --------------------------------------------------------------------------

    def _current(self) -> Scene | None:
        """Lay it out as it stands now, unless that was done."""
        if self._track is None:
            return None
        if self._scene is None:
            left = gutter(self.font())
            width = max(self.width() - left - _MARGIN, 50.0)
            self._laid_out = time.monotonic()
            self._scene = Scene(
                self._track,
                lay_out(self._track.poll, left, width, zoom=self._zoom, track=self._track),
                Lanes.of(self.height(), QFontMetricsF(small_font(self.font())).height()),
                self._looks,
                self.font(),
            )
        return self._scene

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the timeline as it was drawn last, and over it what is pointed at."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scheme = colours()
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(QColor(scheme.border), 1))
        painter.setBrush(QColor(scheme.surface))
        painter.drawRoundedRect(frame, 5, 5)
        scene = self._current()
        if scene is None:
            painter.setPen(QColor(scheme.muted))
            wrap = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(frame.adjusted(12, 4, -12, -4), int(wrap), EMPTY)
        else:
            painter.drawPixmap(0, 0, self._drawn(scene))
            self._paint_pointers(painter, scene)
        if self.hasFocus():
            painter.setPen(QPen(QColor(scheme.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame, 5, 5)
        painter.end()

    def _drawn(self, scene: Scene) -> QPixmap:
        """Draw the scene once; the mouse may go over it as often as it likes."""
        ratio = self.devicePixelRatioF()
        if self._picture is None or self._picture.devicePixelRatio() != ratio:
            self._picture = QPixmap(self.size() * ratio)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._picture)
            scene.paint(painter)
            painter.end()
        return self._picture

    def _paint_pointers(self, painter: QPainter, scene: Scene) -> None:
        track, axis = scene.track, scene.layout.axis
        if 0 <= self._marked < len(track.at):
            scene.paint_mark(painter, axis.x(track.at[self._marked]))
        hover = self._hover
        if hover is None or self._dragging or not axis.left - 4 <= hover <= axis.right + 8:
            return
        place = nearest(track, axis, hover)
        x = axis.x(track.at[place]) if place >= 0 else hover
        scene.paint_readout(painter, x, readout(scene.layout, track, x, place))

    # --- zoom ------------------------------------------------------------------------------

    def _set_zoom(self, zoom: Zoom) -> None:
        if zoom != self._zoom:
            self._zoom = zoom
            self._forget()
            self.update()

    def _zoom_by(self, factor: float, x: float | None = None) -> None:
        layout = self.shown
        if layout is not None:
            self._set_zoom(layout.axis.zoomed(factor, self._anchor(layout) if x is None else x))

    def _anchor(self, layout: TimelineLayout) -> float:
        """Give what stays in its place: the marked attempt, else the end, else the middle."""
        axis = layout.axis
        if self._track is not None and 0 <= self._marked < len(self._track.at):
            marked = axis.x(self._track.at[self._marked])
            if axis.left <= marked <= axis.right:
                return marked
        follows = self._zoom.follows and layout.now is not None
        return axis.right if follows else axis.left + axis.width / 2

    def zoom_in(self) -> None:
        """Show a shorter time, larger."""
        self._zoom_by(_STEP)

    def zoom_out(self) -> None:
        """Show a longer time."""
        self._zoom_by(1 / _STEP)

    def zoom_fit(self) -> None:
        """Show all of the poll."""
        self._set_zoom(ALL)

    def _pan(self, pixels: float) -> None:
        layout = self.shown
        if layout is not None:
            self._set_zoom(layout.axis.panned(pixels))

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom around the pointer; sideways, or with Shift, move."""
        delta = event.angleDelta()
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if shift or abs(delta.x()) > abs(delta.y()):
            self._pan((delta.x() or delta.y()) / 2)
        else:
            self._zoom_by(1.2 ** (delta.y() / 120), event.position().x())
        event.accept()

    # --- pointing and choosing ---------------------------------------------------------------

    def choose(self, place: int) -> None:
        """Mark an attempt, bring it in sight, and tell that its exchange is wanted."""
        layout, track = self.shown, self._track
        if layout is None or track is None or not 0 <= place < len(track.at):
            return
        self._marked = place
        zoom = layout.axis.showing(track.at[place])
        if zoom is not None and self._zoom.length is not None:
            self._set_zoom(zoom)
        attempt = track.poll.timeline.attempts[place]
        self.setAccessibleDescription(attempt_text(attempt))
        self.update()
        self.attempt_marked.emit(place)
        self.attempt_chosen.emit(attempt.exchange_id)

    def _nearest(self, x: float) -> int:
        layout = self.shown
        return -1 if layout is None or self._track is None else nearest(self._track, layout.axis, x)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Begin a click, or a drag."""
        layout = self.shown
        if event.button() is Qt.MouseButton.LeftButton and layout is not None:
            self._pressed = (event.position(), layout.axis)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Say what is under the pointer; with the button held, move the timeline."""
        self._hover = event.position().x()
        if self._pressed is not None:
            begun, axis = self._pressed
            moved = event.position().x() - begun.x()
            if not self._dragging and abs(moved) >= QApplication.startDragDistance():
                self._dragging = True
                self.setCursor(Qt.CursorShape.ClosedHandCursor)
            if self._dragging:
                self._set_zoom(axis.panned(moved))
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Show the exchange of the attempt that was clicked."""
        clicked = self._pressed is not None and not self._dragging
        self._pressed = None
        if self._dragging:
            self._dragging = False
            self.unsetCursor()
            self.update()
        if clicked and event.button() is Qt.MouseButton.LeftButton:
            self.choose(self._nearest(event.position().x()))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Point at nothing any more."""
        super().leaveEvent(event)
        self._hover = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go from attempt to attempt by arrows, Home and End; zoom by +, - and 0; move by Page."""
        key = Qt.Key(event.key())
        plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if not (plain and self._track and (self._zoom_by_key(key) or self._choose_by_key(key))):
            super().keyPressEvent(event)

    def _zoom_by_key(self, key: Qt.Key) -> bool:
        match key:
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom_in()
            case Qt.Key.Key_Minus | Qt.Key.Key_Underscore:
                self.zoom_out()
            case Qt.Key.Key_0:
                self.zoom_fit()
            case Qt.Key.Key_PageUp | Qt.Key.Key_PageDown:
                half = self.width() / 2
                self._pan(half if key is Qt.Key.Key_PageUp else -half)
            case _:
                return False
        return True

    def _choose_by_key(self, key: Qt.Key) -> bool:
        if self._track is None:
            return False
        self._track.catch_up()
        count = len(self._track.at)
        target = {
            Qt.Key.Key_Left: self._marked - 1 if self._marked > 0 else count - 1,
            Qt.Key.Key_Right: min(self._marked + 1, count - 1),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: count - 1,
            Qt.Key.Key_Return: self._marked,
            Qt.Key.Key_Enter: self._marked,
        }.get(key)
        if target is None or not count:
            return False
        if key is Qt.Key.Key_End:
            self._follow()
        self.choose(target)
        return True

    def _follow(self) -> None:
        """Have the right edge go with the end again."""
        if self._zoom.length is not None:
            self._set_zoom(Zoom(self._zoom.length))
