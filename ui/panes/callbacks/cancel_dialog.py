"""Asks once before callbacks are cancelled: which, where, and by which way."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from gms_console.callbacks.changing import BY_ADMIN
from gms_console.callbacks.record import CallbackRecord

from ..common import label, named
from ..environment.confirm_dialog import Banner

_SHOWN = 200


class CancelDialog(QDialog):
    """`each` carries whether failures of ORS are ignored, `at_once` the reason that is given."""

    each = Signal(bool)
    at_once = Signal(str)

    def __init__(
        self, records: Sequence[CallbackRecord], place: str, colour: str, parent: QWidget
    ) -> None:
        """`place` is what the environment is called, `colour` its own."""
        super().__init__(parent)
        self.setObjectName("cancelCallbacksDialog")
        self.setWindowTitle("Cancel callbacks")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(640, 420)
        count = "1 callback" if len(records) == 1 else f"{len(records):,} callbacks"
        self.banner = Banner(place, colour)
        self.question = named(
            label(f"Cancel {count} in {place}?", "section"), "cancelQuestion", "Question"
        )
        self.question.setWordWrap(True)
        self.list = named(QListWidget(), "cancelList", "Callbacks that are to be cancelled")
        self.list.addItems([record.title for record in records[:_SHOWN]])
        if len(records) > _SHOWN:
            self.list.addItem(f"and {len(records) - _SHOWN:,} more")
        over = sum(record.over for record in records)
        self.over_label = named(label(_said_of_over(over), "warning"), "cancelOver", "Completed")
        self.over_label.setWordWrap(True)
        self.over_label.setVisible(bool(over))
        self._make_ways()
        self._make_buttons(count)
        self._lay_out()
        self._show_way()
        self.keep_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make_ways(self) -> None:
        self.each_radio = named(
            QRadioButton("&One by one: a DELETE for each, with an outcome of its own"),
            "cancelEachRadio",
            "One by one",
        )
        self.at_once_radio = named(
            QRadioButton("&At once: one request to the admin's path, with the reason"),
            "cancelAtOnceRadio",
            "At once",
        )
        self.each_radio.setChecked(True)
        self.discard_box = named(
            QCheckBox("&Ignore a failure of ORS (discard_ors_failure=true)"),
            "discardOrsBox",
            "Ignore a failure of ORS",
        )
        self.reason_edit = named(QLineEdit(BY_ADMIN), "cancelReasonEdit", "Reason")
        self.each_radio.toggled.connect(self._show_way)

    def _make_buttons(self, count: str) -> None:
        self.buttons = QDialogButtonBox()
        self.cancel_button = named(
            QPushButton(f"&Cancel {count}"), "cancelConfirmButton", f"Cancel {count}"
        )
        self.keep_button = named(QPushButton("&Keep them"), "cancelKeepButton", "Keep them")
        self.buttons.addButton(self.keep_button, QDialogButtonBox.ButtonRole.RejectRole)
        self.buttons.addButton(self.cancel_button, QDialogButtonBox.ButtonRole.AcceptRole)
        self.cancel_button.setProperty("role", "primary")
        self.cancel_button.setProperty("guarded", True)
        self.cancel_button.setAutoDefault(False)
        # Enter keeps them, until the other button was gone to.
        self.keep_button.setDefault(True)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def _lay_out(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.banner)
        column = QVBoxLayout()
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(10)
        whole.addLayout(column)
        for part in (self.question, self.list, self.over_label, self.each_radio):
            column.addWidget(part)
        for below, radio in ((self.discard_box, self.at_once_radio), (self.reason_edit, None)):
            row = QHBoxLayout()
            row.setContentsMargins(24, 0, 0, 0)
            row.addWidget(below)
            column.addLayout(row)
            if radio is not None:
                column.addWidget(radio)
        column.addWidget(self.buttons)

    def _show_way(self) -> None:
        one_by_one = self.each_radio.isChecked()
        self.discard_box.setEnabled(one_by_one)
        self.reason_edit.setEnabled(not one_by_one)

    def accept(self) -> None:
        """Tell what was chosen; it is sent by who asked."""
        if self.each_radio.isChecked():
            self.each.emit(self.discard_box.isChecked())
        else:
            self.at_once.emit(self.reason_edit.text().strip() or BY_ADMIN)
        super().accept()


def _said_of_over(count: int) -> str:
    if not count:
        return ""
    who = "1 of them is" if count == 1 else f"{count:,} of them are"
    return f"{who} completed already; GMS refuses to cancel that again."
