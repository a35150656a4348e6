"""The chips of an instance: id, access number, code and remaining time, each copied by a click."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QToolButton, QWidget

from gms_console.model.answer import Access
from gms_console.presentation import seconds_text

from .common import named, set_look

_URGENT = 10
"""Seconds left from which the remaining time warns."""


class ChipBar(QWidget):
    """Shows what there is to copy; a chip that has nothing to say is not there."""

    copied = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._access: Access | None = None
        self._id = self._chip("chipId", "Instance id")
        self._number = self._chip("chipAccessNumber", "Access number")
        self._code = self._chip("chipAccessCode", "Access code")
        self._remaining = self._chip("chipRemaining", "Remaining time")
        self._chips = (self._id, self._number, self._code, self._remaining)
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(6)
        self._arrange(len(self._chips))
        # What there is to copy must not move the panes about.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._clock = QTimer(self, interval=500)
        self._clock.timeout.connect(self._show_remaining)
        self.show_values(None, None)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for place, chip in enumerate(self._chips):
            self._grid.addWidget(chip, place // columns, place % columns)
        self._grid.setColumnStretch(len(self._chips), 1)
        self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Take two lines where one would cut the chips."""
        super().resizeEvent(event)
        wanted = sum(chip.sizeHint().width() + 6 for chip in self._chips)
        self._arrange(len(self._chips) if wanted <= self.width() else 2)

    def _chip(self, object_name: str, meaning: str) -> QToolButton:
        chip = named(QToolButton(), object_name, meaning)
        chip.setProperty("role", "chip")
        chip.clicked.connect(lambda: self._copy(chip, meaning))
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
        _fill(self._id, instance_id, f"id {short}…" if short != instance_id else f"id {short}")
        _fill(self._number, number, f"☎ {number}")
        _fill(self._code, code, f"code {code}")
        self._show_remaining()
        self.setVisible(instance_id is not None or number is not None or code is not None)

    def _show_remaining(self) -> None:
        expires = self._access.expires if self._access is not None else None
        if expires is None:
            self._clock.stop()
            self._remaining.hide()
            return
        left = (expires - datetime.now(UTC)).total_seconds()
        gone = left <= 0
        text = "booking ended" if gone else f"{seconds_text(left)} left"
        _fill(self._remaining, expires.isoformat(timespec="seconds"), text)
        set_look(self._remaining, "gone", gone)
        set_look(self._remaining, "urgent", not gone and left <= _URGENT)
        if gone:
            self._clock.stop()
        elif not self._clock.isActive():
            self._clock.start()


def _fill(chip: QToolButton, value: str | None, text: str) -> None:
    chip.setVisible(value is not None)
    if value is None:
        return
    chip.setText(text)
    chip.setProperty("value", value)
    meaning = chip.accessibleName().partition(":")[0]
    chip.setAccessibleName(f"{meaning}: {text}")
    chip.setToolTip(f"{meaning}: {value}\nClick to copy")
