"""What the catalogue says of the form, in full, below its rows. It never stops a send."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from ..console import Console
from ..models.form_cell import ADVICE_SIGN, PROBLEM_SIGN
from .common import label, named, set_label
from .form_table import FormTable


class AdviceBar(QWidget):
    """The note of the current row, and what is missing in the form, with a button to mend it.

    It follows the table, which holds news back while a cell is being edited.
    """

    def __init__(self, console: Console, table: FormTable) -> None:
        super().__init__()
        self._console = console
        self._table = table
        self.row_label = named(_line(), "rowNoteLabel", "Note on the current row")
        self.form_label = named(_line(), "formAdviceLabel", "Advice on the form")
        self.supply_button = named(QToolButton(), "supplyButton", "Supply mandatory rows")
        self.supply_button.setToolTip(
            "Switch on the mandatory rows that are off, and add those that are missing"
        )
        self.supply_button.clicked.connect(console.advice.supply)
        self._below = QWidget()
        row = QHBoxLayout(self._below)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.form_label, 1)
        row.addWidget(self.supply_button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.row_label)
        column.addWidget(self._below)
        table.notes_shown.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Say what there is to say; take no room for nothing."""
        note = self._row_note()
        self.row_label.setVisible(bool(note))
        set_label(self.row_label, note, "error" if note.startswith(PROBLEM_SIGN) else "warning")
        form = self._console.advice.form
        self._below.setVisible(bool(form))
        self.form_label.setText("\n".join(f"{ADVICE_SIGN} {line}" for line in form))
        self.supply_button.setText(
            "Add" if self._console.draft.form_model.mandatory_missing else "Switch on"
        )
        self.setVisible(bool(note or form))

    def _row_note(self) -> str:
        """Give the current row's note; where it has none, that others do."""
        if self._table.model() is None:
            return ""
        model, index = self._table.form_model, self._table.currentIndex()
        note = model.note(index.row()) if index.isValid() else ""
        if note or not model.advised:
            return note
        rows = "1 row has" if model.advised == 1 else f"{model.advised} rows have"
        return f"{ADVICE_SIGN} {rows} advice beside {'it' if model.advised == 1 else 'them'}."


def _line() -> QLabel:
    made = label("", "warning")
    made.setWordWrap(True)
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return made
