"""The state timeline: states as named spans, attempts as ticks, latency as a line."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QToolTip, QWidget

from gms_console.model.timeline import Attempt
from gms_console.poll import Poll, PollOutcome
from gms_console.presentation import milliseconds, seconds_text

from ..theme import colours, state_colour
from .common import named
from .timeline_layout import SpanBox, Tick, TimelineLayout, lay_out

EMPTY = "No poll yet. Choose an instance and start polling: its states appear here as they come."

_MARGIN = 10
_LANE_TOP, _LANE = 8, 26
_TICKS_TOP, _TICKS = _LANE_TOP + _LANE + 6, 12
_LINE_TOP, _LINE = _TICKS_TOP + _TICKS + 4, 18
_AXIS_TOP = _LINE_TOP + _LINE + 4
_HEIGHT = _AXIS_TOP + 18


class StateTimeline(QWidget):
    """Paints one poll. A click on a tick, or Enter on the marked one, shows its exchange."""

    attempt_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "stateTimeline", "State timeline")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._poll: Poll | None = None
        self._layout: TimelineLayout | None = None
        self._marked = -1
        # While a poll runs, time goes on between its attempts too.
        self._clock = QTimer(self, interval=200)
        self._clock.timeout.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for the height of all lanes."""
        return QSize(400, _HEIGHT)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Never cut a lane off."""
        return QSize(200, _HEIGHT)

    @property
    def poll(self) -> Poll | None:
        """The poll that is painted."""
        return self._poll

    def show_poll(self, poll: Poll | None) -> None:
        """Paint a poll, or what to do to get one."""
        if poll is not self._poll:
            self._marked = -1
            self._layout = None
        self._poll = poll
        if poll is not None and poll.running:
            self._clock.start()
        else:
            self._clock.stop()
        self.setAccessibleDescription(_spoken(poll))
        self.update()

    # --- painting --------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the lanes."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scheme = colours()
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        focus = self.hasFocus()
        painter.setPen(QPen(QColor(scheme.accent if focus else scheme.border), 2 if focus else 1))
        painter.setBrush(QColor(scheme.surface))
        painter.drawRoundedRect(frame, 5, 5)
        if self._poll is None or self._poll.started is None:
            painter.setPen(QColor(scheme.muted))
            text = frame.adjusted(12, 4, -12, -4)
            wrap = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(text, int(wrap), EMPTY)
            painter.end()
            return
        self._layout = lay_out(self._poll, _MARGIN, self.width() - 2 * _MARGIN)
        self._paint_axis(painter, self._layout)
        order: dict[str, int] = {}
        for span in self._layout.spans:
            order.setdefault(span.state, len(order))
            self._paint_span(painter, span, order[span.state])
        self._paint_latency(painter, self._layout)
        for place, tick in enumerate(self._layout.ticks):
            self._paint_tick(painter, tick, marked=place == self._marked)
        self._paint_end(painter, self._layout, self._poll)
        painter.end()

    def _paint_axis(self, painter: QPainter, layout: TimelineLayout) -> None:
        scheme = colours()
        painter.setFont(self._small())
        for x, seconds in layout.marks:
            painter.setPen(QPen(QColor(scheme.border), 1))
            painter.drawLine(QPointF(x, _LANE_TOP), QPointF(x, _AXIS_TOP))
            painter.setPen(QColor(scheme.muted))
            text = f"{seconds:g} s" if seconds < 60 else seconds_text(seconds)
            box = QRectF(max(x - 30, 2), _AXIS_TOP, 60, 16)
            align = Qt.AlignmentFlag.AlignLeft if x < 34 else Qt.AlignmentFlag.AlignHCenter
            painter.drawText(box.translated(4 if x < 34 else 0, 0), align, text)
        painter.setFont(self.font())

    def _paint_span(self, painter: QPainter, span: SpanBox, order: int) -> None:
        box = QRectF(span.left, _LANE_TOP, span.right - span.left, _LANE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(state_colour(order)))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor("#ffffff"))
        font = QFont(self.font())
        font.setBold(True)
        painter.setFont(font)
        text = f"{span.state} · {seconds_text(round(span.seconds))}"
        metrics = painter.fontMetrics()
        if span.seconds < 1 or metrics.horizontalAdvance(text) > box.width() - 10:
            text = span.state
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(box.width() - 8))
        if box.width() > 24:
            painter.drawText(
                box.adjusted(6, 0, -2, 0),
                Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
                shown,
            )
        painter.setFont(self.font())

    def _paint_tick(self, painter: QPainter, tick: Tick, *, marked: bool) -> None:
        scheme = colours()
        fault = tick.attempt.fault is not None
        ink = QColor(scheme.error if fault else scheme.text)
        painter.setPen(QPen(ink, 3 if marked else 1.6))
        middle = _TICKS_TOP + _TICKS / 2
        if fault:
            for down in (1, -1):
                painter.drawLine(
                    QPointF(tick.x - 4, middle - 4 * down), QPointF(tick.x + 4, middle + 4 * down)
                )
        else:
            painter.drawLine(
                QPointF(tick.x, _TICKS_TOP + 1), QPointF(tick.x, _TICKS_TOP + _TICKS - 1)
            )
        if marked:
            painter.setPen(QPen(QColor(scheme.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(tick.x, middle), 8, 8)

    def _paint_latency(self, painter: QPainter, layout: TimelineLayout) -> None:
        scheme = colours()
        points = [
            QPointF(tick.x, _LINE_TOP + _LINE * (1 - 0.9 * tick.latency)) for tick in layout.ticks
        ]
        painter.setPen(QPen(QColor(scheme.muted), 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))
        if layout.slowest and layout.ticks:
            painter.setFont(self._small())
            text = f"up to {milliseconds(layout.slowest)}"
            box = QRectF(self.width() - 130, _LINE_TOP + 1, 120, 14)
            painter.setPen(QColor(scheme.muted))
            painter.drawText(box, Qt.AlignmentFlag.AlignRight, text)
            painter.setFont(self.font())

    def _paint_end(self, painter: QPainter, layout: TimelineLayout, poll: Poll) -> None:
        scheme = colours()
        if layout.now is not None:
            painter.setPen(QPen(QColor(scheme.accent), 1.5, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(layout.now, _LANE_TOP - 3), QPointF(layout.now, _AXIS_TOP))
        elif poll.outcome is PollOutcome.REACHED and layout.spans:
            right = layout.spans[-1].right
            painter.setPen(QPen(QColor(scheme.good), 3))
            painter.drawLine(QPointF(right, _LANE_TOP - 3), QPointF(right, _LANE_TOP + _LANE + 3))

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(max(7.0, font.pointSizeF() * 0.85))
        return font

    # --- reading and choosing ----------------------------------------------------------------

    def _nearest(self, x: float) -> int:
        ticks = self._layout.ticks if self._layout is not None else ()
        found = min(range(len(ticks)), key=lambda place: abs(ticks[place].x - x), default=-1)
        return found if found >= 0 and abs(ticks[found].x - x) <= 8 else -1

    def _choose(self, place: int) -> None:
        ticks = self._layout.ticks if self._layout is not None else ()
        if 0 <= place < len(ticks):
            self._marked = place
            self.setAccessibleDescription(attempt_text(ticks[place].attempt))
            self.attempt_chosen.emit(ticks[place].attempt.exchange_id)
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Show the exchange of the attempt that was clicked."""
        self._choose(self._nearest(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Left and right go from attempt to attempt, Home and End to the first and last."""
        count = len(self._layout.ticks) if self._layout is not None else 0
        target = {
            Qt.Key.Key_Left: self._marked - 1 if self._marked > 0 else count - 1,
            Qt.Key.Key_Right: min(self._marked + 1, count - 1),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: count - 1,
            Qt.Key.Key_Return: self._marked,
        }.get(Qt.Key(event.key()))
        if target is None or not count:
            super().keyPressEvent(event)
        else:
            self._choose(target)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show the focus ring."""
        super().focusInEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        """Say in a tooltip what is under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._text_at(event.pos().x()), self)
            return True
        return super().event(event)

    def _text_at(self, x: float) -> str:
        if self._layout is None:
            return ""
        place = self._nearest(x)
        if place >= 0:
            return attempt_text(self._layout.ticks[place].attempt)
        for span in self._layout.spans:
            if span.left <= x <= span.right:
                return f"{span.state}: {seconds_text(span.seconds)}, seen {_times(span.attempts)}"
        return ""


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def attempt_text(attempt: Attempt) -> str:
    """Say one attempt in words."""
    clock = attempt.started.astimezone().strftime("%H:%M:%S")
    seen = attempt.fault if attempt.fault is not None else attempt.state or "no state in the answer"
    return f"Attempt {attempt.number} at {clock}, {milliseconds(attempt.elapsed)}: {seen}"


def _spoken(poll: Poll | None) -> str:
    """Say the timeline in words, for those who cannot see it."""
    if poll is None or poll.started is None:
        return EMPTY
    spans = [
        f"{span.state} seen {_times(span.attempts)} from {span.first.astimezone():%H:%M:%S}"
        for span in poll.timeline.spans
    ]
    return "; ".join(spans) or "No state seen yet"
