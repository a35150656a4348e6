"""How flows are run: data rows with their preview, repetitions, and the reports to write."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gms_console.runner.data_rows import DataError, read_rows

from ...flows.run_desk import RunDesk
from ...flows.run_options import MOST_AT_ONCE, MOST_REPEATS, REPORTS, RunOptions, with_suffix
from ...tips import plain_tip
from ..common import Hint, label, named, set_label, set_look

_SHOWN_ROWS = 50
_SHOWN_CELL = 200
_NO_DATA = "Without data rows the flow runs once. A CSV file runs it once for each of its rows."
_LARGEST = 1024 * 1024
"""Bytes of a CSV file that is looked through here, while the window waits; the run reads others."""
_LARGE = "A large file: it is read when the flow runs, which then says what is wrong in it."


class RunOptionsDialog(QDialog):
    """OK uses what is typed; a data file that cannot be read keeps it from that."""

    def __init__(self, desk: RunDesk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._file_dialog: QFileDialog | None = None
        self.setObjectName("runOptionsDialog")
        self.setWindowTitle("How to run")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(680, 560)
        options = desk.options
        self.data_edit = named(
            QLineEdit(str(options.data or "")), "runDataEdit", "File of data rows"
        )
        self.data_edit.setPlaceholderText("CSV file with the names of variables in its first line")
        self.data_button = _choose_button("runDataButton", "Choose a file of data rows")
        self.data_label = named(label("", "muted"), "runDataLabel", "What is in the file")
        self.data_label.setWordWrap(True)
        self.table = named(QTableView(), "runDataTable", "First data rows")
        self.table.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self._rows = QStandardItemModel(self)
        self.table.setModel(self._rows)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self._hint = Hint(self.table, _NO_DATA)
        self.repeat_spin = _spin(options.repeat, MOST_REPEATS, "runRepeatSpin", "Repetitions")
        self.parallel_spin = _spin(
            options.parallel, MOST_AT_ONCE, "runParallelSpin", "Cases at a time"
        )
        self.report_edits = {
            kind: named(
                QLineEdit(str(options.reports.get(kind, ""))), f"run_{kind}_Edit", f"File: {name}"
            )
            for kind, (name, _) in REPORTS.items()
        }
        buttons = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(buttons.Ok | buttons.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._lay_out()
        self.data_edit.textChanged.connect(self._show_data)
        self.data_button.clicked.connect(self._choose_data)
        self._show_data()

    def _lay_out(self) -> None:
        data = QHBoxLayout()
        data.addWidget(self.data_edit, 1)
        data.addWidget(self.data_button)
        numbers = QHBoxLayout()
        for text, spin in (("Repea&t", self.repeat_spin), ("&At a time", self.parallel_spin)):
            name = label(text)
            name.setBuddy(spin)
            numbers.addWidget(name)
            numbers.addWidget(spin)
            numbers.addSpacing(16)
        numbers.addStretch(1)
        reports = QGridLayout()
        for place, (kind, edit) in enumerate(self.report_edits.items()):
            edit.setPlaceholderText("Not written")
            button = _choose_button(f"run_{kind}_Button", f"Choose a file: {REPORTS[kind][0]}")
            button.clicked.connect(lambda _=False, kind=kind: self._choose_report(kind))
            for column, part in enumerate((label(REPORTS[kind][0]), edit, button)):
                reports.addWidget(part, place, column)
        reports.setColumnStretch(1, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(18, 16, 18, 14)
        whole.setSpacing(8)
        whole.addWidget(label("Data rows", "section"))
        whole.addLayout(data)
        whole.addWidget(self.data_label)
        whole.addWidget(self.table, 1)
        whole.addLayout(numbers)
        whole.addSpacing(6)
        whole.addWidget(label("Reports of each run, redacted", "section"))
        whole.addLayout(reports)
        whole.addWidget(self.buttons)

    # --- data rows -----------------------------------------------------------------------------

    @property
    def _data(self) -> Path | None:
        text = self.data_edit.text().strip()
        return Path(text).expanduser() if text else None

    def _show_data(self) -> None:
        """Show the first rows of the file, or what is wrong with it."""
        file = self._data
        rows: list[dict[str, str]] = []
        trouble = told = ""
        if file is not None:
            try:
                if file.stat().st_size <= _LARGEST:
                    rows = read_rows(file)
                    trouble = "" if rows else f"{file.name} has no rows below its first line."
                else:
                    told = _LARGE
            except (DataError, OSError) as error:
                trouble = str(error)
        self._fill(rows[:_SHOWN_ROWS])
        set_look(self.data_edit, "invalid", bool(trouble))
        if trouble:
            set_label(self.data_label, trouble, "error")
        else:
            count = len(rows)
            first = f", the first {_SHOWN_ROWS} are shown" if count > _SHOWN_ROWS else ""
            text = f"{count:,} row{'' if count == 1 else 's'}{first}." if rows else told
            set_label(self.data_label, text, "muted")
        self.data_label.setVisible(bool(self.data_label.text()))
        ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setEnabled(not trouble)

    def _fill(self, rows: list[dict[str, str]]) -> None:
        self._rows.clear()
        self._rows.setHorizontalHeaderLabels(list(rows[0]) if rows else [])
        for row in rows:
            items = [QStandardItem(value[:_SHOWN_CELL]) for value in row.values()]
            for item, value in zip(items, row.values(), strict=True):
                item.setToolTip(plain_tip(value[:2000]))
            self._rows.appendRow(items)
        self._hint.refresh()

    def _choose_data(self) -> None:
        dialog = QFileDialog(self, "Data rows", str(self._folder()), "CSV (*.csv *.tsv *.txt)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.data_edit.setText)
        self._open(dialog)

    def _choose_report(self, kind: str) -> None:
        name, files = REPORTS[kind]
        dialog = QFileDialog(self, name, str(self._folder()), files)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(files.rpartition(".")[2].rstrip(")"))
        dialog.fileSelected.connect(self.report_edits[kind].setText)
        self._open(dialog)

    def _folder(self) -> Path:
        """Begin where the flow is."""
        return self._desk.folder

    def _open(self, dialog: QFileDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._file_dialog = dialog
        dialog.open()

    def accept(self) -> None:
        """Run so from now on."""
        reports = {
            kind: with_suffix(kind, Path(edit.text().strip()).expanduser())
            for kind, edit in self.report_edits.items()
            if edit.text().strip()
        }
        self._desk.use(
            RunOptions(
                data=self._data,
                repeat=self.repeat_spin.value(),
                parallel=self.parallel_spin.value(),
                reports=reports,
            )
        )
        super().accept()


def _choose_button(name: str, spoken: str) -> QPushButton:
    button = named(QPushButton("Choose …"), name, spoken)
    button.setAutoDefault(False)
    return button


def _spin(value: int, most: int, name: str, spoken: str) -> QSpinBox:
    spin = named(QSpinBox(), name, spoken)
    spin.setRange(1, most)
    spin.setValue(value)
    spin.setGroupSeparatorShown(True)
    return spin
