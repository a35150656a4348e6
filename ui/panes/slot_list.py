"""The slot list: the times that GMS offers for a callback, to be picked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from gms_console.model.slot import Slot
from gms_console.presentation import slot_text

from ..tips import plain_tip
from .common import label, named

_SLOT_ROLE = Qt.ItemDataRole.UserRole + 1
_ROWS = 5
"""Times that are seen at once; more are scrolled to."""


class SlotList(QWidget):
    """Shows slots; a double click or Enter picks one. Hidden while there are none."""

    picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._slots: Sequence[Slot] = ()
        self.heading = label("", "muted")
        self.heading.setWordWrap(True)
        self.view = named(QListWidget(), "slotList", "Times that GMS offers")
        self.view.setUniformItemSizes(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.heading)
        column.addWidget(self.view)
        self.view.itemActivated.connect(lambda item: self.picked.emit(item.data(_SLOT_ROLE)))
        self.hide()

    def show_slots(self, slots: Sequence[Slot]) -> None:
        """Show these slots, those that are full too, in the order in which they came."""
        self.setVisible(bool(slots))
        if slots == self._slots:
            return
        self._slots = slots
        self.view.clear()
        for slot in slots:
            item = QListWidgetItem(slot_text(slot))
            item.setData(_SLOT_ROLE, slot)
            item.setToolTip(plain_tip(f"{slot.time}\nEnter puts this time into the form"))
            if slot.free == 0:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
            self.view.addItem(item)
        self.heading.setText("Times that GMS offers; Enter or a double click takes one over")
        if slots:
            row = max(self.view.sizeHintForRow(0), 22)
            self.view.setFixedHeight(row * min(len(slots), _ROWS) + 8)
