"""The phone pane: the phone itself, its trail of screens, and the push that starts a flow."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from ...console import Console
from ...phone.desk import METHODS
from ..common import label, named
from .phone_frame import PhoneFrame
from .push_part import PushPart
from .trail_list import TrailList


class PhonePane(QWidget):
    """Plays the customer of the selected instance."""

    def __init__(self, console: Console, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "phonePane", "Phone")
        self._desk = console.phone
        self.frame = PhoneFrame(console)
        self.trail = TrailList(console)
        self.push = PushPart(console)
        self.method_combo = named(
            QComboBox(), "followMethodCombo", "Method that choices are sent with"
        )
        self.method_combo.addItems(list(METHODS))
        self.method_combo.setToolTip(
            "How choices and pushes are followed: POST as documented, or GET as some apps do.\n"
            "Kept for each environment."
        )
        self._lay_out()
        self.method_combo.textActivated.connect(self._desk.set_method)
        self._desk.changed.connect(self._on_change)
        # The simulator's clock goes on without telling.
        self._clock = QTimer(self, interval=1000)
        self._clock.timeout.connect(self._on_clock)
        self._show()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Look at the simulator no more."""
        super().hideEvent(event)
        self._clock.stop()

    def _lay_out(self) -> None:
        name = label("Choices go out by", "muted")
        name.setBuddy(self.method_combo)
        method = QHBoxLayout()
        method.setSpacing(6)
        method.addWidget(name)
        method.addWidget(self.method_combo, 1)
        side = QVBoxLayout()
        side.setSpacing(6)
        side.addLayout(method)
        side.addWidget(label("Screens so far", "muted"))
        side.addWidget(self.trail, 1)
        side.addWidget(self.push)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.frame, 5)
        row.addLayout(side, 4)

    def tab_after(self, before: QWidget) -> None:
        """Have Tab come here after `before`: the phone first, then what stands beside it."""
        for part in (
            *self.frame.tab_parts(),
            self.method_combo,
            self.trail,
            *self.push.tab_parts(),
        ):
            QWidget.setTabOrder(before, part)
            before = part

    def _on_change(self) -> None:
        if self.isVisible():
            self._show()

    def _on_clock(self) -> None:
        if self.isVisible():
            self.push.show_waiting()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Catch up with what happened while another part was in front."""
        super().showEvent(event)
        self._show()
        self._clock.start()

    def _show(self) -> None:
        self.frame.show_phone()
        self.trail.show_trail()
        self.push.show_push()
        method = self._desk.method
        if self.method_combo.findText(method) < 0:
            self.method_combo.addItem(method)
        self.method_combo.setCurrentText(method)
        self.setFocusProxy(self.frame.first)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Choose an entry of the menu by its digit, wherever the focus is on the phone."""
        place = event.key() - Qt.Key.Key_0
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        digit = 1 <= place <= 9 and plain == Qt.KeyboardModifier.NoModifier
        if not (digit and not self._desk.handset.busy and self.frame.choose(place)):
            super().keyPressEvent(event)
