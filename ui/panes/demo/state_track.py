"""The contact center's side in large type: the states of the customer's service over time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QHideEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from gms_console.journey.journey import Customer

from ...demo.desk import DemoDesk
from ...models.journey_model import elapsed_text
from ...theme import colours
from ..common import named
from ..state_looks import StateLooks
from .large_type import large_font

_PAD = 14
_SECOND_MS = 1000


@dataclass(frozen=True, slots=True)
class Block:
    """A state on the track: its place, its name, and when it was reached, from the first on."""

    box: QRectF
    state: str
    since: str


class StateTrack(QWidget):
    """One block for each state, as wide as it lasted but never too narrow for its name.

    Under each stands the time at which it was reached. What has no room any more goes on the
    left; the last state is always there.
    """

    def __init__(self, desk: DemoDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "stateTrack", "States of the customer's service")
        self._desk = desk
        self._clock = QTimer(self, interval=_SECOND_MS)
        self._clock.timeout.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for a row of blocks with their times."""
        metrics = QFontMetricsF(large_font(bold=True))
        return QSize(400, round(metrics.height() * 3.9))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Stay high enough for the blocks and their times."""
        metrics = QFontMetricsF(large_font(bold=True))
        return QSize(200, round(metrics.height() * 3.6))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Let the last block grow with the time."""
        super().showEvent(event)
        self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Let the time be while nobody looks."""
        super().hideEvent(event)
        self._clock.stop()

    def refresh(self) -> None:
        """Show the journey as it is now."""
        said = ", ".join(f"{one.state} at {one.since}" for one in self.blocks())
        if said != self.accessibleDescription():
            self.setAccessibleDescription(said)
        self.update()

    def blocks(self) -> list[Block]:
        """Give what is painted, from left to right."""
        customer = self._desk.customer
        if customer is None or not customer.spans:
            return []
        spans = customer.spans
        first = self._first(customer)
        ends = [*(one.first for one in spans[1:]), max(self._desk.now, spans[-1].last)]
        lasted = [
            max((end - one.first).total_seconds(), 0.0)
            for one, end in zip(spans, ends, strict=True)
        ]
        metrics = QFontMetricsF(large_font(bold=True))
        least = [metrics.horizontalAdvance(self._name(one.state)) + 2 * _PAD for one in spans]
        room = self.width() - 2.0
        start = len(spans) - 1
        while start > 0 and sum(least[start - 1 :]) + 4 * (len(spans) - start) <= room:
            start -= 1
        spare = max(0.0, room - sum(least[start:]) - 4 * (len(spans) - start - 1))
        total = sum(lasted[start:]) or 1.0
        height = metrics.height() * 1.9
        made: list[Block] = []
        x = 1.0
        for place in range(start, len(spans)):
            width = min(least[place] + spare * lasted[place] / total, room)
            since = elapsed_text(first, spans[place].first)
            made.append(Block(QRectF(x, 4.0, width, height), self._name(spans[place].state), since))
            x += width + 4
        return made

    def _first(self, customer: Customer) -> datetime:
        steps = self._desk.steps
        return steps[0].at if steps else customer.spans[0].first

    def _name(self, state: str) -> str:
        return self._desk.say(state)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint blocks and times."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scheme, blocks = colours(), self.blocks()
        if not blocks:
            painter.setFont(large_font())
            painter.setPen(QColor(scheme.muted))
            flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            text = "The states of the service stand here, as soon as one is known."
            painter.drawText(self.rect(), flags, text)
            painter.end()
            return
        customer = self._desk.customer
        service = customer.service if customer is not None else ""
        looks = StateLooks(self._desk.console.services.kind_of(service) if service else None)
        for place, block in enumerate(blocks):
            self._paint_block(painter, block, looks, last=place == len(blocks) - 1)
        self._paint_axis(painter, blocks)
        painter.end()

    def _paint_block(
        self, painter: QPainter, block: Block, looks: StateLooks, *, last: bool
    ) -> None:
        look = looks.look(block.state)
        painter.setPen(QPen(QColor(colours().text), 2.5) if last else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.ground))
        box = block.box.adjusted(1.5, 1.5, -1.5, -1.5) if last else block.box
        painter.drawRoundedRect(box, 8, 8)
        if look.pattern is not Qt.BrushStyle.SolidPattern:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QBrush(QColor(255, 255, 255, 26), look.pattern))
            painter.drawRoundedRect(box, 8, 8)
        painter.setFont(large_font(bold=True))
        painter.setPen(QColor("#ffffff"))
        metrics = QFontMetricsF(painter.font())
        name = metrics.elidedText(block.state, Qt.TextElideMode.ElideRight, box.width() - 12)
        painter.drawText(block.box, Qt.AlignmentFlag.AlignCenter, name)

    def _paint_axis(self, painter: QPainter, blocks: list[Block]) -> None:
        """Paint the line below, with a tick and the time where each state was reached."""
        scheme = colours()
        line = blocks[0].box.bottom() + 10
        painter.setPen(QPen(QColor(scheme.strong_border), 1.5))
        painter.drawLine(round(blocks[0].box.left()), round(line), self.width() - 2, round(line))
        font = large_font(0.82)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        free = 0.0
        for block in blocks:
            x = block.box.left() + 2
            painter.setPen(QPen(QColor(scheme.strong_border), 1.5))
            painter.drawLine(round(x), round(line - 4), round(x), round(line + 4))
            if x >= free:
                painter.setPen(QColor(scheme.muted))
                painter.drawText(QRectF(x, line + 6, 400, metrics.height()), block.since)
                free = x + metrics.horizontalAdvance(block.since) + 10
