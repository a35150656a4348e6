"""The window of the simulator: its clock, who lives and works in it, and what goes wrong."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHideEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QPushButton, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from ...actions import ActionSpec
from ...console import Console
from ...simulator.config import SimulatorConfig
from ...simulator.desk import SimulatorDesk, sentence
from ...simulator.faults import SimulatorFaults
from ..common import label, named, set_label
from ..tool_window import ToolWindow
from .clock_strip import ClockStrip
from .config_tab import ConfigTab
from .faults_tab import FaultsTab
from .tabs import AgentsTab, InstancesTab, NodesTab, ReceivedTab

_ON_BAR = ("simulatorFree", "simulatorGone", "simulatorFault")
_OFF = (
    "The simulator does not run.\n\nIt plays a contact center on this machine: services, agents, "
    "chats, and whatever shall go wrong."
)


class SimulatorWindow(ToolWindow):
    """What whoever presents with the simulator sees and does."""

    def __init__(self, console: Console, parent: QWidget) -> None:
        super().__init__(console, parent, "simulator", "Simulator")
        self.desk = SimulatorDesk(console, self)
        self.faults = SimulatorFaults(console, self.desk, self)
        self.config = SimulatorConfig(console, self)
        self._make_parts()
        self._lay_out()
        self.use_actions(self._specs(), _ON_BAR)
        for name in _ON_BAR:
            action = self.actions_by_name[name]
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{action.text().replace('&', '')} ({keys})")
        self.start_button.clicked.connect(self.desk.start)
        self.tabs.currentChanged.connect(self.config.look)
        self.desk.changed.connect(self.refresh)
        self.refresh()

    def _make_parts(self) -> None:
        self.clock = ClockStrip(self.desk)
        self.instances = InstancesTab(self.desk)
        self.agents = AgentsTab(self.desk)
        self.faults_tab = FaultsTab(self.desk, self.faults)
        self.received = ReceivedTab(self.desk)
        self.nodes = NodesTab(self.desk)
        self.config_tab = ConfigTab(self.config)
        self.tabs = named(QTabWidget(), "simulatorTabs", "What is in the simulator")
        self.tabs.setDocumentMode(True)
        self.parts = (
            (self.instances, "Instances"),
            (self.agents, "Agents"),
            (self.faults_tab, "Faults"),
            (self.received, "Received"),
            (self.nodes, "Nodes"),
            (self.config_tab, "Configuration"),
        )
        self.trouble = named(label("", "error"), "simulatorTrouble", "What is wrong")
        self.trouble.setWordWrap(True)
        self.off = named(label(_OFF, "muted"), "simulatorOff", "The simulator does not run")
        self.off.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.off.setWordWrap(True)
        self.start_button = named(QPushButton("Star&t it"), "simulatorStart", "Start the simulator")
        self.start_button.setProperty("role", "primary")

    def _lay_out(self) -> None:
        self.stack = QStackedWidget()
        self.column.addWidget(self.stack)
        self.on_page, self.off_page = QWidget(), QWidget()
        self.stack.addWidget(self.on_page)
        self.stack.addWidget(self.off_page)
        column = QVBoxLayout(self.on_page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.clock)
        column.addWidget(self.trouble)
        column.addWidget(self.tabs, 1)
        for part, title in self.parts:
            self.tabs.addTab(part, title)
        self.tabs.setCornerWidget(self.clock.waiting)
        column = QVBoxLayout(self.off_page)
        column.addStretch(1)
        column.addWidget(self.off)
        column.addSpacing(8)
        column.addWidget(self.start_button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def _specs(self) -> tuple[ActionSpec, ...]:
        spec = ActionSpec
        drive, faults = "&Simulator", "&Faults"
        return (
            spec("simulatorFree", drive, "Agent free &now", ("Ctrl+G",), self.agents.free_now),
            spec("simulatorGone", drive, "Customer &hangs up", ("Ctrl+H",), self._hang_up),
            spec("simulatorPauseClock", drive, "&Pause", ("Ctrl+Space",), self.clock.toggle_pause),
            spec("simulatorLook", drive, "&Refresh", ("F5",), self._look),
            spec("simulatorFault", faults, "&Add a fault …", ("Ctrl+N",), self._ask_for_fault),
            spec("simulatorReady", faults, "Ready-&made …", ("Ctrl+M",), self._show_ready_made),
            spec("simulatorUnfault", faults, "&Remove", ("Del",), self.faults_tab.remove),
            spec("simulatorClear", faults, "&Clear", (), self.faults.clear),
            *(
                spec(
                    f"simulatorGo{place}",
                    "&Go",
                    f"&{place} {title}",
                    (f"Alt+{place}",),
                    lambda place=place: self.go_to(place - 1),  # type: ignore[misc]
                )
                for place, (_, title) in enumerate(self.parts, start=1)
            ),
        )

    def go_to(self, place: int) -> None:
        """Go to a tab, and into what it shows."""
        self.tabs.setCurrentIndex(place)
        part = self.parts[place][0]
        inside = part.text if isinstance(part, ConfigTab) else part.table
        inside.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _look(self) -> None:
        self.desk.look()
        self.config.look()

    def _hang_up(self) -> None:
        """Have the customers of the selected instances hang up; say so where none is selected."""
        if not self.desk.runs():
            return
        if self.instances.table.chosen():
            self.instances.hang_up()
            return
        self.go_to(0)
        self.console.message.emit("Select the instances whose customers hang up.")

    def _ask_for_fault(self) -> None:
        if not self.desk.runs():
            return
        self.tabs.setCurrentWidget(self.faults_tab)
        self.faults_tab.ask_for_fault()

    def _show_ready_made(self) -> None:
        if not self.desk.runs():
            return
        self.tabs.setCurrentWidget(self.faults_tab)
        self.faults_tab.show_ready_made()

    # --- what is shown -------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Look at the simulator while it is in sight."""
        super().showEvent(event)
        self.desk.watch(on=True)
        self.config.look()
        if self.desk.view is None:
            self.start_button.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.focusWidget() in {None, self.clock.pause_button}:
            self.instances.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Read the configuration again when a person comes back, as from an editor of files."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and self.isActiveWindow():
            self.config.look()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Look no more."""
        super().hideEvent(event)
        self.desk.watch(on=False)

    def refresh(self) -> None:
        """Show the simulator as it is now."""
        view = self.desk.view
        self.stack.setCurrentWidget(self.off_page if view is None else self.on_page)
        for part in (self.instances, self.agents, self.faults_tab, self.received, self.nodes):
            part.refresh()
        error = view.config_error if view is not None else ""
        if error:
            error = f"{sentence(error)} What was read before stays in force."
        error = error or self.console.simulator.trouble
        set_label(self.trouble, error, "error")
        self.trouble.setVisible(bool(error))
