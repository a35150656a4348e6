"""The rows of a step's form, in the table that the main window has for its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from gms_console.flow.types import StepKind
from gms_console.model.form import Form, Row

from ...console import Console
from ...models.form_model import FormModel
from ..common import icon_button, named
from ..form_table import FormTable
from .step_fields import StepFields

_HINT = (
    "No rows yet. Add one (Insert), paste lines like language=french, attach a file, "
    "or insert the keys that the service knows."
)


class StepForm(QWidget):
    """Edits the form of the step at hand; undo is the flow's, not the table's own."""

    def __init__(self, console: Console, fields: StepFields) -> None:
        super().__init__()
        self._console = console
        self._desk = console.flows
        self._fields = fields
        self._showing = False
        self._dialog: QWidget | None = None
        self.model = FormModel(parent=self)
        self.table = FormTable(console, self, fields.parameters)
        named(self.table, "stepFormTable", "Rows of the step in wire order")
        self.table.show_form_model(self.model)
        self.table.set_hint(_HINT)
        self._add_keys()
        self.table.refused_text.connect(console.message)
        self._lay_out()
        self.model.form_changed.connect(self._on_form)

    def _lay_out(self) -> None:
        table = self.table
        specs = (
            ("add", "Add a row (Insert)", "Row", "addFormRowButton", table.add_row),
            ("duplicate", "Duplicate rows", "", "duplicateFormRowsButton", table.duplicate_rows),
            ("up", "Move rows up (Alt+Up)", "", "formRowsUpButton", lambda: table.move_rows(-1)),
            ("down", "Move rows down (Alt+Down)", "", "formRowsDownButton", self._down),
            ("remove", "Remove rows (Delete)", "", "removeFormRowsButton", table.remove_rows),
            ("attach", "Attach a file …", "", "attachFormFileButton", self.ask_for_files),
            (
                "catalogue",
                "Insert the keys that the service knows",
                "",
                "insertFormKeysButton",
                self.insert_known_keys,
            ),
        )
        row = QHBoxLayout()
        row.setSpacing(4)
        self.buttons: list[QToolButton] = []
        for picture, tip, text, name, action in specs:
            button = icon_button(picture, tip, text)
            button.setObjectName(name)
            button.clicked.connect(action)
            row.addWidget(button)
            self.buttons.append(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.table, 1)

    @property
    def tab_parts(self) -> tuple[QWidget, ...]:
        """The parts in the order in which they are seen, for the Tab key."""
        return *self.buttons, self.table

    def _add_keys(self) -> None:
        """Have keys for the rows: in this window no menu has them."""
        table = self.table
        for keys, action in (
            ("Ins", table.add_row),
            ("Alt+Up", lambda: table.move_rows(-1)),
            ("Alt+Down", self._down),
        ):
            shortcut = QShortcut(QKeySequence(keys), table)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(action)

    def _down(self) -> None:
        self.table.move_rows(1)

    def _on_form(self) -> None:
        if not self._showing:
            self._desk.change_step("change rows", form=self.model.form)

    def refresh(self) -> None:
        """Show the rows of the step at hand, and what is wrong with them."""
        step, place = self._desk.step, self._desk.current_step
        form = step.form if step is not None else Form()
        self._showing = True
        try:
            if self.model.form != form:
                self.model.show_form(form)
                self.model.undo_stack.clear()
            self.model.set_parameters(self._fields.parameters())
            mine = [one for one in self._desk.mistakes if one.step == place and one.field == "rows"]
            self.model.set_problems({one.row: one.text for one in mine if one.row is not None})
        finally:
            self._showing = False
        self.table.show_problems()

    def insert_known_keys(self) -> None:
        """Add the keys that the form lacks: mandatory ones on, the others off."""
        step, kind = self._desk.step, self._fields.service_kind
        rows: list[Row] = []
        if step is not None and kind is not None:
            request = self._fields.request_kind(step.name)
            if step.kind is StepKind.CREATE:
                rows = kind.missing_rows(step.form)
            elif request is not None:
                rows = request.missing_rows(step.form, "")
        if rows:
            self.table.add_rows(rows)
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._console.message.emit("The catalogue knows no more keys for this step.")

    def ask_for_files(self) -> None:
        """Ask for files to send; those below the flow's folder are named from there."""
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415 - not before it is asked for

        dialog = QFileDialog(self, "Attach files")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(self._on_files)
        self._dialog = dialog
        dialog.open()

    def _on_files(self, names: Sequence[str]) -> None:
        flow = self._desk.flow
        folder = flow.folder if flow is not None and flow.file is not None else None
        paths = [Path(name) for name in names]
        if folder is not None:
            paths = [
                path.relative_to(folder) if path.is_relative_to(folder) else path for path in paths
            ]
        self.model.attach(paths)

    def go_to(self, place: int) -> None:
        """Select a row, and have the keyboard here."""
        self.table.select_places([place])
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_open_edits(self, focused: QWidget) -> None:
        """Take over what is being typed in a cell."""
        popup = QApplication.activePopupWidget()
        if popup is not None and self.table.isAncestorOf(popup):
            popup.close()
        if self.table.isAncestorOf(focused) and focused is not self.table:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
