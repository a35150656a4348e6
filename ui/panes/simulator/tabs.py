"""The tabs of the simulator's window that are one table each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from gms_console.presentation import seconds_text
from gms_console.wire.request import shown_headers

from ...models.snapshot_model import Column, SnapshotModel
from ...simulator.desk import SimulatorDesk
from ..common import named
from .table import SnapshotTable

if TYPE_CHECKING:
    from gms_console.simulator import ReceivedRequest
    from gms_console.simulator.control.view import AgentView, InstanceView, NodeView

_SHOWN_BYTES = 64 * 1024
_SECRET = frozenset({"authorization", "proxy-authorization", "apikey", "x-api-key"})


class TableTab(QWidget):
    """A table with buttons below; subclasses say what stands in it."""

    def __init__(self, desk: SimulatorDesk) -> None:
        super().__init__()
        self.desk = desk
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 8, 0, 0)
        self.column.setSpacing(8)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(6)

    def add_button(self, text: str, name: str, tip: str) -> QPushButton:
        """Put a button below the table."""
        made = named(QPushButton(text), name, text.replace("&", ""))
        made.setToolTip(tip)
        made.setEnabled(False)
        self.buttons.addWidget(made)
        return made


class InstancesTab(TableTab):
    """The services that live in the simulator, and the customers who can hang up."""

    def __init__(self, desk: SimulatorDesk) -> None:
        super().__init__(desk)
        columns: tuple[Column[InstanceView], ...] = (
            Column("Service", lambda one: one.service),
            Column("State", lambda one: one.state),
            Column("Waits", lambda one: f"{one.place}." if one.place else "", number=True),
            Column("Agent", lambda one: one.agent),
            Column("Customer", lambda one: one.customer),
            Column("Created", lambda one: f"{one.created:%H:%M:%S}"),
            Column("Id", lambda one: one.id),
        )
        self.model = SnapshotModel(columns, lambda one: one.id, self)
        widths = (
            "VOICE-SCHEDULED-USERTERM",
            "waiting-for-agent",
            "0000.",
            "Agent 000",
            "+1650 466 9999 00",
            "00:00:00",
            "",
        )
        self.table = SnapshotTable(
            self.model,
            widths,
            "simulatorInstances",
            "Live instances of the simulator",
            "Nothing lives here yet. Create a service in the main window.",
        )
        self.hang_up_button = self.add_button(
            "Customer &hangs up", "simulatorHangUp", "The customer leaves the queue or the call"
        )
        self.end_button = self.add_button(
            "&End", "simulatorEnd", "Forget the instance, as if it had never been"
        )
        self.buttons.addStretch(1)
        self.column.addWidget(self.table, 1)
        self.column.addLayout(self.buttons)
        self.hang_up_button.clicked.connect(self.hang_up)
        self.end_button.clicked.connect(self.end)
        self.table.selectionModel().selectionChanged.connect(self._show_buttons)

    def refresh(self) -> None:
        """Show those that live now, the newest first."""
        view = self.desk.view
        self.model.show_rows(view.instances if view is not None else ())
        self._show_buttons()

    def hang_up(self) -> None:
        """Have the customers of the selected instances hang up."""
        chosen = self.table.chosen()
        many, name = f"{len(chosen):,} instances", chosen[0].service if chosen else ""
        one = len(chosen) == 1
        self.desk.drive_each(
            chosen,
            f"The customer of {name} has hung up." if one else f"Customers of {many} have hung up.",
            lambda control, instance: control.hang_up(instance.id),
            nothing=f"{name} was over already." if one else f"The {many} were over already.",
        )

    def end(self) -> None:
        """End the selected instances."""
        chosen = self.table.chosen()
        who = f"{len(chosen):,} instances were" if len(chosen) != 1 else f"{chosen[0].service} was"
        said = f"{who} ended in the simulator."
        self.desk.drive_each(chosen, said, lambda control, one: control.end(one.id))

    def _show_buttons(self) -> None:
        chosen = self.table.chosen()
        self.hang_up_button.setEnabled(any(not one.over for one in chosen))
        self.end_button.setEnabled(bool(chosen))


class AgentsTab(TableTab):
    """The agents, who they serve and for how long."""

    def __init__(self, desk: SimulatorDesk) -> None:
        super().__init__(desk)
        columns: tuple[Column[AgentView], ...] = (
            Column("At work", lambda _: "", checked=lambda one: one.state != "away"),
            Column("Agent", lambda one: one.name),
            Column("State", lambda one: one.state),
            Column("For", lambda one: seconds_text(one.seconds), number=True),
            Column("Left", _left, number=True),
            Column("Serves", lambda one: one.instance),
        )
        self.model = SnapshotModel(columns, lambda one: one.name, self, self._set_at_work)
        self.table = SnapshotTable(
            self.model,
            ("At work", "Agent 0000", "Free ___", "00 min 00 s", "00 min 00 s", ""),
            "simulatorAgents",
            "Agents of the simulator",
            "No agents. The section agents of the configuration names them.",
        )
        self.free_button = self.add_button(
            "Agent free &now", "simulatorAgentFree", "The next in the queue is served at once"
        )
        self.buttons.addStretch(1)
        self.column.addWidget(self.table, 1)
        self.column.addLayout(self.buttons)
        self.free_button.clicked.connect(self.free_now)

    def refresh(self) -> None:
        """Show how they stand."""
        view = self.desk.view
        self.model.show_rows(view.agents if view is not None else ())
        self.free_button.setEnabled(view is not None)

    def free_now(self) -> None:
        """Have an agent take the next in the queue at once."""
        self.desk.drive(
            "An agent is free now, and serves who waited longest.",
            lambda control: control.agent_free_now(),
            nothing="Nobody waits for an agent.",
        )

    def _set_at_work(self, agent: AgentView, on: bool) -> None:
        said = f"{agent.name} is {'at work' if on else 'away'}."
        self.desk.drive(said, lambda control: control.set_away(agent.name, away=not on))


class NodesTab(TableTab):
    """The nodes of the cluster; one that is down refuses connections."""

    def __init__(self, desk: SimulatorDesk) -> None:
        super().__init__(desk)
        columns: tuple[Column[NodeView], ...] = (
            Column("Up", lambda _: "", checked=lambda one: one.up),
            Column("Node", lambda one: one.name),
            Column("Status", lambda one: "ONLINE" if one.online else "OFFLINE"),
            Column("Base URL", lambda one: one.url),
        )
        self.model = SnapshotModel(columns, lambda one: one.name, self, self._set_up)
        self.table = SnapshotTable(
            self.model,
            ("Up _", "node0000", "OFFLINE", ""),
            "simulatorNodes",
            "Nodes of the simulator",
            "The simulator does not run.",
        )
        self.column.addWidget(self.table, 1)

    def refresh(self) -> None:
        """Show how they stand."""
        view = self.desk.view
        self.model.show_rows(view.nodes if view is not None else ())

    def _set_up(self, node: NodeView, on: bool) -> None:
        said = f"{node.name} {'answers again' if on else 'refuses connections now'}."
        self.desk.drive(said, lambda control: control.set_node_up(node.name, up=on))


class ReceivedTab(QSplitter):
    """The requests as the simulator received them, byte for byte."""

    def __init__(self, desk: SimulatorDesk) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self.desk = desk
        self.setChildrenCollapsible(False)
        columns: tuple[Column[ReceivedRequest], ...] = (
            Column("Time", lambda one: f"{one.at.astimezone():%H:%M:%S}"),
            Column("Node", lambda one: one.node),
            Column("Method", lambda one: one.method),
            Column("Target", lambda one: one.target.decode("latin-1")),
            Column("Bytes", lambda one: f"{one.size:,}", number=True),
        )
        self.model = SnapshotModel(columns, lambda one: one.number, self)
        self.table = SnapshotTable(
            self.model,
            ("00:00:00", "node00", "DELETE__", "", "0,000,000"),
            "simulatorReceived",
            "Requests that the simulator received",
            "Nothing has been received yet.",
        )
        self.raw = named(QPlainTextEdit(), "simulatorRaw", "The request as it was received")
        self.raw.setReadOnly(True)
        self.raw.setProperty("role", "code")
        self.raw.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.raw.setPlaceholderText("Choose a request above to see its bytes.")
        self.setContentsMargins(0, 8, 0, 0)
        self.addWidget(self.table)
        self.addWidget(self.raw)
        self.setSizes([260, 240])
        self.table.selectionModel().currentRowChanged.connect(self._show_raw)

    def refresh(self) -> None:
        """Show what has come, the newest first."""
        self.model.show_rows(tuple(reversed(self.desk.received)))

    def _show_raw(self, *_: object) -> None:
        chosen = self.table.current()
        self.raw.setPlainText("" if chosen is None else raw_text(chosen))


def raw_text(request: ReceivedRequest) -> str:
    """Write a request as it came; what is no UTF-8 shows as Latin-1, a cut body says so.

    Credentials are masked, as everywhere on the screen.
    """
    headers = tuple((n.decode("latin-1"), v.decode("latin-1")) for n, v in request.headers)
    head = [f"{request.method} {request.target.decode('latin-1')}"]
    head += [f"{name}: {value}" for name, value in shown_headers(headers, _SECRET)]
    shown = request.body[:_SHOWN_BYTES]
    try:
        body = shown.decode()
    except UnicodeDecodeError:
        body = shown.decode("latin-1")
    notes = []
    if len(shown) < request.size:
        notes.append(f"… {len(shown):,} of {request.size:,} bytes are kept")
    if not request.complete:
        notes.append("… the sender left before the end of its body")
    return "\n".join([*head, "", body, *notes]).replace("\r\n", "\n").replace("\0", "\u2400")


def _left(agent: AgentView) -> str:
    return "" if agent.left is None else seconds_text(agent.left)
