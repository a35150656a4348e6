"""The values that were taken from answers: what `{{name}}` stands for, and forgetting it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QTreeWidget, QWidget

from ..capture_desk import CaptureDesk
from .common import label, named, prepare_rows
from .list_dialog import ListDialog

_HEADINGS = ("Name", "Value", "Taken from")
_NAME, _VALUE, _ORIGIN = range(3)
_EMPTY = (
    "Nothing was taken from an answer yet. In the tree of an answer, choose a value and "
    "“Use as variable …” in its menu."
)


class CapturesDialog(ListDialog):
    """A list of names; values of credentials are masked in it."""

    def __init__(self, desk: CaptureDesk, parent: QWidget) -> None:
        rows = named(QTreeWidget(), "captureList", "Values from answers")
        empty = named(label(_EMPTY, "muted"), "capturesEmpty", "No values")
        super().__init__(rows, empty, parent)
        self._desk = desk
        self.setObjectName("capturesDialog")
        self.setWindowTitle("Values from answers")
        self.resize(720, 320)
        prepare_rows(rows, _HEADINGS, _VALUE)
        rows.setColumnWidth(_NAME, 180)
        rows.setColumnWidth(_ORIGIN, 240)
        self.forget_button = named(QPushButton("&Forget"), "captureForgetButton", "Forget")
        self.forget_button.setToolTip("Take the chosen value away (Delete)")
        self.all_button = named(
            QPushButton("Forget &all"), "captureForgetAllButton", "Forget all values"
        )
        note = label("Kept until the console ends; nothing of this is written to a file.", "muted")
        self.lay_out(note, (self.forget_button, self.all_button))
        self.forget_button.clicked.connect(self.forget)
        self.all_button.clicked.connect(desk.forget_all)
        self.list.currentItemChanged.connect(self._show_choice)
        QShortcut(
            QKeySequence(Qt.Key.Key_Delete),
            self.list,
            self.forget,
            context=Qt.ShortcutContext.WidgetShortcut,
        )
        desk.changed.connect(self._fill)
        self._fill()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill(self) -> None:
        rows = [
            self.row((f"{{{{{row.name}}}}}", row.value, row.origin), row.name)
            for row in self._desk.rows()
        ]
        self.show_rows(rows, self.list.currentIndex().row())
        self.all_button.setEnabled(bool(rows))
        self._show_choice()

    def _show_choice(self) -> None:
        self.forget_button.setEnabled(self.list.currentItem() is not None)

    def forget(self) -> None:
        """Take the chosen value away."""
        item = self.list.currentItem()
        if item is not None:
            self._desk.forget(item.data(_NAME, Qt.ItemDataRole.UserRole))
