"""The two sides of a comparison: where each was sent to, what it was, and how it went."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from gms_console.model.exchange import Exchange

from ...comparison.desk import Pair, place_of
from ...tips import plain_tip
from ..common import icon_button, label, named, set_label
from .words import clock, how_it_went


class SidesBar(QWidget):
    """Left and right, and what swaps them."""

    def __init__(self) -> None:
        super().__init__()
        self.left = SideCard("Left", "comparisonLeft")
        self.right = SideCard("Right", "comparisonRight")
        self.swap_button: QToolButton = named(
            icon_button("swap", "Swap left and right (Alt+S)"), "comparisonSwapButton", "Swap sides"
        )
        self.swap_button.setIconSize(QSize(18, 18))
        self.swap_button.setShortcut("Alt+S")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.left, 1)
        row.addWidget(self.swap_button)
        row.addWidget(self.right, 1)

    def show_pair(self, pair: Pair) -> None:
        """Show both sides of a pair."""
        self.left.show_exchange(pair.left)
        self.right.show_exchange(pair.right)


class CutLabel(QLabel):
    """A line of text with … for what there is no room for; a place gives way in its middle."""

    def __init__(
        self, role: str = "", mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight
    ) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._mode = mode
        if role:
            self.setProperty("role", role)

    @property
    def shown(self) -> str:
        """What of the text is painted."""
        return self.fontMetrics().elidedText(self.text(), self._mode, self.width())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint what there is room for."""
        del event
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter), self.shown)
        painter.end()


class SideCard(QFrame):
    """One side: place and title in the first line, time and outcome in the second."""

    def __init__(self, side: str, name: str) -> None:
        super().__init__()
        self.setObjectName("pane")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._side = side
        # The node stands at the end of a place.
        place = CutLabel("section", Qt.TextElideMode.ElideMiddle)
        self.place = named(place, f"{name}Place", f"{side}: place")
        self.title = named(CutLabel(), f"{name}Title", f"{side}: request")
        self.time = named(CutLabel("muted"), f"{name}Time", f"{side}: time")
        self.outcome = named(CutLabel(), f"{name}Outcome", f"{side}: outcome")
        where = QHBoxLayout()
        where.setSpacing(8)
        where.addWidget(label(side, "muted"))
        where.addWidget(self.place, 1)
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 8, 12, 8)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(3)
        grid.addLayout(where, 0, 0)
        grid.addWidget(self.title, 0, 1)
        grid.addWidget(self.time, 1, 0)
        grid.addWidget(self.outcome, 1, 1)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 4)

    def show_exchange(self, exchange: Exchange) -> None:
        """Show what this side is."""
        outcome, role = how_it_went(exchange)
        title = exchange.operation.title
        if exchange.operation.instance_id:
            title = f"{title} of {exchange.operation.instance_id}"
        self.place.setText(place_of(exchange))
        asked = f"{exchange.request.method} {exchange.request.url}"
        self.place.setToolTip(plain_tip(f"{place_of(exchange)}\n{asked}"))
        self.title.setText(title)
        self.title.setToolTip(plain_tip(title))
        self.time.setText(clock(exchange))
        set_label(self.outcome, outcome, role)
        self.outcome.setToolTip(plain_tip(outcome))
        self.setAccessibleName(f"{self._side}: {place_of(exchange)}, {title}, {outcome}")
