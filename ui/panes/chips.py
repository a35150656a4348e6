"""The chips of an instance: id, access number, code and remaining time, each copied by a click."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QToolButton, QWidget

from gms_console.model.answer import Access

from ..models.instance_card import remaining_text
from ..tips import plain_tip
from .common import named, set_look
from .flow import FlowBar

CLOCK_MS = 500


class ChipBar(FlowBar):
    """Shows what there is to copy; a chip that has nothing to say is not there.

    The object names of the chips begin with `prefix`, as in `chipId`; `small` ones take less room.
    """

    copied = Signal(str)

    def __init__(
        self, parent: QWidget | None = None, *, prefix: str = "chip", small: bool = False
    ) -> None:
        super().__init__(parent)
        self._small = small
        self._access: Access | None = None
        self._id = self._chip(f"{prefix}Id", "Instance id")
        self._number = self._chip(f"{prefix}AccessNumber", "Access number")
        self._code = self._chip(f"{prefix}AccessCode", "Access code")
        self._remaining = self._chip(f"{prefix}Remaining", "Remaining time")
        self._clock = QTimer(self, interval=CLOCK_MS)
        self._clock.timeout.connect(self._show_remaining)
        self.show_values(None, None)

    def _chip(self, object_name: str, meaning: str) -> QToolButton:
        chip = named(QToolButton(), object_name, meaning)
        chip.setProperty("role", "chip")
        chip.setProperty("small", self._small)
        chip.clicked.connect(lambda: self._copy(chip, meaning))
        self.add(chip)
        return chip

    def _copy(self, chip: QToolButton, meaning: str) -> None:
        QGuiApplication.clipboard().setText(str(chip.property("value")))
        self.copied.emit(f"{meaning} copied: {chip.property('value')}")

    def show_values(self, instance_id: str | None, access: Access | None) -> None:
        """Show the chips of an instance; None for what it does not have."""
        self._access = access
        number = access.number if access is not None else None
        code = access.code if access is not None else None
        short = instance_id if instance_id is None or len(instance_id) <= 13 else instance_id[:8]
        short = f"{short}…" if short != instance_id else short
        _fill(self._id, instance_id, f"{'' if self._small else 'id '}{short}")
        _fill(self._number, number, f"{'' if self._small else '☎ '}{number}")
        _fill(self._code, code, f"code {code}")
        self._show_remaining()
        self.setVisible(instance_id is not None or number is not None or code is not None)
        self.arrange()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Count down again."""
        super().showEvent(event)
        self._show_remaining()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Rest while nobody sees it."""
        super().hideEvent(event)
        self._clock.stop()

    def _show_remaining(self) -> None:
        expires = self._access.expires if self._access is not None else None
        if expires is None:
            self._clock.stop()
            self._remaining.hide()
            return
        left = (expires - datetime.now(UTC)).total_seconds()
        text, look = remaining_text(left)
        _fill(self._remaining, expires.isoformat(timespec="seconds"), text)
        set_look(self._remaining, "gone", look == "gone")
        set_look(self._remaining, "urgent", look == "urgent")
        if left <= 0 or not self.isVisible():
            self._clock.stop()
        elif not self._clock.isActive():
            self._clock.start()


def _fill(chip: QToolButton, value: str | None, text: str) -> None:
    chip.setVisible(value is not None)
    if value is None:
        return
    chip.setText(text.replace("&", "&&"))  # an & alone is a key's mark to Qt
    chip.setProperty("value", value)
    meaning = chip.accessibleName().partition(":")[0]
    chip.setAccessibleName(f"{meaning}: {text}")
    chip.setToolTip(plain_tip(f"{meaning}: {value}\nClick to copy"))
