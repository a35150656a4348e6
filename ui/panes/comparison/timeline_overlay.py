"""Two polls over each other: their states on one axis, each from its own start."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from gms_console.comparison.timelines import Fault, Overlay, Stretch, duration

from ...theme import colours
from ..common import named
from ..state_looks import StateLooks
from ..timeline_layout import Axis
from ..timeline_painter import ON_SPAN, cross, fill_span, gutter, small_font
from ..timeline_words import mark_text

_SIDES = ("Left", "Right")
_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 86400)
HINT = "Point at it, or press the arrow keys, to read a moment of both."

_MARK_WIDTH = 80.0
"""Pixels that marks of the axis stand apart at least."""

_TOP, _GAP, _SPAN = 10.0, 18.0, 30.0
"""Pixels above the first lane, between both, and of a state."""

_INSIDE, _MOST_BESIDE = 28.0, 160.0
"""Pixels of a state that its name is written in; and at most, for the last one's beside it."""

_ALIGN = Qt.AlignmentFlag


class TimelineOverlay(QWidget):
    """Paints an Overlay. The pointer, or Left and Right, reads what both polls were in.

    Arrow keys go from change to change, Home and End to the first and the last.
    """

    def __init__(self) -> None:
        super().__init__()
        named(self, "timelineOverlay", "Both polls over each other")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.looks = StateLooks()
        self._overlay: Overlay | None = None
        self._moments: list[float] = []
        self._at: float | None = None

    @property
    def at(self) -> float | None:
        """The moment that is read, in seconds from both starts."""
        return self._at

    def show_overlay(self, overlay: Overlay | None, looks: StateLooks) -> None:
        """Show another pair of polls."""
        self._overlay, self.looks, self._at = overlay, looks, None
        found = () if overlay is None else (*overlay.left, *overlay.right)
        self._moments = sorted({0.0, *(one.start for one in found)} if overlay is not None else ())
        self.setAccessibleDescription("" if overlay is None else overlay.text())
        self.setMinimumHeight(self.sizeHint().height())
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for both lanes, the axis, and a line for what is read."""
        text = QFontMetricsF(small_font(self.font())).height()
        return QSize(480, round(_TOP + 2 * _SPAN + _GAP + 2 * text + 24))

    # --- reading ----------------------------------------------------------------------------

    def readout(self, seconds: float) -> list[str]:
        """Say what both polls were in at a moment."""
        if self._overlay is None:
            return []
        lines = [f"After {duration(seconds)}"]
        for side, stretches in zip(_SIDES, (self._overlay.left, self._overlay.right), strict=True):
            stretch = _stretch_at(stretches, seconds)
            if stretch is not None:
                seen = f"{stretch.state}, since {duration(stretch.start)}"
            elif stretches and seconds > stretches[-1].end:
                seen = f"ended as {stretches[-1].state} after {duration(stretches[-1].end)}"
            else:
                seen = "no state yet"
            lines.append(f"{side}: {seen}")
        return lines

    def _read(self, seconds: float | None) -> None:
        self._at = seconds
        if self._overlay is not None:
            said = self._overlay.text() if seconds is None else "; ".join(self.readout(seconds))
            self.setAccessibleDescription(said)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Read where the pointer is."""
        axis = self._axis()
        x = event.position().x()
        inside = axis is not None and axis.left - 4 <= x <= axis.right + 4
        self._read(max(0.0, axis.seconds(x)) if axis is not None and inside else None)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Read nothing any more."""
        super().leaveEvent(event)
        if not self.hasFocus():
            self._read(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go from change to change."""
        if not self._moments:
            super().keyPressEvent(event)
            return
        place = -1 if self._at is None else bisect_right(self._moments, self._at) - 1
        on_one = place >= 0 and self._moments[place] == self._at
        key, last = event.key(), len(self._moments) - 1
        ways = {
            Qt.Key.Key_Right: min(place + 1, last),
            Qt.Key.Key_Left: max(place - 1 if on_one else place, 0),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        if key in ways:
            self._read(self._moments[ways[Qt.Key(key)]])
        else:
            super().keyPressEvent(event)

    # --- painting ---------------------------------------------------------------------------

    def _axis(self) -> Axis | None:
        if self._overlay is None:
            return None
        left = gutter(self.font())
        length = max(self._overlay.length, 1.0)
        room = max(self.width() - left - 14.0, 40.0)
        # What ended a poll was seen but once, often at the very end: its name goes beside it.
        beside = max(
            (
                self._wide(lane[-1])
                for lane in (self._overlay.left, self._overlay.right)
                if lane and (lane[-1].end - lane[-1].start) / length * room < _INSIDE
            ),
            default=0.0,
        )
        return Axis(left, max(room - min(beside, room / 4), 40.0), 0.0, length, length, 0.0)

    def _wide(self, stretch: Stretch) -> float:
        """Give the pixels that the name of a state takes beside it."""
        return min(self._name_metrics().horizontalAdvance(self._name(stretch)) + 12, _MOST_BESIDE)

    def _name(self, stretch: Stretch) -> str:
        return f"{self.looks.look(stretch.state).mark}{stretch.state}"

    def _name_metrics(self) -> QFontMetricsF:
        font = self.font()
        font.setBold(True)
        return QFontMetricsF(font)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint both lanes, the axis, and what is read."""
        del event
        scheme, axis, overlay = colours(), self._axis(), self._overlay
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(scheme.accent if self.hasFocus() else scheme.border), 1))
        painter.setBrush(QColor(scheme.surface))
        painter.drawRoundedRect(frame, 5, 5)
        if axis is not None and overlay is not None:
            self._marks(painter, axis)
            lanes = (overlay.left, overlay.left_faults), (overlay.right, overlay.right_faults)
            for number, (stretches, faults) in enumerate(lanes):
                top = _TOP + number * (_SPAN + _GAP)
                self._lane(painter, axis, top, _SIDES[number])
                for stretch in stretches:
                    self._stretch(painter, axis, top, stretch, last=stretch is stretches[-1])
                self._faults(painter, axis, top + _SPAN, faults)
            self._pointer(painter, axis)
        painter.end()

    @property
    def _bottom(self) -> float:
        return _TOP + 2 * _SPAN + _GAP + 10.0

    def _marks(self, painter: QPainter, axis: Axis) -> None:
        scheme = colours()
        painter.setFont(small_font(self.font()))
        height = painter.fontMetrics().height()
        pixels = axis.width / axis.length
        step = next((one for one in _STEPS if one * pixels >= _MARK_WIDTH), _STEPS[-1])
        for number in range(int(axis.length / step) + 1):
            x = round(axis.x(number * step)) + 0.5
            painter.setPen(QPen(QColor(scheme.border), 1))
            painter.drawLine(QPointF(x, _TOP), QPointF(x, self._bottom))
            painter.setPen(QColor(scheme.muted))
            box = QRectF(min(x - 40, self.width() - 82.0), self._bottom, 80, height)
            text = mark_text(round(number * step, 3))
            painter.drawText(box, int(_ALIGN.AlignHCenter | _ALIGN.AlignTop), text)

    def _lane(self, painter: QPainter, axis: Axis, top: float, side: str) -> None:
        painter.setFont(small_font(self.font()))
        painter.setPen(QColor(colours().muted))
        box = QRectF(2, top, axis.left - 12, _SPAN)
        painter.drawText(box, int(_ALIGN.AlignRight | _ALIGN.AlignVCenter), side)

    def _stretch(
        self, painter: QPainter, axis: Axis, top: float, stretch: Stretch, *, last: bool
    ) -> None:
        look = self.looks.look(stretch.state)
        left = axis.x(stretch.start)
        box = QRectF(left, top, max(axis.x(stretch.end) - left - 1, 3.0), _SPAN)
        fill_span(painter, box, QColor(look.ground), look.pattern)
        font = self.font()
        font.setBold(True)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        inside = box.width() >= _INSIDE
        if not inside and not last:
            return
        room = box.width() - 12 if inside else self.width() - box.right() - 10
        place = QRectF(box.left() + 6 if inside else box.right() + 6, top, room, _SPAN)
        painter.setPen(QColor(ON_SPAN if inside else colours().text))
        shown = metrics.elidedText(self._name(stretch), Qt.TextElideMode.ElideRight, int(room))
        painter.drawText(place, int(_ALIGN.AlignLeft | _ALIGN.AlignVCenter), shown)

    def _faults(self, painter: QPainter, axis: Axis, top: float, faults: Sequence[Fault]) -> None:
        painter.setPen(QPen(QColor(colours().error), 1.9))
        for fault in faults:
            painter.drawLines(cross(axis.x(fault.at), top + 7))

    def _pointer(self, painter: QPainter, axis: Axis) -> None:
        """Draw a line where it is read, and what stands there below the axis."""
        scheme, seconds = colours(), self._at
        painter.setFont(small_font(self.font()))
        metrics = painter.fontMetrics()
        if seconds is not None:
            x = axis.x(seconds)
            painter.setPen(QPen(QColor(scheme.text), 1.4))
            painter.drawLine(QPointF(x, 3), QPointF(x, self._bottom))
        text = HINT if seconds is None else "     ".join(self.readout(seconds))
        painter.setPen(QColor(scheme.muted if seconds is None else scheme.text))
        box = QRectF(
            axis.left,
            self._bottom + metrics.height() + 5,
            self.width() - axis.left - 14,
            metrics.height(),
        )
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(box, int(_ALIGN.AlignLeft | _ALIGN.AlignTop), shown)


def _stretch_at(stretches: Sequence[Stretch], seconds: float) -> Stretch | None:
    place = bisect_right([one.start for one in stretches], seconds) - 1
    return stretches[place] if place >= 0 and seconds <= stretches[place].end else None
