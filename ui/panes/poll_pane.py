"""The poll control: what to repeat, until when, and its states as a timeline and as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from gms_console.instance import Instance
from gms_console.poll import Poll, PollOutcome
from gms_console.workspace import PollSettings

from ..console import Console
from ..icons import icon
from ..live import poll_result
from ..theme import colours
from ..tips import plain_tip
from .attempt_tables import AttemptTables
from .common import Pane, give_way, icon_button, label, named, set_label, set_look
from .state_timeline import StateTimeline
from .suggestions import Suggestion, make_completer

if TYPE_CHECKING:
    from gms_console.catalogue import ServiceKind


class PollPane(Pane):
    """Polls the selected instance, and shows its states."""

    def __init__(self, console: Console, parent: QWidget | None = None) -> None:
        super().__init__("Poll", parent)
        self._console = console
        settings = console.live.poll_settings
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
        self.tables = AttemptTables(self._status_of)
        self._tables_wanted = True
        # Not there before there is a poll to zoom, and several to choose from.
        self._zoom_strip: QWidget | None = None
        self._chooser: QComboBox | None = None
        self._newest: Poll | None = None
        self._shown: Poll | None = None
        self._taking = False
        self._offered: tuple[ServiceKind | None] | None = None
        self._lay_out()
        self._connect(console)
        self._show()

    def _connect(self, console: Console) -> None:
        self.button.clicked.connect(self.toggle)
        self.until_edit.textChanged.connect(self._check_until)
        for edit in (self.request_edit, self.until_edit):
            edit.textChanged.connect(self._remember)
        for spin in (self.interval_spin, self.limit_spin):
            spin.valueChanged.connect(self._remember)
        self.timeline.attempt_marked.connect(self.tables.mark)
        self.timeline.attempt_chosen.connect(console.show_exchange)
        self.tables.picked.connect(self.timeline.choose)
        self.tables.copied.connect(console.message)
        console.live.poll_changed.connect(self._show)
        console.live.poll_offered.connect(self._take_offer)
        console.live.instance_selected.connect(self._on_instance)
        console.services.catalogue_changed.connect(self._on_catalogue)

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
        left = QWidget()
        self._row = QHBoxLayout(left)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4)
        self._row.addWidget(self.timeline, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(8)
        self.splitter.addWidget(left)
        self.splitter.addWidget(self.tables)
        self.splitter.setCollapsible(0, False)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        self.splitter.setSizes([860, 368])
        self.tables.hide()
        self.body.addWidget(self.splitter, 1)

    # --- the fields --------------------------------------------------------------------------

    def settings(self) -> PollSettings:
        """Give the fields as they stand."""
        return PollSettings(
            request=self.request_edit.text(),
            every=self.interval_spin.value(),
            until=self.until_edit.text(),
            within=self.limit_spin.value(),
            tolerate=self._console.live.poll_settings.tolerate,
        )

    def _take(self, settings: PollSettings) -> None:
        """Put settings into the fields."""
        if settings == self.settings():
            return
        self._taking = True
        self.request_edit.setText(settings.request)
        self.interval_spin.setValue(settings.every)
        self.until_edit.setText(settings.until)
        self.limit_spin.setValue(settings.within)
        self._taking = False

    def _remember(self) -> None:
        if not self._taking:
            self._console.live.remember_poll_settings(self.settings())

    def _take_offer(self, request: str, until: str) -> None:
        """Put a request and a stop rule into the fields, to be started with Ctrl+R."""
        self.request_edit.setText(request)
        self.until_edit.setText(until)
        self.until_edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def toggle(self) -> None:
        """Start polling, or stop the poll that runs."""
        self._console.live.toggle_poll(self.settings())

    def _check_until(self, text: str) -> None:
        problem = self._console.live.until_problem(text)
        set_look(self.until_edit, "invalid", bool(problem))
        if problem:
            set_label(self.state_label, problem, "error")
        else:
            self._show_state()

    def _on_instance(self) -> None:
        live = self._console.live
        if live.selected is not None:
            self._take(live.poll_settings_for(live.selected))
        self._offer_names()

    def _on_catalogue(self) -> None:
        self._offer_names()
        self._show_timeline()

    def _offer_names(self) -> None:
        """Offer the requests and states of the kind of the selected instance."""
        kind = self._kind(self._console.live.selected)
        if self._offered == (kind,):
            return
        self._offered = (kind,)
        requests = kind.requests if kind is not None else ()
        states = kind.states if kind is not None else ()
        field = kind.state_field if kind is not None else ""
        for edit, offered in (
            (self.request_edit, [Suggestion(one.name, one.meaning) for one in requests]),
            (self.until_edit, [Suggestion(f"{field}={one.name}", one.meaning) for one in states]),
        ):
            edit.setCompleter(make_completer(offered, edit))

    def _kind(self, instance: Instance | None) -> ServiceKind | None:
        named_service = instance is not None and bool(instance.service)
        return self._console.live.kind_of(instance) if instance and named_service else None

    # --- what the poll does --------------------------------------------------------------------

    def _show(self) -> None:
        poll = self._console.live.poll
        if poll is not self._newest:
            self._newest = self._shown = poll
            if poll is not None and poll.running and poll.plan.request:
                # It may have been started with other values than those of its instance.
                self._take(self._console.live.poll_settings)
        running = poll is not None and poll.running
        text = "Stop polling" if running else "Start polling"
        if self.button.text() != text or self.button.icon().isNull():
            self.button.setText(text)
            self.button.setAccessibleName(text)
            self.refresh_icons()
        self.button.setEnabled(self._console.live.selected is not None)
        self._show_timeline()
        self._show_state()

    def _show_timeline(self) -> None:
        """Show the chosen poll of the selected instance: the newest, or an earlier one."""
        poll = self._shown
        kind = self._kind(poll.instance) if poll is not None else None
        self.timeline.show_poll(poll, kind)
        if poll is not None and self._zoom_strip is None:
            self._zoom_strip = self._make_zoom_strip()
            self._row.addWidget(self._zoom_strip)
        if self._zoom_strip is not None:
            self._zoom_strip.setVisible(poll is not None)
        self._offer_polls()
        another = poll is not self.tables.poll
        self.tables.show_poll(poll, kind)
        self.tables.setVisible(self._tables_wanted and poll is not None)
        if another:
            self.tables.mark(-1)

    def _status_of(self, exchange_id: str) -> int | None:
        exchange = self._console.session.exchanges.get(exchange_id)
        return exchange.response.status if exchange is not None and exchange.response else None

    def refresh_icons(self) -> None:
        """Draw the icon in the colours of the scheme."""
        running = self.button.text() == "Stop polling"
        self.button.setIcon(icon("stop" if running else "play", colours().text))

    def _show_state(self) -> None:
        poll = self._console.live.poll
        if poll is None or poll.started is None:
            hint = "" if self._console.live.selected is not None else "Create a service first"
            set_label(self.state_label, hint, "muted")
        else:
            role = {None: "muted", PollOutcome.REACHED: "good", PollOutcome.CANCELLED: "muted"}
            set_label(self.state_label, poll_result(poll), role.get(poll.outcome, "error"))
        self.state_label.setToolTip(plain_tip(self.state_label.text()))

    # --- zoom, tables, earlier polls -----------------------------------------------------------

    def _make_zoom_strip(self) -> QWidget:
        strip = QWidget()
        column = QVBoxLayout(strip)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        for name, icon_name, tip, action in (
            ("timelineZoomIn", "zoom-in", "Zoom in (+, or the wheel)", self.timeline.zoom_in),
            ("timelineZoomOut", "zoom-out", "Zoom out (-)", self.timeline.zoom_out),
            ("timelineZoomFit", "zoom-fit", "Show all of the poll (0)", self.timeline.zoom_fit),
        ):
            button = icon_button(icon_name, tip)
            button.setObjectName(name)
            button.clicked.connect(action)
            column.addWidget(button)
        column.addStretch(1)
        return strip

    def toggle_tables(self) -> None:
        """Show the tables beside the timeline, or leave it all the width."""
        self._tables_wanted = not self._tables_wanted
        if not self._tables_wanted and self.tables.isAncestorOf(self.focusWidget() or self):
            self.timeline.setFocus(Qt.FocusReason.OtherFocusReason)
        self.tables.setVisible(self._tables_wanted and self._shown is not None)

    def _polls(self) -> list[Poll]:
        selected = self._console.live.selected
        return self._console.session.polls.get(selected, []) if selected is not None else []

    def _offer_polls(self) -> None:
        """Offer all polls of the instance where there are several, the newest first."""
        polls = self._polls()
        if self._chooser is None:
            if len(polls) < 2:
                return
            self._chooser = named(QComboBox(), "pollChooser", "Which poll is shown")
            self._chooser.setToolTip("The polls of this instance; the newest is the first")
            self.head.addWidget(self._chooser)
            self.setTabOrder(self.button, self._chooser)
            self._chooser.activated.connect(self._choose_poll)
        chooser, count = self._chooser, len(polls)
        texts = [_poll_title(poll, count - back, count) for back, poll in enumerate(polls[::-1])]
        if [chooser.itemText(place) for place in range(chooser.count())] != texts:
            chooser.clear()
            chooser.addItems(texts)
        if self._shown in polls:
            chooser.setCurrentIndex(count - 1 - polls.index(self._shown))
        chooser.setVisible(count > 1)

    def _choose_poll(self, row: int) -> None:
        polls = self._polls()
        if 0 <= row < len(polls):
            self._shown = polls[len(polls) - 1 - row]
            self._show_timeline()


def _poll_title(poll: Poll, number: int, count: int) -> str:
    begun = f", {poll.started.astimezone():%H:%M:%S}" if poll.started is not None else ""
    return f"Poll {number} of {count}{begun}"


def _seconds(value: float, least: float, most: float) -> QDoubleSpinBox:
    spin = QDoubleSpinBox()
    spin.setRange(least, most)
    spin.setDecimals(1)
    spin.setSuffix(" s")
    spin.setValue(value)
    return spin
