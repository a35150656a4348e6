"""Says how much of a large body is shown, and offers all of it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ..common import label, named, set_label


class SizeBar(QWidget):
    """How much is shown, with what shows, saves or opens all of it."""

    show_all_wanted = Signal()
    save_wanted = Signal()
    open_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bodySizeBar")
        self.label = named(label("", "muted"), "bodySizeLabel", "How much of the body is shown")
        self.label.setWordWrap(True)
        self.all_button = _button("Show all", "showAllButton", "Show all of it (Ctrl+Shift+U)")
        save = _button("Save …", "saveBodyButton", "Save all of it to a file (Ctrl+Shift+S)")
        outside = _button(
            "Open outside", "openOutsideButton", "Open a copy with the system's own program"
        )
        self.all_button.clicked.connect(self.show_all_wanted)
        save.clicked.connect(self.save_wanted)
        outside.clicked.connect(self.open_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.label, 1)
        for button in (self.all_button, save, outside):
            row.addWidget(button)

    def show_extent(self, words: str, *, more: bool, long: bool, busy: bool, wrong: bool) -> None:
        """Say how much is shown; `more`: there is more to show; `wrong`: an error is said.

        `long`: all of it is here, but what is long may be shortened; `busy`: more is under way.
        """
        offered = "Show long values whole" if long else "Show all"
        self.all_button.setText(offered)
        self.all_button.setAccessibleName(offered)
        self.all_button.setVisible(more or busy)
        set_label(self.label, words, "error" if wrong else "muted")
        self.all_button.setEnabled(more)
        self.setVisible(bool(words))


def _button(text: str, object_name: str, tip: str) -> QPushButton:
    button = named(QPushButton(text), object_name, text.removesuffix(" …"))
    button.setToolTip(tip)
    button.setAutoDefault(False)
    return button
