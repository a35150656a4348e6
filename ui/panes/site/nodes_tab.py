"""The nodes of the environment: whether each is online, and the way to take one off by hand."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QSpinBox,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gms_console.presentation import milliseconds
from gms_console.site.nodes import NodeStatus
from gms_console.site.requests import OFFLINE, ONLINE

from ...site_desk import Node, SiteDesk
from ...theme import colours
from ...tips import plain_tip
from ..common import label, named, prepare_rows
from ..environment.questions import ask

_HEADS = ("Node", "Status", "Asked at", "Time", "Worker", "Base URL", "Why")
_DOT = 14


class NodesTab(QWidget):
    """Shows a row for each node."""

    def __init__(self, desk: SiteDesk) -> None:
        super().__init__()
        self._board = desk.board
        self._question: QWidget | None = None
        self.view = named(QTreeWidget(), "nodeList", "Nodes of the environment")
        prepare_rows(self.view, _HEADS, 6)
        for column in range(6):
            fitting = QHeaderView.ResizeMode.ResizeToContents
            self.view.header().setSectionResizeMode(column, fitting)
        self.check_button = named(QPushButton("Check &all"), "checkNodesButton", "Check all nodes")
        self.check_button.setToolTip("Ask each node for its status (F5)")
        self.check_button.setProperty("role", "primary")
        self.repeat_box = named(
            QCheckBox("Again &every"), "repeatNodesBox", "Check again and again"
        )
        self.every_spin = named(QSpinBox(), "repeatNodesSpin", "Seconds between checks")
        self.every_spin.setRange(5, 3600)
        self.every_spin.setValue(30)
        self.every_spin.setSuffix(" s")
        self.offline_button = named(
            QPushButton("Set o&ffline …"), "setOfflineButton", "Set offline"
        )
        self.online_button = named(QPushButton("Set o&nline …"), "setOnlineButton", "Set online")
        self.error = named(label("", "error"), "nodesError", "What went wrong")
        self.error.setWordWrap(True)
        self._lay_out()
        self.check_button.clicked.connect(self.refresh)
        self.repeat_box.toggled.connect(self._on_repeat)
        self.every_spin.valueChanged.connect(lambda _: self._repeat())
        self.offline_button.clicked.connect(lambda: self.ask_to_change(OFFLINE))
        self.online_button.clicked.connect(lambda: self.ask_to_change(ONLINE))
        self.view.currentItemChanged.connect(lambda *_: self._show_buttons())
        self._board.changed.connect(self.show_nodes)
        self.show_nodes()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.check_button)
        row.addSpacing(10)
        row.addWidget(self.repeat_box)
        row.addWidget(self.every_spin)
        row.addStretch(1)
        row.addWidget(label("By hand only:", "muted"))
        row.addWidget(self.offline_button)
        row.addWidget(self.online_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 10, 4, 4)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.view, 1)
        column.addWidget(self.error)

    def refresh(self) -> None:
        """Check all nodes."""
        self._board.check_all()

    def _on_repeat(self, on: bool) -> None:
        self._repeat()
        if on:
            self.refresh()

    def _repeat(self) -> None:
        self._board.repeat(self.every_spin.value() if self.repeat_box.isChecked() else 0)

    def rest(self) -> None:
        """End the repetition, as when the window is closed."""
        self.repeat_box.setChecked(False)

    @property
    def node(self) -> Node | None:
        """The chosen node."""
        row = self.view.currentIndex().row()
        return self._board.nodes[row] if 0 <= row < len(self._board.nodes) else None

    def ask_to_change(self, status: str) -> None:
        """Ask, naming the node, and set its status."""
        node = self.node
        if node is None:
            return
        details = f"{node.place.base_url}\n" + (
            "It gets no more requests from the load balancer until it is set online again."
            if status == OFFLINE
            else "The load balancer sends requests to it again."
        )
        box = ask(
            self,
            "changeNodeQuestion",
            f"Set {node.name} {status.lower()}?",
            details,
            [
                ("&Leave it", "leaveNodeButton", None),
                (
                    f"&Set {status.lower()}",
                    "changeNodeButton",
                    lambda: self._board.change(node, status),
                ),
            ],
        )
        box.setWindowTitle("Nodes")
        self._question = box

    def show_nodes(self) -> None:
        """Show the nodes and what each said last."""
        view = self.view
        while view.topLevelItemCount() > len(self._board.nodes):
            view.takeTopLevelItem(view.topLevelItemCount() - 1)
        while view.topLevelItemCount() < len(self._board.nodes):
            new = QTreeWidgetItem()
            new.setSizeHint(6, QSize(0, self.fontMetrics().height() + 14))
            view.addTopLevelItem(new)
        for row, node in enumerate(self._board.nodes):
            item = view.topLevelItem(row)
            if item is not None:
                _show_node(item, node)
        if not view.currentIndex().isValid():
            view.setCurrentIndex(view.model().index(0, 0))
        self.error.setText(self._board.error)
        self.error.setVisible(bool(self._board.error))
        self._show_buttons()

    def _show_buttons(self) -> None:
        free = not self._board.asker.busy
        self.check_button.setEnabled(free and bool(self._board.nodes))
        self.offline_button.setEnabled(free and self.node is not None)
        self.online_button.setEnabled(free and self.node is not None)

    def go(self) -> None:
        """Have the keyboard in the list."""
        self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)


def _show_node(item: QTreeWidgetItem, node: Node) -> None:
    state = node.state
    texts = [node.name, NodeStatus.UNKNOWN.value, "", "", "", node.place.base_url, ""]
    if state is not None:
        at = state.at.astimezone().strftime("%H:%M:%S")
        texts[1:5] = [state.status.value, at, milliseconds(state.milliseconds), state.worker]
    for column, text in enumerate(texts):
        item.setText(column, text)
    why = state.text if state is not None else ""
    item.setText(6, " · ".join(why.splitlines()))
    item.setToolTip(6, plain_tip(why))
    ink = QColor(_ink(state.status if state else NodeStatus.UNKNOWN))
    item.setForeground(1, ink)
    item.setIcon(1, _dot(ink))


def _ink(status: NodeStatus) -> str:
    scheme = colours()
    return {
        NodeStatus.ONLINE: scheme.good,
        NodeStatus.OFFLINE: scheme.warning,
        NodeStatus.UNKNOWN: scheme.muted,
    }.get(status, scheme.error)


def _dot(ink: QColor) -> QIcon:
    """Draw a dot, which keeps its colour where the text of a selected row does not."""
    picture = QPixmap(_DOT, _DOT)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawEllipse(2, 2, _DOT - 4, _DOT - 4)
    painter.end()
    return QIcon(picture)
