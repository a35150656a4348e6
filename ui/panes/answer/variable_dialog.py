"""Asks for the name under which a value of an answer is kept for forms."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gms_console.redaction import MASK, is_credential_name

from ...capture_desk import CaptureDesk
from ..common import ElidedLabel, label, named, set_label, set_look

_HELP = (
    "Forms, addresses and the poll control take the value wherever its name stands. "
    "It is kept until the console ends, and written to no file."
)
_SHOWN = 200


class VariableDialog(QDialog):
    """Takes a name; it stays open while that names nothing. `key` is what the answer calls it."""

    def __init__(
        self,
        desk: CaptureDesk,
        name: str,
        value: str,
        *,
        key: str,
        origin: str,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._desk, self._value, self._key, self._origin = desk, value, key, origin
        self.setObjectName("variableDialog")
        self.setWindowTitle("Use as variable")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(480)
        self.name_edit = named(QLineEdit(_fitting(name)), "variableNameEdit", "Name")
        self.name_edit.setPlaceholderText("such as id")
        self.name_edit.selectAll()
        self.outcome_label = named(label(""), "variableOutcomeLabel", "What comes of it")
        self.outcome_label.setWordWrap(True)
        self._lay_out()
        self.name_edit.textChanged.connect(self._show_outcome)
        self._show_outcome()
        self.name_edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.keep_button = named(QPushButton("&Keep"), "variableKeepButton", "Keep")
        self.keep_button.setProperty("role", "primary")
        self.keep_button.setDefault(True)
        buttons.addButton(self.keep_button, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        help_label = label(_HELP, "muted")
        help_label.setWordWrap(True)
        value = ElidedLabel()
        value.show_text(MASK if is_credential_name(self._key) else _short(self._value))
        fields = QFormLayout()
        fields.setVerticalSpacing(10)
        fields.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        fields.addRow("&Name", self.name_edit)
        fields.addRow("Value", value)
        fields.addRow("", self.outcome_label)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(14)
        column.addWidget(help_label)
        column.addLayout(fields)
        column.addStretch(1)
        column.addWidget(buttons)

    def _show_outcome(self) -> None:
        name = self.name_edit.text()
        problem = self._desk.problem(name)
        set_look(self.name_edit, "invalid", bool(problem))
        self.keep_button.setEnabled(not problem)
        if problem:
            set_label(self.outcome_label, problem, "error")
            return
        note = self._desk.note(name)
        said = f"Write {{{{{name}}}}} where the value is wanted."
        set_label(self.outcome_label, f"{said}\n{note}" if note else said, "muted")

    def accept(self) -> None:
        """Keep the value under the name."""
        name = self.name_edit.text()
        if self._desk.problem(name):
            return
        super().accept()
        self._desk.take(name, self._value, key=self._key, origin=self._origin)


def _fitting(name: str) -> str:
    """Make a name that is offered of a key, which may be any text."""
    return re.sub(r"[{}\r\n]+", "_", name).strip().lstrip("$").strip()[:80]


def _short(text: str) -> str:
    line = " ".join(text[:_SHOWN].split())
    return line if len(text) <= _SHOWN else f"{line} …"
