"""Asks what goes into a file of callbacks, and whether personal data is masked in it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from gms_console.callbacks.changing import BY_ADMIN

from ..common import label, named
from ..field_dialog import lay_out_fields

_PURPOSE = "Writes a table in CSV, with a column for each key of the records."
_MASKED = (
    "By the rules of exported evidence: a customer number becomes [phone-1], the same one each "
    "time; e-mail addresses and tokens too."
)


class ExportDialog(QDialog):
    """`wanted` carries the reason of the report, empty for the list, and whether to mask."""

    wanted = Signal(str, bool)

    def __init__(self, count: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("exportCallbacksDialog")
        self.setWindowTitle("Export callbacks")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(max(520, self.fontMetrics().horizontalAdvance("0") * 72))
        self.list_radio = named(
            QRadioButton(f"The &list as it is shown ({count:,})"), "exportListRadio", "The list"
        )
        self.report_radio = named(
            QRadioButton("&GMS's report of callbacks cancelled for"),
            "exportReportRadio",
            "GMS's report of cancelled callbacks",
        )
        group = QButtonGroup(self)
        for radio in (self.list_radio, self.report_radio):
            group.addButton(radio)
        (self.list_radio if count else self.report_radio).setChecked(True)
        self.list_radio.setEnabled(bool(count))
        self.reason_edit = named(QLineEdit(BY_ADMIN), "exportReasonEdit", "Reason")
        self.mask_box = named(
            QCheckBox("&Mask customer numbers and other personal data"),
            "exportMaskBox",
            "Mask personal data",
        )
        self.mask_box.setChecked(True)
        explained = label(_MASKED, "muted")
        explained.setWordWrap(True)
        what, masking = QWidget(), QWidget()
        for holder, parts in (
            (what, (self.list_radio, self._report_row())),
            (masking, (self.mask_box, explained)),
        ):
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(6)
            for part in parts:
                column.addWidget(part)
        self.ok = named(QPushButton("C&hoose a file …"), "exportChooseButton", "Choose a file")
        lay_out_fields(self, _PURPOSE, (("What", what), ("Masking", masking)), self.ok)
        self.report_radio.toggled.connect(self.reason_edit.setEnabled)
        self.reason_edit.setEnabled(self.report_radio.isChecked())

    def _report_row(self) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.report_radio)
        row.addWidget(self.reason_edit, 1)
        return made

    def accept(self) -> None:
        """Tell what was chosen; where it is written to is asked next."""
        reason = self.reason_edit.text().strip() or BY_ADMIN
        super().accept()
        by_report = self.report_radio.isChecked()
        self.wanted.emit(reason if by_report else "", self.mask_box.isChecked())
