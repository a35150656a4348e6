"""What went wrong with the file of an environment, and what can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from ..common import label, named

if TYPE_CHECKING:
    from ...settings.editor import Trouble


class TroubleBar(QFrame):
    """A line above the fields; it is there only while something is wrong."""

    reload_wanted = Signal()
    overwrite_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        named(self, "settingsTrouble", "What went wrong")
        self.text = named(label(""), "settingsTroubleLabel", "What went wrong")
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.reload = named(QPushButton("Reload the file"), "reloadButton", "Reload the file")
        self.reload.setToolTip("Drop what was typed here and show the file as it is now")
        self.overwrite = named(
            QPushButton("Overwrite the file"), "overwriteButton", "Overwrite the file"
        )
        self.overwrite.setToolTip("Write what is typed here, whatever the file is now")
        line = QHBoxLayout(self)
        line.setContentsMargins(10, 6, 10, 6)
        line.addWidget(self.text, 1)
        for button in (self.reload, self.overwrite):
            button.setAutoDefault(False)
            line.addWidget(button)
        self.reload.clicked.connect(self.reload_wanted)
        self.overwrite.clicked.connect(self.overwrite_wanted)
        self.hide()

    def show_trouble(self, trouble: Trouble) -> None:
        """Show what went wrong, or go."""
        self.text.setText(trouble.text)
        self.setVisible(bool(trouble.text))
        self.reload.setVisible(trouble.conflict)
        self.overwrite.setVisible(trouble.conflict)
