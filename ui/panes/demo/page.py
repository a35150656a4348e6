"""The presenter layout: the phone, the story and the states, in large type."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSizeF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QGridLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ...demo.desk import DemoDesk
from ..common import Pane, label, named
from ..phone.phone_frame import PhoneFrame
from .control_bar import ControlBar
from .customer_choice import CustomerChoice
from .journey_view import JourneyView
from .large_type import fit_type, large_font
from .start_page import StartPage
from .state_track import StateTrack


class DemoPage(QWidget):
    """Reads the DemoDesk and nothing else; only its phone can be pressed while it is live."""

    leave_wanted = Signal()
    record_wanted = Signal()
    open_wanted = Signal()

    def __init__(self, desk: DemoDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "demoPage", "Demo mode")
        self.desk = desk
        self._shown: tuple[bool, object] = (True, None)
        self.start = StartPage()
        self.phone = PhoneFrame(desk)
        self.journey = JourneyView(desk)
        self.track = StateTrack(desk)
        self.customer = CustomerChoice(desk)
        self.bar = ControlBar(desk)
        self._headings = (label("The customer's journey"), label("The contact center's side"))
        self._lay_out()
        self._make_keys()
        self._connect()
        fit_type(self.height())
        self._set_fonts()
        self.refresh()

    def _lay_out(self) -> None:
        story, states = Pane(""), Pane("")
        story.head.addWidget(self._headings[0], 1)
        story.head.addWidget(self.customer)
        story.body.addWidget(self.journey, 1)
        states.head.addWidget(self._headings[1])
        states.body.addWidget(self.track, 1)
        stage = QWidget()
        grid = QGridLayout(stage)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(14)
        grid.addWidget(self.phone, 0, 0, 2, 1)
        grid.addWidget(story, 0, 1)
        grid.addWidget(states, 1, 1)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)
        grid.setRowStretch(0, 1)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.start)
        self.pages.addWidget(stage)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 10)
        column.setSpacing(10)
        column.addWidget(self.pages, 1)
        column.addWidget(self.bar)

    def _make_keys(self) -> None:
        desk, replay = self.desk, self.desk.replay
        self._playing_keys = [
            self._key("Space", self._play_or_press),
            self._key("Left", lambda: replay.step(-1)),
            self._key("Right", lambda: replay.step(1)),
            self._key("Home", lambda: replay.seek(0.0)),
            self._key("End", lambda: replay.seek(replay.player.duration if replay.player else 0.0)),
            self._key("+", lambda: replay.faster(1)),
            self._key("-", lambda: replay.faster(-1)),
            self._key("W", self.bar.waits.click),
            self._key("L", replay.close),
        ]
        self._key("R", self.record_wanted.emit)
        self._key("M", lambda: desk.set_masked(on=not desk.masked))
        self._key("N", desk.start_over)
        self._key("C", desk.next_customer)
        self._key("Shift+C", lambda: desk.next_customer(-1))

    def _play_or_press(self) -> None:
        """Press the button that has the focus, where it is one of the bar; else play or pause."""
        focused = QApplication.focusWidget()
        if isinstance(focused, QAbstractButton) and self.bar.isAncestorOf(focused):
            focused.click()
        else:
            self.desk.replay.toggle()

    def _key(self, key: str, run: Callable[[], object]) -> QShortcut:
        made = QShortcut(QKeySequence(key), self)
        made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        made.activated.connect(run)
        return made

    def _connect(self) -> None:
        desk, start, bar = self.desk, self.start, self.bar
        desk.changed.connect(self.refresh)
        desk.moved.connect(self._on_move)
        desk.phone.changed.connect(self._show_phone)
        start.tour_wanted.connect(desk.tour_wanted)
        start.example_wanted.connect(desk.play_example)
        start.open_wanted.connect(self.open_wanted)
        start.by_hand_wanted.connect(desk.begin_by_hand)
        bar.record_wanted.connect(self.record_wanted)
        bar.leave_wanted.connect(self.leave_wanted)
        self.journey.chosen.connect(desk.replay.go_to)

    # --- showing ---------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the story as it is now; nothing while nobody looks."""
        if not self.desk.active:
            return
        lost = self._show_stage()
        for key in self._playing_keys:
            key.setEnabled(self.desk.player is not None)
        self.customer.refresh()
        self.journey.refresh()
        self.bar.refresh()
        self._show_phone()
        self._on_move()
        if lost:
            self.take_focus()

    def _show_stage(self) -> bool:
        """Show the stage or how to begin; say whether the keyboard was on what was shown before.

        It does so while a dialog is still open, too.
        """
        shown = (self.desk.empty, self.desk.player)
        if shown == self._shown:
            return False
        self._shown = shown
        focused = self.window().focusWidget()
        lost = focused is None or self.isAncestorOf(focused)
        self.pages.setCurrentIndex(0 if self.desk.empty else 1)
        return lost

    def _on_move(self) -> None:
        if self.desk.active:
            self.track.refresh()
            self.bar.show_position()

    def _show_phone(self) -> None:
        if self.desk.active and not self.desk.empty:
            focused = QApplication.focusWidget()
            self.phone.show_phone()
            # A ring around the whole screen of the phone would be all that people see.
            if QApplication.focusWidget() is self.phone.area is not focused:
                self.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_focus(self) -> None:
        """Have the keyboard where a person begins."""
        phone = self.phone.first
        live = self if phone is self.phone.area else phone
        target = self.start.buttons[0] if self.desk.empty else live
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Choose an entry of the phone's menu by its digit."""
        place = event.key() - Qt.Key.Key_0
        if not (1 <= place <= 9 and not self.desk.empty and self.phone.choose(place)):
            super().keyPressEvent(event)

    def refresh_look(self) -> None:
        """Follow the colours and the text size of the application."""
        self._set_fonts()
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Write larger where there is more room."""
        super().resizeEvent(event)
        if fit_type(self.height()):
            self._set_fonts()

    def _set_fonts(self) -> None:
        for heading in self._headings:
            heading.setFont(large_font(0.82, bold=True))
        self.phone.enlarge(large_font(0.85), QSizeF(760, 1400))
        self.start.set_fonts()
        self.customer.enlarge()
        self.track.updateGeometry()
        self.journey.wrap()
