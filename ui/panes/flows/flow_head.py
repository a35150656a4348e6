"""What holds for the whole flow: its name, its environment, its variables."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from ...console import Console
from ...models.flow_pairs import PairModel
from ...tips import plain_tip
from ..common import label, named, set_look
from .rows_box import RowsBox, has_keyboard

_ANY = "The environment in use"
_ENV_TIP = (
    "Where the flow is meant to run. Empty: on the environment that is in use then, "
    "in the window or with --env."
)
_VARS_HINT = "No variables. A row `phone = 6504669999` becomes {{phone}} in the steps (Insert)."

_MOST_ROWS = 4
"""Rows of variables that are seen at once; the steps and the run below need the room."""


class FlowHead(QWidget):
    """Edits the name, the environment and, when they are unfolded, the variables."""

    def __init__(self, console: Console, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._console = console
        self._desk = console.flows
        self.name_edit = named(QLineEdit(), "flowNameEdit", "Name of the flow")
        self.name_edit.setPlaceholderText("name of the flow")
        self.env_combo = named(QComboBox(), "flowEnvCombo", "Environment of the flow")
        self.env_combo.setEditable(True)
        self.env_combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        # What is typed is meant, not what it is the beginning of.
        self.env_combo.setCompleter(None)  # type: ignore[arg-type]  # PySide's stub lacks None
        self.env_combo.setMinimumWidth(200)
        self.env_combo.setToolTip(plain_tip(_ENV_TIP))
        self.vars_button = named(QToolButton(), "flowVariablesButton", "Variables of the flow")
        self.vars_button.setCheckable(True)
        self.vars_button.setProperty("role", "toggle")
        self.vars_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        model = PairModel(("Variable", "Value"))
        self.vars_box = RowsBox(model, "flowVars", "Variables", _VARS_HINT, beside=True)
        self.vars_box.hide()
        self._lay_out()
        self.name_edit.textEdited.connect(
            lambda text: self._desk.change("change name", "name", name=text)
        )
        self.env_combo.activated.connect(lambda _: self._on_env())
        line = self.env_combo.lineEdit()
        if line is not None:
            line.setPlaceholderText(_ANY)
            line.editingFinished.connect(self._on_env)
        self.vars_button.toggled.connect(self.vars_box.setVisible)
        model.edited.connect(lambda rows, text: self._desk.change(f"variables: {text}", vars=rows))
        self._desk.changed.connect(self.refresh)
        console.environments.changed.connect(self._offer)
        self._offer()
        self.refresh()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        for words, widget, stretch in (
            ("Name", self.name_edit, 1),
            ("Environment", self.env_combo, 0),
        ):
            name = label(words, "muted")
            name.setBuddy(widget)
            row.addWidget(name)
            row.addWidget(widget, stretch)
        row.addWidget(self.vars_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.vars_box)

    def _offer(self) -> None:
        names = [one.profile.name for one in self._console.environments.profiles]
        shown = self.env_combo.currentText()
        self.env_combo.clear()
        self.env_combo.addItems(["", *names])
        self.env_combo.setEditText(shown)

    def _on_env(self) -> None:
        self._desk.change("change environment", env=self.env_combo.currentText().strip())

    def refresh(self) -> None:
        """Show the flow at hand."""
        flow = self._desk.flow
        if flow is None:
            return
        if self.name_edit.text() != flow.name:
            self.name_edit.setText(flow.name)
        if self.env_combo.currentText() != flow.env:
            self.env_combo.setEditText(flow.env)
        known = {one.profile.name for one in self._console.environments.profiles}
        unknown = bool(flow.env) and self._console.environments.loaded and flow.env not in known
        said = f"There is no environment {flow.env} here." if unknown else ""
        set_look(self.env_combo, "invalid", unknown)
        self.env_combo.setToolTip(plain_tip(said or _ENV_TIP))
        self.env_combo.setAccessibleDescription(said)
        found = [one for one in self._desk.mistakes if one.field == "variables"]
        self.vars_box.show_rows(flow.vars, {one.row or 0: one.text for one in found})
        table = self.vars_box.table
        table.setMaximumHeight(table.height_of(min(max(len(flow.vars), 2), _MOST_ROWS)))
        sign = "⚠ " if found else ""
        self.vars_button.setText(f"{sign}Variables ({len(flow.vars)})")

    def go(self) -> None:
        """Have the keyboard in the name."""
        self.name_edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.name_edit.selectAll()

    def show_variables(self, place: int = -1) -> None:
        """Unfold the variables, and go to a row."""
        self.vars_button.setChecked(True)
        if 0 <= place < self.vars_box.model.rowCount():
            self.vars_box.table.go_to(place)

    def take_open_edits(self, focused: QWidget) -> None:
        """Take over what is being typed in a cell or in the environment."""
        self.vars_box.table.take_open_edit(focused)
        if has_keyboard(self.env_combo):
            self._on_env()
