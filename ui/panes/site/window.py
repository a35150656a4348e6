"""The window of nodes and calendar: what a site tells of itself, a tab for each question."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QTabWidget, QWidget

from ...actions import ActionSpec
from ...console import Console
from ...icons import icon
from ...site_desk import SiteDesk
from ..common import named
from ..tool_window import ToolWindow
from .hours_tab import CapacityTab, HoursTab
from .lookup_tabs import NumberTab, PatternsTab
from .nodes_tab import NodesTab
from .statistic_tab import StatisticTab

_MENU = "&Site"
_PICTURES = (("askSite", "recent"), ("cancelSite", "stop"))


class SiteWindow(ToolWindow):
    """Nodes, calendar, capacity, statistics, patterns and phone numbers; F5 asks in each tab."""

    _ready = False

    def __init__(self, console: Console, parent: QWidget) -> None:
        super().__init__(console, parent, "site", "Nodes and calendar")
        self.desk = SiteDesk(console, self)
        self.tabs = named(QTabWidget(), "siteTabs", "What is asked of the site")
        self.tabs.setDocumentMode(True)
        self.column.addWidget(self.tabs, 1)
        self.nodes, self.hours, self.capacity = (
            NodesTab(self.desk),
            HoursTab(self.desk),
            CapacityTab(self.desk),
        )
        self.statistic, self.patterns, self.number = (
            StatisticTab(self.desk),
            PatternsTab(self.desk),
            NumberTab(self.desk),
        )
        for title, tab in self._titled():
            self.tabs.addTab(tab, title)
        self.use_actions(self._specs(), ("askSite", "cancelSite"))
        self._draw_icons()
        self._ready = True
        self.desk.board.changed.connect(self._show_busy)
        for inquiry in self.desk.inquiries:
            inquiry.changed.connect(self._show_busy)
        self.desk.moved.connect(self._rest)
        self._show_busy()

    def _titled(self) -> tuple[tuple[str, QWidget], ...]:
        return (
            ("Nodes", self.nodes),
            ("Calendar", self.hours),
            ("Capacity", self.capacity),
            ("Statistics", self.statistic),
            ("Patterns", self.patterns),
            ("Phone number", self.number),
        )

    def _specs(self) -> tuple[ActionSpec, ...]:
        goes = tuple(
            ActionSpec(f"goSite{place}", "&Go", title, (f"Alt+{place}",), self._go(place - 1))
            for place, (title, _) in enumerate(self._titled(), start=1)
        )
        return (
            ActionSpec("askSite", _MENU, "As&k", ("F5", "Ctrl+Return"), self.refresh),
            ActionSpec("cancelSite", _MENU, "Cance&l", (), self.desk.cancel),
            *goes,
        )

    def _go(self, place: int) -> Callable[[], None]:
        def go() -> None:
            self.tabs.setCurrentIndex(place)
            self._tab.go()

        return go

    @property
    def _tab(self) -> NodesTab | HoursTab | CapacityTab | StatisticTab | PatternsTab | NumberTab:
        tabs = (
            self.nodes,
            self.hours,
            self.capacity,
            self.statistic,
            self.patterns,
            self.number,
        )
        return tabs[self.tabs.currentIndex()]

    def refresh(self) -> None:
        """Ask what the tab in front asks."""
        self._tab.refresh()

    def leave(self) -> None:
        """Cancel what is under way, else close."""
        if self.desk.busy:
            self.desk.cancel()
        else:
            super().leave()

    def _show_busy(self) -> None:
        busy = self.desk.busy
        self.actions_by_name["cancelSite"].setEnabled(busy)

    def _draw_icons(self) -> None:
        for name, picture in _PICTURES:
            self.actions_by_name[name].setIcon(icon(picture))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the icons in the colours of another scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._ready:
            self._draw_icons()
            self.nodes.show_nodes()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Repeat nothing while nobody looks."""
        super().hideEvent(event)
        self._rest()

    def _rest(self) -> None:
        self.nodes.rest()
        self.statistic.rest()
