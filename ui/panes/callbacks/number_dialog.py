"""Asks GMS what it makes of a phone number."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ...callbacks.numbers import NumberDesk
from ...console import Console
from ..common import label, named, prepare_rows
from .notice import Notice
from .parts import TreeHint

_PURPOSE = (
    "What GMS makes of a number: whether it is valid, premium or mobile, and how it is dialled."
)
_FIRST = (
    "is-valid-number",
    "is-possible-number",
    "is-premium",
    "number-E164",
    "number-type",
    "location",
)
"""What is looked for mostly, in bold."""


class NumberDialog(QDialog):
    """Stays open, for one number after the other."""

    def __init__(self, console: Console, desk: NumberDesk, number: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("numberDialog")
        self.setWindowTitle("Check a phone number")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(560, 600)
        self.number_edit = named(QLineEdit(number), "checkNumberEdit", "Phone number")
        self.country_edit = named(QLineEdit(), "checkCountryEdit", "Country")
        self.country_edit.setPlaceholderText("such as FR; empty: the country GMS is set to")
        self.locale_edit = named(QLineEdit(), "checkLocaleEdit", "Language of the place")
        self.locale_edit.setPlaceholderText("geocodingLocale, such as DE")
        self.notice = Notice(console, "number")
        self.tree = named(QTreeWidget(), "numberFacts", "What GMS says of the number")
        prepare_rows(self.tree, ("Key", "Value"), 1)
        self.tree.setColumnWidth(0, self.fontMetrics().horizontalAdvance("0") * 30)
        self._hint = TreeHint(self.tree, "Type a number and press Enter.", below=30)
        self.check_button = named(QPushButton("Chec&k"), "checkNumberButton", "Check the number")
        self._lay_out()
        desk.changed.connect(self._show)
        self.check_button.clicked.connect(self.check)
        self._show()
        self.number_edit.selectAll()
        self.number_edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self.check_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        self.check_button.setProperty("role", "primary")
        self.check_button.setDefault(True)
        purpose = label(_PURPOSE, "muted")
        purpose.setWordWrap(True)
        form = QFormLayout()
        form.setVerticalSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, edit in (
            ("&Number", self.number_edit),
            ("C&ountry", self.country_edit),
            ("&Language", self.locale_edit),
        ):
            form.addRow(text, edit)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(10)
        column.addWidget(purpose)
        column.addLayout(form)
        column.addWidget(self.notice)
        column.addWidget(self.tree, 1)
        column.addWidget(buttons)

    def check(self) -> None:
        """Ask about the number that stands in the field."""
        fields = (self.number_edit, self.country_edit, self.locale_edit)
        self._desk.check(*(edit.text() for edit in fields))

    def _show(self) -> None:
        desk = self._desk
        self.check_button.setEnabled(not desk.asker.busy)
        self.notice.show_all(desk.problem, desk.refusal)
        self.tree.clear()
        for key, value in desk.facts:
            item = QTreeWidgetItem((key, value))
            if key in _FIRST:
                font = item.font(1)
                font.setBold(True)
                item.setFont(1, font)
            self.tree.addTopLevelItem(item)
        self._hint.refresh()
