"""What the history keeps: for how long, how much, and whether anything at all."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from gms_console.history.rows import HistorySettings
from gms_console.sizes import size_text

from ...history.desk import HistoryDesk, rows_text
from ..common import label, named

_MIB = 1024**2


class HistorySettingsDialog(QDialog):
    """Limits of age and size, private mode, how much there is now, and a way to delete it all.

    `delete_all_wanted` comes when all is to be deleted; who hears it asks first.
    """

    delete_all_wanted = Signal()

    def __init__(self, desk: HistoryDesk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("historySettings")
        self.setWindowTitle("History settings")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(460)
        self.days_spin = named(_spin(3650, " days"), "historyDaysSpin", "Days that rows are kept")
        self.size_spin = named(
            _spin(1024 * 1024, " MiB"), "historySizeSpin", "Mebibytes that are kept at most"
        )
        self.size_spin.setSingleStep(256)
        self.private_box = named(QCheckBox("&Private mode"), "privateBox", "Private mode")
        self.facts_label = named(label("", "muted"), "historyFactsLabel", "How much is kept now")
        self.facts_label.setWordWrap(True)
        self.delete_button = named(
            QPushButton("Delete &everything …"), "deleteAllButton", "Delete everything"
        )
        self.delete_button.setAutoDefault(False)
        buttons = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(buttons.Ok | buttons.Cancel)
        self.buttons.setObjectName("historySettingsButtons")
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.delete_button.clicked.connect(self.delete_all_wanted)
        self._lay_out()
        self._fill(desk.settings)
        desk.settings_changed.connect(self._show_facts)
        self._show_facts()
        desk.read_facts()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setColumnStretch(1, 1)
        for row, (text, spin) in enumerate(
            (("Keep rows &for", self.days_spin), ("Keep at &most", self.size_spin))
        ):
            name = label(text)
            name.setBuddy(spin)
            grid.addWidget(name, row, 0)
            grid.addWidget(spin, row, 1, Qt.AlignmentFlag.AlignLeft)
        starred = label("Rows with a star stay whatever their age.", "muted")
        private = label(
            "While it is on, nothing that you send is kept; what was kept before stays.", "muted"
        )
        private.setWordWrap(True)
        kept = QHBoxLayout()
        kept.addWidget(self.facts_label, 1)
        kept.addWidget(self.delete_button)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addLayout(grid)
        column.addWidget(starred)
        column.addSpacing(6)
        column.addWidget(self.private_box)
        column.addWidget(private)
        column.addSpacing(6)
        column.addLayout(kept)
        column.addSpacing(6)
        column.addWidget(self.buttons)

    def _fill(self, settings: HistorySettings) -> None:
        self.days_spin.setValue(settings.days)
        self.size_spin.setValue(-(-settings.most_bytes // _MIB))
        self.private_box.setChecked(settings.private)

    def _show_facts(self) -> None:
        desk, facts = self._desk, self._desk.facts
        if desk.engine is None:
            self.facts_label.setText("This window keeps no history.")
        else:
            folder = desk.engine.folder
            self.facts_label.setText(
                f"{rows_text(facts.rows)}, {size_text(facts.size)}, in {folder}"
            )
        self.delete_button.setEnabled(desk.engine is not None and facts.rows > 0)

    def accept(self) -> None:
        """Keep by these settings from now on."""
        megabytes = self.size_spin.value()
        before = self._desk.settings.most_bytes
        same = megabytes == -(-before // _MIB)
        self._desk.use(
            HistorySettings(
                days=self.days_spin.value(),
                most_bytes=before if same else megabytes * _MIB,
                private=self.private_box.isChecked(),
            )
        )
        super().accept()


def _spin(most: int, unit: str) -> QSpinBox:
    """Make a field in which nothing means no limit."""
    spin = QSpinBox()
    spin.setRange(0, most)
    spin.setSuffix(unit)
    spin.setSpecialValueText("no limit")
    spin.setMinimumWidth(130)
    return spin
