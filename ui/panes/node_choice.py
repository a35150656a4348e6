"""The node that one request goes to: the instance's own, or another one of its cluster."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from gms_console.model.environment import Environment
from gms_console.model.exchange import OperationKind

from ..console import Console
from ..preparing import other_node
from ..tips import plain_tip
from .common import give_way, label, named, set_label, set_look


class NodeChoice(QWidget):
    """Shown only where there are several nodes; says plainly when one is not the instance's own."""

    def __init__(self, console: Console, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._console = console
        self._shown: tuple[str, ...] = ()
        self.combo = named(QComboBox(), "requestNodeCombo", "Node that the request goes to")
        self.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.mark = named(label("", "muted"), "requestNodeMark", "Where the request goes")
        give_way(self.mark)
        name = label("To &node", "muted")
        name.setBuddy(self.combo)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(name)
        row.addWidget(self.combo)
        row.addWidget(self.mark, 1)
        self.combo.activated.connect(self._on_chosen)

    def show_place(self, place: Environment) -> None:
        """Offer the nodes of where an instance lives, and show the one that is chosen."""
        nodes = (place.node, *(one.name for one in place.nodes))
        if nodes != self._shown:
            self._shown = nodes
            self.combo.clear()
            for one in place.nodes:
                own = one.name == place.node
                self.combo.addItem(f"{one.name} (its own)" if own else one.name, one.name)
        other = other_node(place, self._console.drafts[OperationKind.REQUEST].node)
        self.combo.setCurrentIndex(self.combo.findData(other or place.node))
        # Of the two ways to say it, the one without colour is for those who see none.
        set_look(self.combo, "warned", bool(other))
        words = f"⚠ Not its own node: the instance lives on {place.node}" if other else ""
        set_label(self.mark, words, "warning" if other else "muted")
        self.mark.setToolTip(plain_tip(words))

    def _on_chosen(self, row: int) -> None:
        place, name = self._console.request_place, self.combo.itemData(row)
        if place is not None:
            self._console.drafts[OperationKind.REQUEST].node = other_node(place, name)
