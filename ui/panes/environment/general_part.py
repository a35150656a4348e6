"""The section of the settings that says what an environment is and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from gms_console.model.connection import GuardLevel

from ...settings.text import NodeText, SettingsText
from ..common import named
from .fields import Section, SteadyCombo, error_label, show_error, wrapped
from .rows_editor import Row, RowsEditor
from .swatches import ColourPicker

GUARDS = {
    GuardLevel.OPEN: ("Open", "Everything is sent at once."),
    GuardLevel.CONFIRM_FIRST: (
        "Confirm the first create",
        "The first create in each start of the console is confirmed in a dialog.",
    ),
    GuardLevel.CONFIRM_EVERY: (
        "Confirm every create",
        "Every create is confirmed by typing the name of this environment.",
    ),
    GuardLevel.READ_ONLY: (
        "Read-only",
        "Only requests that change nothing go out, such as status; no create does.",
    ),
}
BASE_PATHS = ("/genesys", "/GMS-web/gms")
"""The documented root, and the one of an installation from its package."""

_NODE_COLUMNS = (("Name", 2, 0), ("Base URL", 5, 0), ("Worker in JSESSIONID", 2, 0))


class NodeRow(Row[NodeText]):
    """A node: its name, its base URL, and its name in the load balancer."""

    def __init__(self) -> None:
        super().__init__("node", movable=True)
        self.name = self.add_line("name", "Name", 2)
        self.url = self.add_line("url", "Base URL", 5, "http://localhost:8080")
        self.worker = self.add_line("worker", "Worker", 2, "same as the name")
        self.end_fields()

    def load(self, value: NodeText) -> None:
        """Show a node."""
        self.name.setText(value.name)
        self.url.setText(value.url)
        self.worker.setText(value.worker)

    def value(self) -> NodeText:
        """Give the node as it is typed."""
        return NodeText(self.name.text(), self.url.text(), self.worker.text())


class GeneralPart(Section):
    """Name, colour, guard, nodes, and what all of them have in common."""

    def __init__(self) -> None:
        super().__init__("General")
        self._add_identity()
        self.add_heading("Nodes", "The first is where one starts; the bar switches.")
        self.nodes: RowsEditor[NodeText] = RowsEditor(
            "nodesTable", "node", _NODE_COLUMNS, NodeRow, NodeText()
        )
        self.nodes.changed.connect(self.changed)
        self._nodes_error = error_label()
        self.column.addWidget(self.nodes)
        self.column.addWidget(self._nodes_error)
        self._add_service()
        self.column.addStretch(1)

    def _add_identity(self) -> None:
        group = self.add_group()
        self.name_edit = group.line("N&ame", "name", "environmentNameEdit", "Name", width=320)
        self.colour = ColourPicker()
        self.colour.changed.connect(self.changed)
        group.add("C&olour", self.colour, "colour", buddy=self.colour.edit)
        self.guard_combo = named(SteadyCombo(), "guardCombo", "Guard")
        for level, (title, _) in GUARDS.items():
            self.guard_combo.addItem(title, level)
        self.guard_note = wrapped("")
        self.guard_combo.currentIndexChanged.connect(self._on_guard)
        group.add("Gua&rd", self.guard_combo, "guard", note=self.guard_note, width=320)

    def _add_service(self) -> None:
        self.add_heading("GMS")
        group = self.add_group()
        self.base_path = named(SteadyCombo(), "basePathCombo", "Base path")
        self.base_path.setEditable(True)
        self.base_path.addItems(BASE_PATHS)
        self.base_path.editTextChanged.connect(self.changed)
        note = "For nodes whose base URL has no path of its own; / means none at all."
        group.add("&Base path", self.base_path, "base_path", note=note, width=320)
        self.version = named(SteadyCombo(), "apiVersionCombo", "API version")
        self.version.addItems([str(number) for number in range(1, 10)])
        self.version.currentIndexChanged.connect(self.changed)
        group.add("AP&I version", self.version, "api_version", width=90)
        self.user = group.line(
            "gms_us&er", "gms_user", "gmsUserEdit", "gms_user", hint="not sent", width=320
        )

    def _on_guard(self) -> None:
        self.guard_note.setText(GUARDS[self._guard][1])
        self.changed.emit()

    @property
    def _guard(self) -> GuardLevel:
        return GuardLevel(self.guard_combo.currentData())

    def load(self, text: SettingsText) -> None:
        """Show the fields of this section."""
        self.name_edit.setText(text.name)
        self.colour.edit.setText(text.colour)
        self.guard_combo.setCurrentIndex(list(GUARDS).index(text.guard))
        self.guard_note.setText(GUARDS[text.guard][1])
        self.nodes.load(text.nodes)
        self.base_path.setEditText(text.base_path)
        self.version.setCurrentIndex(text.api_version - 1)
        self.user.setText(text.gms_user)

    def store(self, text: SettingsText) -> SettingsText:
        """Give the settings with the fields of this section as they are typed."""
        return replace(
            text,
            name=self.name_edit.text(),
            colour=self.colour.edit.text().strip(),
            guard=self._guard,
            nodes=self.nodes.values(),
            base_path=self.base_path.currentText(),
            api_version=self.version.currentIndex() + 1,
            gms_user=self.user.text(),
        )

    def show_errors(self, errors: Mapping[str, str]) -> set[str]:
        """Show errors beside fields and rows."""
        taken = super().show_errors(errors)
        taken |= self.show_row_errors("nodes", self.nodes, errors)
        show_error(self.nodes, self._nodes_error, errors.get("nodes", ""))
        taken |= {"nodes"} & set(errors)
        self.errors_here = len(taken)
        return taken

    def field(self, key: str) -> QWidget | None:
        """Give the widget of a field."""
        if key == "nodes":
            return self.nodes.add_button
        return self.row_field("nodes", self.nodes, key) or super().field(key)
