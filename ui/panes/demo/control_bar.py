"""The thin line below the stage: where the story comes from, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from gms_console.journey.player import LONGEST_WAIT, SPEEDS

from ...demo.desk import DemoDesk
from ...icons import icon
from ...models.journey_model import clock_text
from ...tips import plain_tip
from ..common import give_way, icon_button, label, named, set_look
from .scrubber import Scrubber

_SAID_MS = 20_000
"""How long a message stands on the stage; the window keeps it."""


class ControlBar(QWidget):
    """Its buttons have one key each, which the stage takes; `Tab` comes to them after the phone."""

    record_wanted = Signal()
    open_wanted = Signal()
    leave_wanted = Signal()

    def __init__(self, desk: DemoDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.place: QLabel = named(label("", "muted"), "demoPlace", "Where the story comes from")
        give_way(self.place)
        self._text = ""
        self._passing = QTimer(self, interval=_SAID_MS, singleShot=True)
        self._passing.timeout.connect(self._forget)
        self.said: QLabel = named(label("", "muted"), "demoSaid", "Message")
        give_way(self.said)
        self._make_playing()
        self._make_buttons()
        self._lay_out()
        desk.said.connect(self._say)
        self.refresh()

    def _make_playing(self) -> None:
        replay = self._desk.replay
        self.back = _button("demoBack", "step-back", "To the step before (Left)")
        self.play = _button("demoPlay", "play", "Play or pause (Space)")
        self.on = _button("demoOn", "step-on", "To the next step (Right)")
        self.scrubber = Scrubber()
        self.time: QLabel = named(label("", "muted"), "demoTime", "Time in the recording")
        self.speed = named(QComboBox(), "demoSpeed", "Speed")
        self.speed.setToolTip("How fast it is played (+ and -)")
        for one in SPEEDS:
            self.speed.addItem(f"{one:g}×", one)
        self.waits = _button("demoWaits", "", "", "No long waits")
        self.waits.setCheckable(True)
        self.waits.setProperty("role", "toggle")
        self.waits.setToolTip(f"Play no wait for longer than {LONGEST_WAIT:g} s (W)")
        self.back.clicked.connect(lambda: replay.step(-1))
        self.play.clicked.connect(replay.toggle)
        self.on.clicked.connect(lambda: replay.step(1))
        self.scrubber.sought.connect(replay.seek)
        self.speed.activated.connect(lambda place: replay.set_speed(SPEEDS[place]))
        self.waits.clicked.connect(lambda on: replay.set_short_waits(on=on))
        self.live = _button("demoLive", "", "Go back to the live session (L)", "Back to live")
        self.live.clicked.connect(replay.close)

    def _make_buttons(self) -> None:
        desk = self._desk
        self.restart = _button("demoRestart", "", "Tell a new story (N)", "Start over")
        self.record = _button("demoRecord", "record", "", "Record")
        self.masks = _button("demoMasks", "view", "Numbers and secrets (M)", "Masked")
        self.masks.setCheckable(True)
        self.masks.setProperty("role", "toggle")
        self.leave = _button("demoLeave", "close", "Leave demo mode (F11 or Esc)", "Leave")
        self.restart.clicked.connect(desk.start_over)
        self.record.clicked.connect(self.record_wanted)
        self.masks.clicked.connect(lambda on: desk.set_masked(on=on))
        self.leave.clicked.connect(self.leave_wanted)

    def _lay_out(self) -> None:
        self.playing = QWidget()
        line = QHBoxLayout(self.playing)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        for part in (self.back, self.play, self.on):
            line.addWidget(part)
        line.addWidget(self.scrubber, 1)
        for after in (self.time, self.speed, self.waits, self.live):
            line.addWidget(after)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.place, 3)
        row.addWidget(self.said, 4)
        for part in (self.restart, self.record, self.masks, self.leave):
            row.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.playing)
        column.addLayout(row)

    # --- showing ---------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what can be done now."""
        desk, player = self._desk, self._desk.player
        self.place.setText(desk.say(desk.place_text))
        self.playing.setVisible(player is not None)
        self.restart.setVisible(not desk.empty and player is None)
        self.restart.setText("Stop and start over" if desk.example.running else "Start over")
        self.masks.setChecked(desk.masked)
        self.masks.setText("Masked" if desk.masked else "Shown to all")
        recording = desk.recorder.recording
        self.record.setText(f"Recording, {desk.recorder.count}" if recording else "Record")
        self.record.setToolTip("Stop and save (R)" if recording else "Record the session (R)")
        set_look(self.record, "role", "mark" if recording else "")
        set_look(self.masks, "role", "toggle" if desk.masked else "mark")
        self._show_said()
        _set_icon(self.record, "stop" if recording else "record")
        self.record.setVisible(player is None or recording)
        if player is not None:
            _set_icon(self.play, "pause" if player.playing else "play")
            self.play.setAccessibleName("Pause" if player.playing else "Play")
            nearest = min(range(len(SPEEDS)), key=lambda one: abs(SPEEDS[one] - player.speed))
            self.speed.setCurrentIndex(nearest)
            self.waits.setChecked(player.short_waits)
        self.show_position()

    def show_position(self) -> None:
        """Show where a replay is."""
        player = self._desk.player
        if player is not None:
            self.scrubber.show_place(player.position, player.duration, player.marks)
            self.time.setText(f"{clock_text(player.position)} / {clock_text(player.duration)}")

    def _say(self, text: str) -> None:
        self._text = text.replace("\n", " · ")
        self._show_said()
        self._passing.start()

    def _forget(self) -> None:
        self._text = ""
        self._show_said()

    def _show_said(self) -> None:
        """Show the message, masked as the stage is now."""
        said = self._desk.say(self._text)
        if said != self.said.text():
            self.said.setText(said)
            self.said.setToolTip(plain_tip(said))


def _button(name: str, icon_name: str, tip: str, text: str = "") -> QToolButton:
    if icon_name:
        made = icon_button(icon_name, tip, text)
    else:
        made = QToolButton()
        made.setText(text)
        made.setToolTip(tip)
        made.setAccessibleName(text)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setObjectName(name)
    return made


def _set_icon(button: QToolButton, name: str) -> None:
    if button.property("iconName") != name:
        button.setProperty("iconName", name)
        button.setIcon(icon(name))
