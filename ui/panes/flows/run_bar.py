"""The bar that runs the open flow: what can be done with it now."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from ...actions import keys_text
from ...flows.run_desk import RunDesk
from ...icons import icon
from ..common import icon_button

_LOOKS = {
    "run": ("play", "Run", "Run the flow"),
    "runFromHere": ("play-from", "Run from here", "Run from the step at hand"),
    "pauseRun": ("pause", "Pause", "Pause before the next step"),
    "stopRun": ("stop", "Stop", "Stop; clean-up steps still run. Twice: at once"),
    "runOptions": ("settings", "Options …", "Data rows, repetitions, reports"),
}


class RunBar(QWidget):
    """A button for each action of a RunDesk."""

    def __init__(self, desk: RunDesk, actions: Mapping[str, QAction]) -> None:
        super().__init__()
        self._desk = desk
        self._actions = actions
        self.setObjectName("runBar")
        self.buttons = {name: self._button(name) for name in _LOOKS}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for button in self.buttons.values():
            row.addWidget(button)
        row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        desk.changed.connect(self.refresh)
        self.refresh()

    def _button(self, name: str) -> QToolButton:
        picture, text, tip = _LOOKS[name]
        action = self._actions[name]
        made = icon_button(picture, f"{tip} ({keys_text(action)})", text)
        made.setObjectName(f"{name}Button")
        made.clicked.connect(action.trigger)
        return made

    def refresh(self) -> None:
        """Show what can be done now."""
        desk = self._desk
        possible = {
            "run": desk.can_run,
            "runFromHere": desk.can_run,
            "pauseRun": desk.running and not desk.stopping,
            "stopRun": desk.running,
            "runOptions": not desk.running,
        }
        for name, on in possible.items():
            self.buttons[name].setEnabled(on)
            self._actions[name].setEnabled(on)
        pause = self.buttons["pauseRun"]
        pause.setText("Go on" if desk.paused else "Pause")
        picture = "play" if desk.paused else "pause"
        if pause.property("iconName") != picture:
            pause.setProperty("iconName", picture)
            pause.setIcon(icon(picture))
        self.buttons["stopRun"].setText("Stop at once" if desk.stopping else "Stop")
