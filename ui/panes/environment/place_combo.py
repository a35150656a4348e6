"""A combo box for places: nothing is chosen in it by accident."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox

_PASSED_ON = {Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape}


class PlaceCombo(QComboBox):
    """Opens its list where another combo box would go to the next entry at once.

    A wheel that turns over it, or an arrow key, must not send the next request elsewhere.
    """

    def __init__(self, least_letters: int) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(least_letters)
        self.setMaxVisibleItems(20)
        self.setIconSize(QSize(14, 14))

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the wheel alone."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Open the list by any key that would choose."""
        held = event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier
        )
        if event.key() in _PASSED_ON or held or event.key() in {Qt.Key.Key_Shift, Qt.Key.Key_Alt}:
            super().keyPressEvent(event)
        else:
            self.showPopup()
