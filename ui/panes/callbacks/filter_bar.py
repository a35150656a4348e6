"""The filter above the list of callbacks: way to ask, service, states, customer, time."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QDateTime, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QDateTimeEdit,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gms_console.callbacks.record import STATES

from ...callbacks.filter import CUSTOM, PERIODS, CallbackFilter
from ..common import label, named

_SOURCES = ("Admin queues", "Query")
_SOURCE_TIPS = (
    "GET /1/admin/callback/queues: the callbacks of all services, or of one, by state and time",
    "GET /1/service/callback: records by their properties, of whatever time",
)
_MOST = 100_000


class FilterBar(QWidget):
    """Tells each change by `changed`; Enter in a field by `entered`, which lists in any case."""

    changed = Signal()
    entered = Signal()

    def __init__(self, shown: CallbackFilter) -> None:
        super().__init__()
        self._make_parts(shown)
        self._make_states(shown)
        self._lay_out()
        self._connect()
        self._show_way()

    # --- parts -----------------------------------------------------------------------------------

    def _make_parts(self, shown: CallbackFilter) -> None:
        self.source_combo = named(QComboBox(), "callbackSourceCombo", "Way to ask for callbacks")
        for place, (text, tip) in enumerate(zip(_SOURCES, _SOURCE_TIPS, strict=True)):
            self.source_combo.addItem(text)
            self.source_combo.setItemData(place, tip, Qt.ItemDataRole.ToolTipRole)
        self.source_combo.setCurrentIndex(0 if shown.queues else 1)
        self.service_combo = named(QComboBox(), "callbackServiceCombo", "Callback service")
        self.service_combo.setEditable(True)
        self.service_combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.service_combo.setMinimumContentsLength(14)
        named(self.service_edit, "callbackServiceEdit", "Callback service")
        self.service_edit.setPlaceholderText("All services")
        self.service_edit.setClearButtonEnabled(True)
        completer = self.service_combo.completer()
        if completer is not None:
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.service_combo.setEditText(shown.service)
        self.customer_edit = named(QLineEdit(), "callbackCustomerEdit", "Customer number")
        self.customer_edit.setPlaceholderText("Any customer number")
        self.customer_edit.setClearButtonEnabled(True)
        self.customer_edit.setText(shown.customer)
        self.period_combo = named(QComboBox(), "callbackPeriodCombo", "Period of desired times")
        for key, text in PERIODS.items():
            self.period_combo.addItem(text, key)
        self.period_combo.setItemData(
            0,
            "The admin queues then give 15 minutes back to 24 hours ahead",
            Qt.ItemDataRole.ToolTipRole,
        )
        self.start_edit = _time_edit("callbackStartEdit", "Begin of the period", 0)
        self.end_edit = _time_edit("callbackEndEdit", "End of the period", 1)
        self.further_edit = named(QLineEdit(), "callbackFurtherEdit", "Further keys")
        self.further_edit.setPlaceholderText("such as _vq=SIP_VQ&segment=!gold, sent as they are")
        self.further_edit.setToolTip(
            "A ! negates a value; operand=OR lets one of several criteria do, for one service"
        )
        self.further_edit.setClearButtonEnabled(True)
        self.further_edit.setText(shown.further)
        self.most_spin = named(QSpinBox(), "callbackMostSpin", "Callbacks at most")
        self.most_spin.setRange(0, _MOST)
        self.most_spin.setSpecialValueText("no limit")
        self.most_spin.setSingleStep(100)
        self.most_spin.setValue(shown.most)
        self.most_spin.setKeyboardTracking(False)

    @property
    def service_edit(self) -> QLineEdit:
        """The field that a service is typed into."""
        edit = self.service_combo.lineEdit()
        if edit is None:
            raise TypeError("the list of services can be typed into")
        return edit

    def _make_states(self, shown: CallbackFilter) -> None:
        self.open_button = _toggle("callbackUnfinishedButton", "Not completed")
        self.open_button.setToolTip("All but COMPLETED; a query sends _callback_state=!COMPLETED")
        self.open_button.setChecked(shown.unfinished)
        self.state_buttons = {state: _toggle(f"callbackState_{state}", state) for state in STATES}
        for state, button in self.state_buttons.items():
            button.setChecked(state in shown.states)
        self.state_edit = named(QLineEdit(), "callbackStateEdit", "Other states")
        self.state_edit.setPlaceholderText("another, or !STATE")
        self.state_edit.setClearButtonEnabled(True)
        self.state_edit.setText(", ".join(one for one in shown.states if one not in STATES))

    def _lay_out(self) -> None:
        first, second, third = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for row in (first, second, third):
            row.setSpacing(6)
        for text, part, stretch in (
            ("F&rom", self.source_combo, 0),
            ("&Service", self.service_combo, 2),
            ("C&ustomer", self.customer_edit, 2),
            ("&Time", self.period_combo, 0),
        ):
            self._add(first, text, part, stretch)
        first.addWidget(self.start_edit)
        first.addWidget(self.end_edit)
        second.addWidget(label("States", "muted"))
        second.addWidget(self.open_button)
        for button in self.state_buttons.values():
            second.addWidget(button)
        second.addWidget(self.state_edit, 1)
        second.addStretch(2)
        self._add(third, "Further &keys", self.further_edit, 1)
        self.most_label = self._add(third, "At &most", self.most_spin, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(first)
        column.addLayout(second)
        column.addLayout(third)

    @staticmethod
    def _add(row: QHBoxLayout, text: str, part: QWidget, stretch: int) -> QWidget:
        caption = label(text, "muted")
        caption.setBuddy(part)
        row.addWidget(caption)
        row.addWidget(part, stretch)
        return caption

    def _connect(self) -> None:
        self.source_combo.activated.connect(self._on_way)
        self.period_combo.activated.connect(self._on_way)
        self.service_combo.activated.connect(self.changed)
        self.service_edit.returnPressed.connect(self.entered)
        for field in (self.customer_edit, self.further_edit):
            field.returnPressed.connect(self.entered)
        self.state_edit.textEdited.connect(lambda: self._untoggle(self.open_button))
        self.state_edit.returnPressed.connect(self.entered)
        self.most_spin.valueChanged.connect(self.changed)
        for edit in (self.start_edit, self.end_edit):
            edit.editingFinished.connect(self.changed)
        self.open_button.toggled.connect(self._on_unfinished)
        for button in self.state_buttons.values():
            button.toggled.connect(self._on_state)

    # --- what is chosen --------------------------------------------------------------------------

    def filter(self) -> CallbackFilter:
        """Give what is chosen and typed."""
        custom = self.period_combo.currentData() == CUSTOM
        return CallbackFilter(
            queues=self.source_combo.currentIndex() == 0,
            service=self.service_combo.currentText().strip(),
            states=self._states(),
            unfinished=self.open_button.isChecked(),
            customer=self.customer_edit.text().strip(),
            further=self.further_edit.text().strip(),
            period=self.period_combo.currentData(),
            start=_moment(self.start_edit) if custom else None,
            end=_moment(self.end_edit) if custom else None,
            most=self.most_spin.value(),
        )

    def _states(self) -> tuple[str, ...]:
        chosen = [one for one, button in self.state_buttons.items() if button.isChecked()]
        typed = [one.strip() for one in self.state_edit.text().split(",") if one.strip()]
        return tuple(dict.fromkeys((*chosen, *typed)))

    def offer_services(self, names: tuple[str, ...]) -> None:
        """Offer these services; what is typed stays."""
        combo, there = (
            self.service_combo,
            [self.service_combo.itemText(place) for place in range(self.service_combo.count())],
        )
        if there == list(names):
            return
        text = combo.currentText()
        with QSignalBlocker(combo):
            combo.clear()
            combo.addItems(names)
            combo.setEditText(text)

    def choose_service(self, name: str) -> None:
        """Look for the callbacks of one service."""
        self.service_combo.setEditText(name)
        self.entered.emit()

    def _on_unfinished(self, on: bool) -> None:
        if on:
            self._untoggle(*self.state_buttons.values())
            self.state_edit.clear()
        self.changed.emit()

    def _on_state(self, on: bool) -> None:
        if on:
            self._untoggle(self.open_button)
        self.changed.emit()

    @staticmethod
    def _untoggle(*buttons: QToolButton) -> None:
        for button in buttons:
            with QSignalBlocker(button):
                button.setChecked(False)

    def _on_way(self) -> None:
        self._show_way()
        self.changed.emit()

    def _show_way(self) -> None:
        """Show the fields that the chosen way and period have."""
        custom = self.period_combo.currentData() == CUSTOM
        for edit in (self.start_edit, self.end_edit):
            edit.setVisible(custom)
        by_queues = self.source_combo.currentIndex() == 0
        self.source_combo.setToolTip(_SOURCE_TIPS[self.source_combo.currentIndex()])
        self.most_label.setVisible(by_queues)
        self.most_spin.setVisible(by_queues)


def _toggle(object_name: str, text: str) -> QToolButton:
    made = named(QToolButton(), object_name, text)
    made.setText(text)
    made.setCheckable(True)
    made.setProperty("role", "toggle")
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made


def _time_edit(object_name: str, meaning: str, days: int) -> QDateTimeEdit:
    made = named(QDateTimeEdit(), object_name, f"{meaning}, in local time")
    made.setDisplayFormat("yyyy-MM-dd HH:mm")
    made.setCalendarPopup(True)
    made.setDateTime(QDateTime.currentDateTime().addDays(days))
    return made


def _moment(edit: QDateTimeEdit) -> datetime:
    return datetime.fromtimestamp(edit.dateTime().toSecsSinceEpoch()).astimezone()
