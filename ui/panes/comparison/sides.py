"""The two sides of a comparison: where each was sent to, what it was, and how it went."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from gms_console.model.exchange import Exchange

from ...comparison_desk import Pair, place_of
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


class SideCard(QFrame):
    """One side: place and title in the first line, time and outcome in the second."""

    def __init__(self, side: str, name: str) -> None:
        super().__init__()
        self.setObjectName("pane")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._side = side
        self.place = named(label("", "section"), f"{name}Place", f"{side}: place")
        self.title = named(label(""), f"{name}Title", f"{side}: request")
        self.time = named(label("", "muted"), f"{name}Time", f"{side}: time")
        self.outcome = named(label(""), f"{name}Outcome", f"{side}: outcome")
        for one in (self.place, self.title, self.time, self.outcome):
            one.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        where = QHBoxLayout()
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
        self.place.setToolTip(plain_tip(f"{exchange.request.method} {exchange.request.url}"))
        self.title.setText(title)
        self.title.setToolTip(plain_tip(title))
        self.time.setText(clock(exchange))
        set_label(self.outcome, outcome, role)
        self.outcome.setToolTip(plain_tip(outcome))
        self.setAccessibleName(f"{self._side}: {place_of(exchange)}, {title}, {outcome}")
