"""The faults in force: what goes wrong, where, and how often it did."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QFileDialog, QMenu

from ...models.snapshot_model import Column, SnapshotModel
from ...simulator.desk import SimulatorDesk
from ...simulator.faults import SimulatorFaults
from .fault_dialog import FaultDialog
from .table import SnapshotTable
from .tabs import TableTab

if TYPE_CHECKING:
    from gms_console.simulator.control.view import FaultView

_FILTER = "Fault files (*.yaml *.yml);;All files (*)"


class FaultsTab(TableTab):
    """The plan of faults; the first that hits a request wins."""

    def __init__(self, desk: SimulatorDesk, faults: SimulatorFaults) -> None:
        super().__init__(desk)
        self._faults = faults
        self._dialog: FaultDialog | QFileDialog | None = None
        self._menu: QMenu | None = None
        columns: tuple[Column[FaultView], ...] = (
            Column("On", lambda _: "", checked=lambda one: one.enabled),
            Column("Requests", lambda one: one.where),
            Column("When", lambda one: one.when),
            Column("What happens", lambda one: one.what),
            Column("Seen", lambda one: f"{one.seen:,}", number=True),
            Column("Hit", lambda one: f"{one.hits:,}", number=True),
        )
        self.model = SnapshotModel(columns, lambda one: one.number, self, faults.set_enabled)
        self.table = SnapshotTable(
            self.model,
            ("On _", "request-interaction create", "every 10th time", "", "00,000", "00,000"),
            "simulatorFaults",
            "Faults in force",
            "Nothing goes wrong. Add a fault, or choose one that is made already.",
        )
        self.column.addWidget(self.table, 1)
        self.column.addLayout(self.buttons)
        self._make_buttons()
        self.table.selectionModel().selectionChanged.connect(self._show_buttons)

    def _make_buttons(self) -> None:
        add = self.add_button
        self.add_fault_button = add("&Add …", "simulatorFaultAdd", "Make a fault (Ctrl+N)")
        self.ready_button = add(
            "Ready-&made", "simulatorFaultReady", "Faults that are made already"
        )
        self.remove_button = add("&Remove", "simulatorFaultRemove", "Remove the selected (Del)")
        self.clear_button = add("&Clear", "simulatorFaultClear", "Let nothing go wrong")
        self.buttons.addStretch(1)
        self.load_button = add("Open a fi&le …", "simulatorFaultLoad", "Take the faults of a file")
        self.save_button = add("Sa&ve as …", "simulatorFaultSave", "Write them as a fault file")
        self.add_fault_button.clicked.connect(self.ask_for_fault)
        self.ready_button.clicked.connect(self.show_ready_made)
        self.remove_button.clicked.connect(self.remove)
        self.clear_button.clicked.connect(self._faults.clear)
        self.load_button.clicked.connect(self.ask_for_file)
        self.save_button.clicked.connect(self.ask_where_to_save)

    def refresh(self) -> None:
        """Show the plan and its counts."""
        view = self.desk.view
        self.model.show_rows(view.faults if view is not None else ())
        self._show_buttons()

    def _show_buttons(self) -> None:
        running, some = self.desk.view is not None, self.model.rowCount() > 0
        for button in (self.add_fault_button, self.ready_button, self.load_button):
            button.setEnabled(running)
        for button in (self.clear_button, self.save_button):
            button.setEnabled(some)
        self.remove_button.setEnabled(bool(self.table.chosen()))

    def ask_for_fault(self) -> None:
        """Ask for a new fault."""
        if self.desk.view is None:
            return
        nodes = [one.name for one in self.desk.view.nodes]
        self._dialog = FaultDialog(self._faults.services(), nodes, self._faults.add, self)
        self._dialog.open()

    def show_ready_made(self) -> None:
        """Offer the faults that are made already."""
        menu = self._menu = QMenu(self)
        for name in self._faults.ready_made():
            menu.addAction(name, partial(self._faults.add_ready_made, name))
        above = QPoint(0, -menu.sizeHint().height())
        menu.popup(self.ready_button.mapToGlobal(above))

    def remove(self) -> None:
        """Remove the selected faults; the key does nothing while they are not seen."""
        if self.isVisible():
            self._faults.remove(self.table.chosen())

    # --- files ---------------------------------------------------------------------------------

    def ask_for_file(self) -> None:
        """Ask for a fault file whose faults are taken in place of these."""
        dialog = QFileDialog(self, "Open a fault file", "", _FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self._faults.load(Path(path)))
        self._open(dialog)

    def ask_where_to_save(self) -> None:
        """Ask where the faults are to be written."""
        dialog = QFileDialog(self, "Save the faults", "faults.yaml", _FILTER)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("yaml")
        dialog.fileSelected.connect(lambda path: self._faults.save(Path(path)))
        self._open(dialog)

    def _open(self, dialog: QFileDialog) -> None:
        # One that lives on would keep the key Del for its own list.
        dialog.finished.connect(dialog.deleteLater)
        self._dialog = dialog
        dialog.open()
