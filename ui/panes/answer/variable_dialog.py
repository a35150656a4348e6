"""Asks for the name under which a value of an answer is kept for forms."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QPushButton, QWidget

from gms_console.redaction import MASK, is_credential_name

from ...capture_desk import CaptureDesk, short_value
from ..common import ElidedLabel, label, named, set_label, set_look
from ..field_dialog import lay_out_fields

_HELP = (
    "Forms, addresses and the poll control take the value wherever its name stands. "
    "It is kept until the console ends, and written to no file."
)


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
        self.keep_button = named(QPushButton("&Keep"), "variableKeepButton", "Keep")
        shown = ElidedLabel()
        shown.show_text(MASK if is_credential_name(key) else short_value(value))
        fields = (("&Name", self.name_edit), ("Value", shown), ("", self.outcome_label))
        lay_out_fields(self, _HELP, fields, self.keep_button)
        self.name_edit.textChanged.connect(self._show_outcome)
        self._show_outcome()
        self.name_edit.setFocus(Qt.FocusReason.OtherFocusReason)

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
