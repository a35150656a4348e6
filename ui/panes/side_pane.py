"""The side pane: the answer, or the card of the chosen service."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QTabBar, QWidget

from ..console import Console
from .answer.pane import AnswerPane
from .common import Pane, named
from .service_card import ServiceCard

ANSWER, SERVICE = 0, 1


class SidePane(Pane):
    """Shows the service when one is chosen, and the answer when something is sent."""

    def __init__(self, console: Console, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._console = console
        self.answer_pane = AnswerPane(console)
        self.service_card = ServiceCard(console)
        self.tabs = named(QTabBar(), "sideTabs", "Answer or service")
        self.tabs.addTab("Answer")
        self.tabs.addTab("Service")
        self.tabs.setExpanding(False)
        # On a small screen the names give way, not the buttons beside them.
        self.tabs.setElideMode(Qt.TextElideMode.ElideRight)
        self.tabs.setMinimumWidth(64)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.answer_pane)
        self.stack.addWidget(self.service_card)
        self.head.addWidget(self.tabs)
        self.head.addStretch(1)
        for button in self.answer_pane.buttons:
            self.head.addWidget(button)
        self.body.addWidget(self.stack, 1)
        self.tabs.currentChanged.connect(self._on_tab)
        console.services.chosen.connect(lambda: self.show_part(SERVICE))
        console.busy_changed.connect(self._on_busy)
        console.exchange_chosen.connect(lambda: self.show_part(ANSWER))

    def show_part(self, place: int) -> None:
        """Bring the answer or the service to the front."""
        self.tabs.setCurrentIndex(place)

    def _on_busy(self) -> None:
        if self._console.sending:
            self.show_part(ANSWER)

    def _on_tab(self, place: int) -> None:
        self.stack.setCurrentIndex(place)
        for button in self.answer_pane.buttons:
            button.setVisible(place == ANSWER)
