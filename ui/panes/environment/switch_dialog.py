"""Asks what becomes of what runs at the place that is being left."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QPushButton, QVBoxLayout, QWidget

from ...console import Console
from ...environments.switching import Switch
from ..common import label, named

_HELP = (
    "Kept running, they go on where they are: their cards show the environment, and the bar "
    "above says that they run there."
)


_MOST_LINES = 10
"""Lines that the list grows to before it scrolls."""


class SwitchDialog(QDialog):
    """Lists what is under way; nothing is switched, and nothing stopped, until a button says so."""

    def __init__(self, console: Console, switch: Switch, parent: QWidget) -> None:
        super().__init__(parent)
        self._console = console
        self._switch = switch
        self.setObjectName("switchDialog")
        self.setWindowTitle("Switch environment")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(600)
        self.heading = label("", "title")
        self.heading.setWordWrap(True)
        self.list = named(QListWidget(), "runningList", "What is under way")
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.stop_button = named(QPushButton("S&top them and switch"), "stopAndSwitchButton", "")
        self.keep_button = named(QPushButton("&Keep them running and switch"), "keepButton", "")
        self.stay_button = named(QPushButton("Stay &here"), "stayButton", "")
        for button in (self.stop_button, self.keep_button, self.stay_button):
            button.setAccessibleName(button.text().replace("&", ""))
            button.setAutoDefault(button is self.stay_button)
        self.stay_button.setDefault(True)
        self._lay_out()
        self.stop_button.clicked.connect(console.switching.stop_and_go)
        self.keep_button.clicked.connect(console.switching.keep_and_go)
        self.stay_button.clicked.connect(self.reject)
        console.bridge.poll_changed.connect(self.refresh)
        console.busy_changed.connect(self.refresh)
        console.switching.settled.connect(self.accept)
        self.refresh()
        self.stay_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        help_label = label(_HELP, "muted")
        help_label.setWordWrap(True)
        where = label(f"From {self._switch.old.title}\nto {self._switch.new.title}", "muted")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.stop_button)
        buttons.addWidget(self.keep_button)
        buttons.addStretch(1)
        buttons.addWidget(self.stay_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(10)
        column.addWidget(self.heading)
        column.addWidget(where)
        column.addWidget(self.list)
        column.addWidget(help_label)
        column.addLayout(buttons)

    def refresh(self, _: object = None) -> None:
        """Show what runs now; it may end while the question stands."""
        running = self._console.switching.running(self._switch.old)
        texts = [f"{one.title}   ·   {one.detail}" for one in running]
        if [self.list.item(row).text() for row in range(self.list.count())] != texts:
            row = self.list.currentRow()
            self.list.clear()
            self.list.addItems(texts)
            self.list.setCurrentRow(min(max(row, 0), len(texts) - 1))
            lines = min(max(len(texts), 2), _MOST_LINES)
            self.list.setFixedHeight(lines * (self.fontMetrics().height() + 8) + 8)
        self.heading.setText(_heading(len(running), self._switch.old.name))

    def done(self, result: int) -> None:
        """Stay where one is unless a button switched."""
        console = self._console
        console.bridge.poll_changed.disconnect(self.refresh)
        console.busy_changed.disconnect(self.refresh)
        console.switching.settled.disconnect(self.accept)
        super().done(result)
        console.switching.stay()


def _heading(count: int, name: str) -> str:
    where = f"at {name}" if name else "at the base URL that you leave"
    return f"Still running {where}" if count else f"Nothing runs {where} any more"
