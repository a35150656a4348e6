"""The left column: the services with the instances that live, or the history in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from ..console import Console
from .common import named

if TYPE_CHECKING:
    from .history.history_pane import HistoryPane

SERVICES, HISTORY = 0, 1


class LeftColumn(QWidget):
    """Two tabs over the whole height: a list of the past needs all of it.

    `history_made` comes when the history is first shown, which is when its pane is made.
    """

    history_made = Signal()

    def __init__(self, console: Console, services: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._console = console
        self.history_pane: HistoryPane | None = None
        self.tabs = named(QTabBar(), "leftTabs", "Services or history")
        self.tabs.addTab("Services")
        self.tabs.addTab("History")
        self.tabs.setExpanding(False)
        self.tabs.setTabToolTip(HISTORY, "What was sent and received (Ctrl+H)")
        self.stack = QStackedWidget()
        self.stack.addWidget(services)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(self.tabs)
        column.addWidget(self.stack, 1)
        self.tabs.currentChanged.connect(self._on_tab)

    def show_part(self, place: int) -> None:
        """Bring the services or the history to the front."""
        self.tabs.setCurrentIndex(place)

    def history(self) -> HistoryPane:
        """Give the history, made and in front."""
        self.show_part(HISTORY)
        if self.history_pane is None:
            raise AssertionError("the tab of the history makes its pane")
        return self.history_pane

    def _on_tab(self, place: int) -> None:
        if place == HISTORY and self.history_pane is None:
            from .history.history_pane import HistoryPane  # noqa: PLC0415 - as said

            self.history_pane = HistoryPane(self._console)
            self.stack.addWidget(self.history_pane)
            self.history_made.emit()
        self.stack.setCurrentIndex(place)
