"""The simulator's clock and the presenter's two buttons, above the tabs of its window."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QWidget

from gms_console.presentation import seconds_text

from ...simulator.desk import SimulatorDesk
from ..common import label, named

SPEEDS = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 60.0)
STEPS = ((1.0, "+1 s"), (10.0, "+10 s"), (60.0, "+1 min"))
"""Clock seconds that a button jumps ahead, and what stands on it."""


class ClockStrip(QWidget):
    """Shows the simulator's time, stops it, lets it run faster, and jumps ahead.

    `waiting` tells who waits and works; the window places it, as this row has no room for it.
    """

    def __init__(self, desk: SimulatorDesk) -> None:
        super().__init__()
        self._desk = desk
        self.time = named(label("", "title"), "simulatorTime", "Time of the simulator")
        self.day = named(label("", "muted"), "simulatorDay", "Day of the simulator")
        self.pause_button = named(QPushButton("&Pause"), "simulatorPause", "Pause the clock")
        self.pause_button.setCheckable(True)
        self.steps = []
        self.speed = named(QComboBox(), "simulatorSpeed", "Speed of the clock")
        for speed in SPEEDS:
            self.speed.addItem(speed_text(speed), speed)
        self.waiting = named(label("", "muted"), "simulatorWaiting", "Who waits")
        self.waiting.setContentsMargins(0, 0, 0, 7)  # on the line of the titles of tabs
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.time)
        row.addWidget(self.day, 0, Qt.AlignmentFlag.AlignBottom)
        row.addSpacing(8)
        row.addWidget(self.pause_button)
        for seconds, text in STEPS:
            step = named(QPushButton(text), f"simulatorStep{seconds:g}", f"Jump ahead {text[1:]}")
            step.clicked.connect(partial(self._step, seconds))
            self.steps.append(step)
            row.addWidget(step)
        caption = label("Spee&d")
        caption.setBuddy(self.speed)
        row.addWidget(caption)
        row.addWidget(self.speed)
        row.addStretch(1)
        self.pause_button.clicked.connect(self.toggle_pause)
        self.speed.activated.connect(self._set_speed)
        desk.changed.connect(self.refresh)

    def toggle_pause(self) -> None:
        """Stop the clock, or let it go on."""
        view = self._desk.view
        if view is None or not view.clock.paused:
            self._desk.drive("The simulator's clock stands still.", lambda one: one.pause())
        else:
            self._desk.drive("The simulator's clock runs on.", lambda one: one.resume())

    def _step(self, seconds: float) -> None:
        self._desk.drive(
            f"The simulator's clock was put {seconds_text(seconds)} ahead.",
            lambda one: one.step(seconds),
        )

    def _set_speed(self) -> None:
        speed = float(self.speed.currentData())
        self._desk.drive(
            f"The simulator's clock runs at {speed_text(speed)}.",
            lambda one: one.set_speed(speed),
        )

    def refresh(self) -> None:
        """Show the clock as it is."""
        view = self._desk.view
        self.setEnabled(view is not None)
        if view is None:
            self.time.setText("–")
            self.day.setText("")
            self.waiting.setText("")
            return
        self.time.setText(f"{view.clock.now:%H:%M:%S}")
        self.day.setText(f"{view.clock.now:%a %d %b %Y} UTC")
        self.pause_button.setChecked(view.clock.paused)
        self.pause_button.setText("Go &on" if view.clock.paused else "&Pause")
        if not self.speed.hasFocus() or self.speed.findData(view.clock.speed) < 0:
            self._show_speed(view.clock.speed)
        free = sum(one.state == "free" for one in view.agents)
        parts = [
            f"{free} of {len(view.agents)} agents free",
            f"{view.waiting} waiting",
            f"{view.free_numbers} {'number' if view.free_numbers == 1 else 'numbers'} free",
        ]
        if view.pushes:
            parts.append(f"{view.pushes} {'push' if view.pushes == 1 else 'pushes'} to take")
        self.waiting.setText(" · ".join(parts))
        self.waiting.setToolTip(self.waiting.text())

    def _show_speed(self, speed: float) -> None:
        if self.speed.findData(speed) < 0:
            self.speed.addItem(speed_text(speed), speed)
        self.speed.setCurrentIndex(self.speed.findData(speed))


def speed_text(speed: float) -> str:
    """Say how fast a clock runs."""
    return f"{speed:g}×"
