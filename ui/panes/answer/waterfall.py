"""Paints how long each phase of an Exchange took, on one axis."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gms_console.presentation import Phase, milliseconds
from gms_console.waterfall import NO_PHASE, Hop, spoken

from ...theme import Colours, colours
from ...tips import plain_tip
from ..common import named

_ALIGN = Qt.AlignmentFlag
_LEFT, _TOP, _GAP = 10.0, 6.0, 8.0
_THINNEST = 2.0
"""Pixels of a bar that would be too thin to be seen."""

_MARK_SPACING = 84.0
"""Pixels between two marks of the axis, at least."""


_CAPTIONS = ("connect", "✕ receive")


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the picture: a hop's title, or a phase."""

    hop: Hop
    phase: Phase | None


class Waterfall(QWidget):
    """Bars of the phases; Up and Down go from one to the next, whose figures are told.

    `line_chosen` tells the middle of the chosen line, in pixels from the top; `resized` that
    another height is wanted.
    """

    line_chosen = Signal(int)
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "answerWaterfall", "Waterfall of the phases")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._hops: tuple[Hop, ...] = ()
        self._lines: tuple[_Line, ...] = ()
        self._current = -1

    # --- what is shown -----------------------------------------------------------------------

    def show_hops(self, hops: tuple[Hop, ...]) -> None:
        """Show the hops of a way, oldest first."""
        if hops == self._hops:
            return
        self._hops = hops
        titled = len(hops) > 1
        lines: list[_Line] = []
        for hop in hops:
            lines += [_Line(hop, None)] if titled else []
            lines += [_Line(hop, phase) for phase in hop.phases]
        self._lines = tuple(lines)
        self._current = -1
        self.setAccessibleDescription(spoken(hops))
        self._ask_for_room()
        self.update()

    def _ask_for_room(self) -> None:
        self.updateGeometry()
        self.resized.emit()

    @property
    def current_text(self) -> str:
        """The figures of the line that is chosen; empty while none is."""
        return _tip(self._lines[self._current]) if self._current >= 0 else ""

    # --- sizes -------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for a line for each phase, and for the marks above and below."""
        return QSize(320, round(self._lines_end() + self._small_height() + _GAP + 2))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Push nothing wider."""
        return QSize(180, self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Follow another font."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._ask_for_room()

    def _small(self) -> QFont:
        made = QFont(self.font())
        made.setPointSizeF(max(7.0, made.pointSizeF() * 0.88))
        return made

    def _small_height(self) -> float:
        return QFontMetricsF(self._small()).height()

    def _line_height(self) -> float:
        return QFontMetricsF(self.font()).height() + 6

    def _lines_top(self) -> float:
        """Where the lines begin: below the names of the two marks."""
        return _TOP + 2 * self._small_height() + 4

    def _lines_end(self) -> float:
        return self._lines_top() + len(self._lines) * self._line_height() + 4

    def _captions(self) -> float:
        metrics = QFontMetricsF(self.font())
        return max(metrics.horizontalAdvance(name) for name in _CAPTIONS) + 2 * _GAP

    def _figures(self) -> float:
        return QFontMetricsF(self.font()).horizontalAdvance("10,000 ms") + _GAP

    def _axis(self) -> QRectF:
        """Give where the bars stand."""
        left = _LEFT + self._captions()
        width = max(self.width() - left - self._figures() - _LEFT, 40.0)
        return QRectF(left, self._lines_top(), width, self._lines_end() - self._lines_top())

    def _end(self) -> float:
        """Where the axis ends, in ms."""
        return max((hop.end for hop in self._hops), default=0.0) or 1.0

    def _x(self, at: float) -> float:
        axis = self._axis()
        return axis.left() + axis.width() * min(at / self._end(), 1.0)

    def _line_at(self, place: QPointF) -> int:
        found = int((place.y() - self._lines_top()) // self._line_height())
        return found if 0 <= found < len(self._lines) else -1

    # --- painting ----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint axis, bars and marks."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scheme = colours()
        painter.fillRect(self.rect(), QColor(scheme.surface))
        if self._hops:
            self._paint_axis(painter, scheme)
            self._paint_marks(painter, scheme)
            for place, line in enumerate(self._lines):
                top = self._lines_top() + place * self._line_height()
                self._paint_line(painter, scheme, line, top, chosen=place == self._current)
        self._paint_frame(painter, scheme)
        painter.end()

    def _paint_frame(self, painter: QPainter, scheme: Colours) -> None:
        focused = self.hasFocus()
        width = 2.0 if focused else 1.0
        painter.setPen(QPen(QColor(scheme.accent if focused else scheme.border), width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        half = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), 5, 5)

    def _paint_axis(self, painter: QPainter, scheme: Colours) -> None:
        axis = self._axis()
        painter.setFont(self._small())
        metrics = QFontMetricsF(self._small())
        for at in axis_marks(self._end(), int(axis.width() // _MARK_SPACING)):
            x = round(self._x(at)) + 0.5
            painter.setPen(QPen(QColor(scheme.border), 1))
            painter.drawLine(QPointF(x, axis.top()), QPointF(x, axis.bottom()))
            painter.setPen(QColor(scheme.muted))
            text = _round_text(at)
            width = metrics.horizontalAdvance(text) + 2
            left = min(max(x - width / 2, axis.left()), self.width() - _LEFT - width)
            box = QRectF(left, axis.bottom() + 2, width, metrics.height())
            painter.drawText(box, int(_ALIGN.AlignHCenter | _ALIGN.AlignVCenter), text)

    def _paint_marks(self, painter: QPainter, scheme: Colours) -> None:
        """Draw where the first byte of the last hop came, and where all ended."""
        hop = self._hops[-1]
        first, total = hop.first_byte, hop.end
        whole = total if len(self._hops) > 1 else hop.total
        text = f"total {milliseconds(whole)}"
        self._mark(painter, self._x(total), text, scheme.text, row=0)
        if first is not None:
            text = f"first byte {milliseconds(first)}"
            self._mark(painter, self._x(first), text, scheme.good, row=1)

        if hop.kept and len(self._hops) == 1:
            painter.setPen(QColor(scheme.muted))
            box = QRectF(_LEFT, _TOP, self._axis().right(), self._small_height())
            painter.drawText(box, int(_ALIGN.AlignLeft | _ALIGN.AlignVCenter), "kept connection")

    def _mark(self, painter: QPainter, x: float, text: str, ink: str, *, row: int) -> None:
        axis, height = self._axis(), self._small_height()
        top = _TOP + row * height
        painter.setPen(QPen(QColor(ink), 1.4, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, top + 3), QPointF(x, axis.bottom()))
        painter.setFont(self._small())
        width = QFontMetricsF(self._small()).horizontalAdvance(text) + 2
        # To the left of its line, unless there is no room.
        left = x - width - 5 if x - width - 5 > _LEFT else x + 5
        box = QRectF(left, top, width, height)
        painter.fillRect(box, QColor(colours().surface))
        painter.setPen(QColor(ink))
        painter.drawText(box, int(_ALIGN.AlignRight | _ALIGN.AlignVCenter), text)

    def _paint_line(
        self, painter: QPainter, scheme: Colours, line: _Line, top: float, *, chosen: bool
    ) -> None:
        height = self._line_height()
        if chosen:
            ground = QColor(scheme.accent_soft)
            ground.setAlpha(170)
            painter.fillRect(QRectF(4, top, self.width() - 8, height), ground)
        painter.setFont(self.font())
        if line.phase is None:
            self._paint_title(painter, scheme, line.hop, top)
            return
        phase, axis = line.phase, self._axis()
        stopped = phase.name == line.hop.stopped
        ink = scheme.error if stopped else bar_colour(phase.name, scheme)
        left = self._x(phase.start)
        right = max(self._x(phase.end), left + _THINNEST)
        if right > axis.right():
            left, right = min(left, axis.right() - _THINNEST), axis.right()
        bar = QRectF(left, top + height * 0.22, right - left, height * 0.56)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ink))
        radius = min(3.0, bar.width() / 2)
        painter.drawRoundedRect(bar, radius, radius)
        painter.setPen(QColor(scheme.error if stopped else scheme.text))
        name = f"✕ {_caption(phase)}" if stopped else _caption(phase)
        caption = QRectF(_LEFT, top, self._captions() - _GAP, height)
        painter.drawText(caption, int(_ALIGN.AlignLeft | _ALIGN.AlignVCenter), name)
        figure = QRectF(axis.right(), top, self._figures(), height)
        text = milliseconds(phase.length)
        painter.drawText(figure, int(_ALIGN.AlignRight | _ALIGN.AlignVCenter), text)

    def _paint_title(self, painter: QPainter, scheme: Colours, hop: Hop, top: float) -> None:
        painter.setFont(self._small())
        painter.setPen(QColor(scheme.muted))
        metrics = QFontMetricsF(self._small())
        figure = milliseconds(hop.total)
        room = self.width() - 2 * _LEFT - metrics.horizontalAdvance(figure) - _GAP
        text = metrics.elidedText(hop.title, Qt.TextElideMode.ElideMiddle, room)
        box = QRectF(_LEFT, top, self.width() - 2 * _LEFT, self._line_height())
        painter.fillRect(box.adjusted(0, 0, 0, -1), QColor(scheme.surface))
        painter.drawText(box, int(_ALIGN.AlignLeft | _ALIGN.AlignVCenter), text)
        painter.drawText(box, int(_ALIGN.AlignRight | _ALIGN.AlignVCenter), figure)

    # --- keys and mouse ------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Up, Down, Home and End choose a line."""
        last = len(self._lines) - 1
        steps = {
            Qt.Key.Key_Down: min(self._current + 1, last),
            Qt.Key.Key_Up: max(self._current - 1, 0),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        wanted = steps.get(Qt.Key(event.key()))
        if wanted is None or last < 0:
            super().keyPressEvent(event)
            return
        self._choose(wanted)

    def _choose(self, place: int) -> None:
        self._current = place
        self.setAccessibleDescription(f"{self.current_text}. {spoken(self._hops)}".lstrip(". "))
        self.update()
        if place >= 0:
            self.line_chosen.emit(round(self._lines_top() + (place + 0.5) * self._line_height()))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Choose the line under the mouse."""
        self._choose(self._line_at(event.position()))

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show that it has the focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show that it has the focus no more."""
        super().focusOutEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        """Tell the figures of the line under the mouse."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self._line_at(QPointF(event.pos()))
            if place >= 0:
                QToolTip.showText(event.globalPos(), plain_tip(_tip(self._lines[place])), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)


def bar_colour(name: str, scheme: Colours) -> str:
    """Give the colour of a phase's bar; each can be told from the ground in either scheme."""
    return {
        "connect": scheme.parameter,
        "TLS": scheme.data,
        "send": scheme.accent,
        "receive": scheme.good,
        NO_PHASE: scheme.strong_border,
    }.get(name, scheme.warning)


def _caption(phase: Phase) -> str:
    """Give the name in short, as in `wait` for the wait for the first byte."""
    return phase.name.partition(" ")[0]


def axis_marks(end: float, most: int) -> tuple[float, ...]:
    """Give round times, in ms, from nought up to `end`; about as many as there is room for."""
    if end <= 0:
        return (0.0,)
    rough = end / max(most, 1)
    power = 10.0 ** floor(log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)
    return tuple(number * step for number in range(int(end / step) + 1))


def _round_text(at: float) -> str:
    return f"{at / 1000:g} s" if at >= 1000 else f"{at:g} ms"


def _tip(line: _Line) -> str:
    hop, phase = line.hop, line.phase
    if phase is None:
        return f"{hop.title}: {milliseconds(hop.total)}"
    return f"{phase.text}{', and failed in it' if phase.name == hop.stopped else ''}"
