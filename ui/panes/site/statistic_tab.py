"""A statistic: its fields, its value large, and the last values as a line."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from gms_console.model.form import Form
from gms_console.site.requests import (
    NOTIFICATION_MODES,
    STATISTIC_KEYS,
    STATISTIC_PATHS,
    prepare_statistic,
)
from gms_console.site.statistic import StatHistory, read_value

from ...site_desk import SiteDesk
from ..common import Pane, label, named
from .asking_tab import AskingTab, form_layout
from .sparkline import Sparkline

_EXAMPLES = {
    "objectId": "9001@SIP_Switch",
    "objectType": "Queue",
    "tenant": "Environment",
    "metric": "CurrNumberWaitingCalls",
}
_MODE = "notificationMode"
_NO_MODE = "not sent"


class StatisticTab(AskingTab):
    """Fields on the left; the value and its history on the right. Empty fields are not sent."""

    def __init__(self, desk: SiteDesk) -> None:
        super().__init__(desk, desk.statistic, "statistic")
        self.history = StatHistory()
        self._asked: tuple[str, Form] | None = None
        self.fields: dict[str, QLineEdit] = {}
        self.api_combo = named(QComboBox(), "statisticApiCombo", "Which statistics")
        for path in STATISTIC_PATHS:
            self.api_combo.addItem(path)
        self.mode_combo = named(QComboBox(), "statisticModeCombo", "Notification mode")
        self.mode_combo.addItems([_NO_MODE, *NOTIFICATION_MODES])
        self.repeat_box = named(QCheckBox("Again &every"), "statisticRepeatBox", "Ask again")
        self.every_spin = named(QSpinBox(), "statisticEverySpin", "Seconds between questions")
        self.every_spin.setRange(1, 3600)
        self.every_spin.setValue(10)
        self.every_spin.setSuffix(" s")
        self.value = named(label("–", "figure"), "statisticValue", "Value of the statistic")
        self.value.setWordWrap(True)
        self.age = named(label("", "muted"), "statisticAge", "How old the value is")
        self.line_of_values = Sparkline()
        self._lay_out()
        self.repeat_box.toggled.connect(self._on_repeat)
        self.every_spin.valueChanged.connect(lambda _: self._repeat())

    def _lay_out(self) -> None:
        self.line.addStretch(1)
        self.line.addWidget(self.repeat_box)
        self.line.addWidget(self.every_spin)
        self.line.addWidget(self.ask_button)
        fields = QWidget()
        form = form_layout()
        form.setContentsMargins(0, 0, 0, 0)
        fields.setLayout(form)
        form.addRow("Path", self.api_combo)
        for key in STATISTIC_KEYS:
            if key == _MODE:
                form.addRow(key, self.mode_combo)
                continue
            edit = named(QLineEdit(), f"statistic_{key}", key)
            edit.setPlaceholderText(_EXAMPLES.get(key, ""))
            edit.returnPressed.connect(self.refresh)
            if "assword" in key:
                edit.setEchoMode(QLineEdit.EchoMode.Password)
            self.fields[key] = edit
            form.addRow(key, edit)
        value = Pane("Value")
        for widget in (self.value, self.age, self.line_of_values):
            value.body.addWidget(widget)
        value.body.addStretch(1)
        left = QVBoxLayout()
        left.addWidget(fields)
        left.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addLayout(left, 1)
        row.addWidget(value, 1)
        self.body.addLayout(row, 1)

    def refresh(self) -> None:
        """Ask for the value."""
        values = {key: edit.text().strip() for key, edit in self.fields.items()}
        mode = self.mode_combo.currentText()
        values[_MODE] = "" if mode == _NO_MODE else mode
        rows = Form.of(*((key, values[key]) for key in STATISTIC_KEYS))
        path = self.api_combo.currentText()
        if not self.inquiry.ask(lambda environment: prepare_statistic(environment, rows, path)):
            return
        if self._asked not in (None, (path, rows)):
            # Values of another statistic are no history of this one.
            self._empty()
        self._asked = (path, rows)

    def _empty(self) -> None:
        self.history.values.clear()
        self.line_of_values.show_numbers(())
        self.value.setText("–")
        self.age.setText("")

    def show_nothing(self) -> None:
        """Show no value of another place; that of before an error stays, with its time."""
        if not self.inquiry.error:
            self._asked = None
            self._empty()

    def _on_repeat(self, on: bool) -> None:
        self._repeat()
        if on:
            self.refresh()

    def _repeat(self) -> None:
        self.inquiry.repeat(self.every_spin.value() if self.repeat_box.isChecked() else 0)

    def rest(self) -> None:
        """End the repetition, as when the window is closed."""
        self.repeat_box.setChecked(False)

    def show_answer(self) -> None:
        """Show the value and its age."""
        exchange, answer = self.inquiry.exchange, self.inquiry.answer
        if exchange is None or answer is None:
            return
        found = read_value(exchange, answer)
        if found is None:
            return
        self.history.add(found)
        self.value.setText(found.text or "empty")
        at = found.at.astimezone().strftime("%H:%M:%S")
        age = f" · Age {found.age} s" if found.age else " · no Age told"
        self.age.setText(f"asked at {at}{age}")
        self.line_of_values.show_numbers(self.history.numbers)
