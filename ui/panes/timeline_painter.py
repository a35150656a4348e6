"""Paints a laid-out state timeline: states, ticks, latency, axis, and what is under the mouse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from gms_console.poll import PollOutcome
from gms_console.presentation import seconds_text

from ..theme import Colours, colours
from .state_looks import StateLooks
from .timeline_layout import Lanes, SpanBox, Tick, TimelineLayout, Track
from .timeline_words import mark_text

_ALIGN = Qt.AlignmentFlag
_NARROW = 10.0
"""Spans narrower than this many pixels have square corners and no pattern."""

_GAP, _RADIUS = 0.75, 4.0

ON_SPAN = "#ffffff"
"""What is written on a state in, in either scheme."""

_DENSE = 4.0
"""With less than this many pixels for each attempt, latency is drawn as bars."""

_CAPTIONS = ("Attempts", "00:00:00")


def small_font(font: QFont) -> QFont:
    """Give the font of captions and marks."""
    made = QFont(font)
    made.setPointSizeF(max(7.0, font.pointSizeF() * 0.85))
    return made


def gutter(font: QFont) -> float:
    """Give the width that the captions beside the rows take."""
    metrics = QFontMetricsF(small_font(font))
    return max(metrics.horizontalAdvance(text) for text in _CAPTIONS) + 20.0


def fill_span(painter: QPainter, box: QRectF, ground: QColor, pattern: Qt.BrushStyle) -> None:
    """Fill the box of a state."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(box, _RADIUS, _RADIUS)
    if pattern is not Qt.BrushStyle.SolidPattern:
        painter.setBrush(QBrush(QColor(255, 255, 255, 38), pattern))
        painter.drawRoundedRect(box, _RADIUS, _RADIUS)


def cross(x: float, middle: float) -> list[QLineF]:
    """Give the cross that marks an attempt that went wrong."""
    return [
        QLineF(x - 4, middle - 4, x + 4, middle + 4),
        QLineF(x - 4, middle + 4, x + 4, middle - 4),
    ]


@dataclass(frozen=True, slots=True)
class Scene:
    """What is painted, in one colour scheme and font."""

    track: Track
    layout: TimelineLayout
    lanes: Lanes
    looks: StateLooks
    font: QFont

    def paint(self, painter: QPainter) -> None:
        """Paint all but what the mouse and the keyboard point at."""
        scheme = colours()
        axis, lanes = self.layout.axis, self.lanes
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(small_font(self.font))
        self._captions(painter, scheme)
        self._part(painter, scheme)
        self._marks(painter, scheme)
        painter.save()
        painter.setClipRect(QRectF(axis.left - 5, 0, axis.width + 10, lanes.axis_top))
        self._spans(painter, scheme)
        self._latency(painter, scheme)
        self._ticks(painter, scheme)
        self._end(painter, scheme)
        painter.restore()

    def _captions(self, painter: QPainter, scheme: Colours) -> None:
        lanes, axis, track = self.lanes, self.layout.axis, self.track
        painter.setPen(QColor(scheme.muted))
        edge = (track.start + timedelta(seconds=axis.first)).astimezone()
        text = painter.fontMetrics().height()
        rows = [
            ("State", lanes.span_top, lanes.span_height),
            ("Attempts", lanes.tick_top, lanes.tick_height),
            (f"{edge:%H:%M:%S}", lanes.axis_top, text),
        ]
        if self.layout.ticks:
            rows.append((_scale_text(self.layout.scale), lanes.line_top - 2, text))
            if lanes.line_height > 2.4 * text:
                rows.append(("0", lanes.line_top + lanes.line_height - text + 3, text))
        for caption, top, height in rows:
            box = QRectF(2, top, axis.left - 12, height)
            painter.drawText(box, int(_ALIGN.AlignRight | _ALIGN.AlignVCenter), caption)

    def _part(self, painter: QPainter, scheme: Colours) -> None:
        """Draw which part of all is shown, where it is a part."""
        axis = self.layout.axis
        if axis.length < axis.whole * 0.999:
            scale = axis.width / axis.whole
            top = self.lanes.span_top - 5.0
            painter.fillRect(QRectF(axis.left, top, axis.width, 2), QColor(scheme.border))
            width = max(axis.length * scale, 6.0)
            left = min(axis.left + axis.first * scale, axis.right - width)
            painter.fillRect(QRectF(left, top, width, 2), QColor(scheme.strong_border))

    def _marks(self, painter: QPainter, scheme: Colours) -> None:
        lanes, axis = self.lanes, self.layout.axis
        line = QPen(QColor(scheme.border), 1)
        metrics = painter.fontMetrics()
        for x, seconds in self.layout.marks:
            at = round(x) + 0.5
            painter.setPen(line)
            painter.drawLine(QPointF(at, lanes.span_top), QPointF(at, lanes.axis_top))
            painter.setPen(QColor(scheme.muted))
            text = mark_text(seconds)
            width = metrics.horizontalAdvance(text) + 2
            # A mark at an edge must neither leave the frame nor touch the clock in the gutter.
            place = min(max(x - width / 2, axis.left), axis.right + 6 - width)
            box = QRectF(place, lanes.axis_top, width, metrics.height())
            painter.drawText(box, int(_ALIGN.AlignHCenter | _ALIGN.AlignVCenter), text)

    def _spans(self, painter: QPainter, scheme: Colours) -> None:
        font = QFont(self.font)
        font.setBold(True)
        painter.setFont(font)
        before = QColor()
        for span in self.layout.spans:
            if span.count > 1:
                ground, pattern, mark = QColor(scheme.strong_border), _MIXED, ""
            else:
                look = self.looks.look(span.state)
                ground, pattern, mark = QColor(look.ground), look.pattern, look.mark
            if ground == before:
                ground = ground.darker(125)
            self._span(painter, span, ground, pattern, mark)
            before = ground
        painter.setFont(small_font(self.font))

    def _span(
        self, painter: QPainter, span: SpanBox, ground: QColor, pattern: Qt.BrushStyle, mark: str
    ) -> None:
        axis, lanes = self.layout.axis, self.lanes
        left, right = max(span.left, axis.left - 8), min(span.right, axis.right + 8)
        box = QRectF(left, lanes.span_top, max(right - left, 2.0), lanes.span_height)
        if box.width() < _NARROW:
            painter.fillRect(box.adjusted(0, 0, -0.5, 0), ground)
            return
        fill_span(painter, box.adjusted(_GAP, 0, -_GAP, 0), ground, pattern)
        room = min(right, axis.right) - max(left, axis.left)
        if room > 24:
            # The name stays in sight when the span begins further left.
            place = QRectF(max(left, axis.left) + 7, box.top(), room - 10, box.height())
            painter.setPen(QColor(ON_SPAN))
            painter.drawText(
                place,
                int(_ALIGN.AlignLeft | _ALIGN.AlignVCenter),
                _name(painter, span, mark, place.width()),
            )

    def _ticks(self, painter: QPainter, scheme: Colours) -> None:
        lanes = self.lanes
        top, bottom = lanes.tick_top + 2, lanes.tick_top + lanes.tick_height - 2
        ticks = self.layout.ticks
        painter.setPen(QPen(QColor(scheme.text), 1.6))
        painter.drawLines(
            [QLineF(one.x, top, one.x, bottom) for one in ticks if one.attempt.fault is None]
        )
        painter.setPen(QPen(QColor(scheme.error), 1.9))
        middle = (top + bottom) / 2
        crosses = []
        for one in ticks:
            if one.attempt.fault is not None:
                crosses += cross(one.x, middle)
        painter.drawLines(crosses)

    def _latency(self, painter: QPainter, scheme: Colours) -> None:
        ticks, lanes = self.layout.ticks, self.lanes
        if not ticks:
            return
        bottom = lanes.line_top + lanes.line_height
        axis = self.layout.axis
        painter.setPen(QPen(QColor(scheme.border), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(axis.left, lanes.line_top), QPointF(axis.right, lanes.line_top))
        painter.setPen(QPen(QColor(scheme.border), 1))
        painter.drawLine(QPointF(axis.left, bottom), QPointF(axis.right, bottom))
        points = [self._latency_point(tick) for tick in ticks]
        ground = QColor(scheme.accent)
        ground.setAlpha(34)
        if len(points) > axis.width / _DENSE:
            # A line that goes up and down with each pixel is a ground, and slow to draw as a line.
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
            ground.setAlpha(80)
            painter.setPen(QPen(ground, 1))
            painter.drawLines([QLineF(one.x(), bottom, one.x(), one.y()) for one in points])
            painter.setPen(QPen(QColor(scheme.accent), 2))
            painter.drawPoints(QPolygonF(points))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        around = [QPointF(points[0].x(), bottom), *points, QPointF(points[-1].x(), bottom)]
        painter.drawPolygon(QPolygonF(around))
        painter.setPen(QPen(QColor(scheme.accent), 1.3))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))
        if len(points) * 12 < axis.width:
            painter.setBrush(QColor(scheme.accent))
            for point in points:
                painter.drawEllipse(point, 1.6, 1.6)

    def _latency_point(self, tick: Tick) -> QPointF:
        """Give where a tick's latency stands."""
        lanes = self.lanes
        return QPointF(tick.x, lanes.line_top + lanes.line_height * (1 - tick.latency))

    def _end(self, painter: QPainter, scheme: Colours) -> None:
        lanes, layout = self.lanes, self.layout
        outcome = self.track.poll.outcome
        bottom = lanes.line_top + lanes.line_height
        if layout.now is not None:
            _flag(painter, layout.now, lanes.span_top, bottom, QColor(scheme.accent), dashed=True)
        elif outcome is not None:
            tone = {PollOutcome.REACHED: scheme.good, PollOutcome.CANCELLED: scheme.muted}
            ink = QColor(tone.get(outcome, scheme.error))
            _flag(painter, layout.end, lanes.tick_top, bottom, ink, dashed=False)

    def paint_mark(self, painter: QPainter, x: float) -> None:
        """Ring the attempt that is chosen."""
        axis, lanes = self.layout.axis, self.lanes
        if not axis.left - 5 <= x <= axis.right + 5:
            return
        ink = QColor(colours().accent)
        painter.setPen(QPen(ink, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        middle = lanes.tick_top + lanes.tick_height / 2
        painter.drawEllipse(QPointF(x, middle), 8, 8)
        painter.setPen(QPen(ink, 1))
        painter.drawLine(QPointF(x, middle + 8), QPointF(x, lanes.line_top + lanes.line_height))

    def paint_readout(self, painter: QPainter, x: float, lines: Sequence[str]) -> None:
        """Draw a line at `x` with what stands there, on whichever side there is room."""
        scheme, axis, lanes = colours(), self.layout.axis, self.lanes
        painter.setPen(QPen(QColor(scheme.strong_border), 1))
        painter.drawLine(QPointF(x, lanes.span_top - 4), QPointF(x, lanes.axis_top))
        if not lines:
            return
        painter.setFont(small_font(self.font))
        metrics = painter.fontMetrics()
        most = axis.width * 0.6
        shown = [metrics.elidedText(one, Qt.TextElideMode.ElideRight, int(most)) for one in lines]
        width = max(metrics.horizontalAdvance(one) for one in shown) + 14
        height = metrics.height() * len(shown) + 8
        left = x + 8 if x + 8 + width < axis.right + 8 else x - 8 - width
        # Below the states; a low timeline lets it begin a little higher.
        top = max(2.0, min(lanes.tick_top, lanes.axis_top + metrics.height() - height))
        box = QRectF(max(left, 2.0), top, width, height)
        painter.setPen(QPen(QColor(scheme.strong_border), 1))
        painter.setBrush(QColor(scheme.raised))
        painter.drawRoundedRect(box, 4, 4)
        for number, text in enumerate(shown):
            painter.setPen(QColor(scheme.error if text.startswith("Error") else scheme.text))
            line = QRectF(box.left() + 7, top + 4 + number * metrics.height(), width, height)
            painter.drawText(line, int(_ALIGN.AlignLeft | _ALIGN.AlignTop), text)


_MIXED = Qt.BrushStyle.Dense5Pattern


def _name(painter: QPainter, span: SpanBox, mark: str, room: float) -> str:
    """Give as much of a state's mark, name and duration as there is room for."""
    if span.count > 1:
        return f"{span.count} changes"
    metrics = painter.fontMetrics()
    name = f"{mark}{span.state}"
    if span.seconds >= 1:
        text = f"{name} · {seconds_text(round(span.seconds))}"
        if metrics.horizontalAdvance(text) <= room:
            return text
    return metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(room))


def _flag(
    painter: QPainter, x: float, top: float, bottom: float, ink: QColor, *, dashed: bool
) -> None:
    painter.setPen(QPen(ink, 1.6, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine))
    painter.drawLine(QPointF(x, top - 2), QPointF(x, bottom))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    tip = [QPointF(x - 4.5, top - 7), QPointF(x + 4.5, top - 7), QPointF(x, top)]
    painter.drawPolygon(QPolygonF(tip))


def _scale_text(value: float) -> str:
    """Write the top of the latency's scale, which is a round number."""
    return f"{value / 1000:g} s" if value >= 1000 else f"{value:g} ms"
