"""The poll control: what to repeat, until when, and the state timeline of it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCompleter,
    QDoubleSpinBox,
    QLineEdit,
    QPushButton,
    QWidget,
)

from gms_console.model.stop_rule import StopRule, StopRuleError
from gms_console.poll import PollOutcome
from gms_console.workspace import PollSettings

from ..console import Console, poll_result
from ..icons import icon
from ..theme import colours
from .common import Pane, give_way, label, named, set_label, set_look
from .state_timeline import StateTimeline


class PollPane(Pane):
    """Polls the selected instance, and shows its states."""

    def __init__(self, console: Console, parent: QWidget | None = None) -> None:
        super().__init__("Poll", parent)
        self._console = console
        settings = console.poll_settings
        self.request_edit = named(QLineEdit(settings.request), "pollRequestEdit", "Request to poll")
        self.request_edit.setMaximumWidth(140)
        self.interval_spin = _seconds(settings.every, 0.1, 3600.0)
        named(self.interval_spin, "pollIntervalSpin", "Interval in seconds")
        self.until_edit = named(
            QLineEdit(settings.until), "pollUntilEdit", "Until the answer has this value"
        )
        self.until_edit.setToolTip(
            "path=value, or several values with commas: status=agent-ready,connected.\n"
            "Empty: until the limit, or the end of the service."
        )
        self.limit_spin = _seconds(settings.within, 0.0, 86400.0)
        named(self.limit_spin, "pollLimitSpin", "Limit in seconds")
        self.limit_spin.setSpecialValueText("no limit")
        self.button = named(QPushButton("Start polling"), "pollButton", "Start polling")
        self.button.setMinimumWidth(130)
        self.state_label = named(label("", "muted"), "pollStateLabel", "Poll state")
        give_way(self.state_label)
        self.timeline = StateTimeline()
        self._lay_out()

        self.button.clicked.connect(self.toggle)
        self.until_edit.textChanged.connect(self._check_until)
        self.timeline.attempt_chosen.connect(console.show_exchange)
        console.poll_changed.connect(self._show)
        console.instance_selected.connect(self._offer_names)
        self._show()

    def _lay_out(self) -> None:
        for text, widget, stretch in (
            ("", self.request_edit, 1),
            ("every", self.interval_spin, 0),
            ("until", self.until_edit, 2),
            ("within", self.limit_spin, 0),
        ):
            if text:
                name = label(text, "muted")
                name.setBuddy(widget)
                self.head.addWidget(name)
            self.head.addWidget(widget, stretch)
        self.head.addWidget(self.button)
        self.head.addWidget(self.state_label, 3)
        self.body.addWidget(self.timeline, 1)

    def settings(self) -> PollSettings:
        """Give the fields as they stand."""
        return PollSettings(
            request=self.request_edit.text(),
            every=self.interval_spin.value(),
            until=self.until_edit.text(),
            within=self.limit_spin.value(),
            tolerate=self._console.poll_settings.tolerate,
        )

    def toggle(self) -> None:
        """Start polling, or stop the poll that runs."""
        self._console.toggle_poll(self.settings())

    def _check_until(self, text: str) -> None:
        problem = ""
        if text.strip():
            try:
                StopRule.parse(text)
            except StopRuleError as error:
                problem = str(error)
        set_look(self.until_edit, "invalid", bool(problem))
        if problem:
            set_label(self.state_label, problem, "error")
        else:
            self._show_state()

    def _offer_names(self) -> None:
        console, instance = self._console, self._console.selected
        kind = None
        if console.catalogue is not None and instance is not None:
            kind = console.catalogue.kind(instance.service)
        requests = [one.name for one in kind.requests] if kind is not None else []
        states = [f"status={one.name}" for one in kind.states] if kind is not None else []
        for edit, names in ((self.request_edit, requests), (self.until_edit, states)):
            completer = QCompleter(names, edit)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            edit.setCompleter(completer)

    def _show(self) -> None:
        poll = self._console.poll
        running = poll is not None and poll.running
        text = "Stop polling" if running else "Start polling"
        if self.button.text() != text or self.button.icon().isNull():
            self.button.setText(text)
            self.button.setAccessibleName(text)
            self.refresh_icons()
        self.button.setEnabled(self._console.selected is not None)
        self.timeline.show_poll(poll)
        self._show_state()

    def refresh_icons(self) -> None:
        """Draw the icon in the colours of the scheme."""
        running = self.button.text() == "Stop polling"
        self.button.setIcon(icon("stop" if running else "play", colours().text))

    def _show_state(self) -> None:
        poll = self._console.poll
        if poll is None or poll.started is None:
            hint = "" if self._console.selected is not None else "Create a service first"
            set_label(self.state_label, hint, "muted")
        else:
            role = {None: "muted", PollOutcome.REACHED: "good", PollOutcome.CANCELLED: "muted"}
            set_label(self.state_label, poll_result(poll), role.get(poll.outcome, "error"))
        self.state_label.setToolTip(self.state_label.text())


def _seconds(value: float, least: float, most: float) -> QDoubleSpinBox:
    spin = QDoubleSpinBox()
    spin.setRange(least, most)
    spin.setDecimals(1)
    spin.setSuffix(" s")
    spin.setValue(value)
    return spin
