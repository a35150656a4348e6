"""Rows and files that go to an API beside services, in the table that the form has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from gms_console.model.form import Form

from ...console import Console
from ...models.form_cell import Column
from ...models.form_model import FormModel
from ..common import icon_button, named
from ..file_editor import accepts_drop, dropped_files
from ..form_table import FormTable

_FILES = " Attach a file, or drop one here."


class RowsPart(QWidget):
    """Edits rows; `prefix` begins the names of its parts. Ins adds one, Ctrl+Z takes an edit back.

    Keys are of no group here: what begins with `_` is a key as any other.
    """

    def __init__(self, console: Console, prefix: str, spoken: str, *, files: bool) -> None:
        super().__init__()
        self._files = files
        self._dialog: QWidget | None = None
        self.model = FormModel(parent=self)
        self.table = FormTable(console, self, tuple)
        named(self.table, f"{prefix}Table", spoken)
        self.table.show_form_model(self.model)
        self.table.setColumnHidden(Column.GROUP, True)
        hint = "No rows yet. Add one (Insert), or paste lines like city=Paris."
        self.table.set_hint(hint + _FILES if files else hint)
        self.table.refused_text.connect(console.message)
        self.buttons = self._make_buttons(prefix)
        self._lay_out()
        self._add_keys()
        self.setAcceptDrops(files)

    def _make_buttons(self, prefix: str) -> list[QToolButton]:
        table = self.table
        specs = [
            ("add", "Add a row (Insert)", "Row", "AddButton", table.add_row),
            ("remove", "Remove the selected rows (Delete)", "", "RemoveButton", table.remove_rows),
        ]
        if self._files:
            attach = ("attach", "Attach files …", "File", "AttachButton", self.ask_for_files)
            specs.insert(1, attach)
        buttons = []
        for picture, tip, text, name, action in specs:
            button = icon_button(picture, tip, text)
            button.setObjectName(f"{prefix}{name}")
            button.clicked.connect(action)
            buttons.append(button)
        return buttons

    def _lay_out(self) -> None:
        self.row = QHBoxLayout()
        self.row.setSpacing(6)
        for button in self.buttons:
            self.row.addWidget(button)
        self.row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(self.row)
        column.addWidget(self.table, 1)

    def _add_keys(self) -> None:
        for keys, action in (
            ("Ins", self.table.add_row),
            ("Ctrl+Z", self.model.undo_stack.undo),
            ("Ctrl+Shift+Z", self.model.undo_stack.redo),
        ):
            shortcut = QShortcut(QKeySequence(keys), self.table)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(action)

    @property
    def form(self) -> Form:
        """The rows as they stand."""
        return self.model.form

    def show_problems(self, problems: Mapping[int, str]) -> None:
        """Say beside rows why they cannot be sent, and go to the first."""
        self.model.set_problems(problems)
        self.table.show_problems()
        if problems:
            self.table.select_places([min(problems)])
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def clear(self) -> None:
        """Take the rows away, in one step that can be undone."""
        self.model.edit(Form(), "clear the rows")
        self.model.set_problems({})

    def ask_for_files(self) -> None:
        """Ask for files; each gets a row."""
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415 - not before it is asked for

        dialog = QFileDialog(self, "Attach files")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(self._attach)
        self._dialog = dialog
        dialog.open()

    def _attach(self, names: Sequence[str]) -> None:
        self.model.attach(Path(name) for name in names)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Take files that can be sent."""
        if self._files and accepts_drop(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Attach what was dropped."""
        self.model.attach(dropped_files(event))
        event.acceptProposedAction()
