"""The values that were taken from answers: what `{{name}}` stands for, and forgetting it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..capture_desk import CaptureDesk
from ..tips import plain_tip
from .common import label, named, prepare_rows

_HEADINGS = ("Name", "Value", "Taken from")
_NAME, _VALUE, _ORIGIN = range(3)
_EMPTY = (
    "Nothing was taken from an answer yet. In the tree of an answer, choose a value and "
    "“Use as variable …” in its menu."
)


class CapturesDialog(QDialog):
    """A list of names; values of credentials are masked in it."""

    def __init__(self, desk: CaptureDesk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("capturesDialog")
        self.setWindowTitle("Values from answers")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(720, 320)
        self.list = named(QTreeWidget(), "captureList", "Values from answers")
        prepare_rows(self.list, _HEADINGS, _VALUE)
        self.list.setColumnWidth(_NAME, 180)
        self.list.setColumnWidth(_ORIGIN, 240)
        self._empty = named(label(_EMPTY, "muted"), "capturesEmpty", "No values")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setMargin(60)
        self.forget_button = named(QPushButton("&Forget"), "captureForgetButton", "Forget")
        self.forget_button.setToolTip("Take the chosen value away (Delete)")
        self.all_button = named(
            QPushButton("Forget &all"), "captureForgetAllButton", "Forget all values"
        )
        self._lay_out()
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

    def _lay_out(self) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        bottom = QHBoxLayout()
        bottom.addWidget(self.forget_button)
        bottom.addWidget(self.all_button)
        bottom.addStretch(1)
        bottom.addWidget(buttons)
        # Enter on the list must forget nothing.
        for button in (*self.findChildren(QPushButton), *buttons.findChildren(QPushButton)):
            button.setAutoDefault(False)
        note = label("Kept until the console ends; nothing of this is written to a file.", "muted")
        column = QVBoxLayout(self)
        column.addWidget(note)
        column.addWidget(self._stack, 1)
        column.addLayout(bottom)

    def _fill(self) -> None:
        place = self.list.currentIndex().row()
        rows = self._desk.rows()
        self.list.clear()
        for row in rows:
            texts = [f"{{{{{row.name}}}}}", " ".join(row.value.split()), row.origin]
            item = QTreeWidgetItem(texts)
            item.setData(_NAME, Qt.ItemDataRole.UserRole, row.name)
            item.setSizeHint(_NAME, QSize(0, self.fontMetrics().height() + 10))
            for column, text in enumerate(texts):
                item.setToolTip(column, plain_tip(text))
            self.list.addTopLevelItem(item)
        if rows:
            index = self.list.model().index(min(max(place, 0), len(rows) - 1), 0)
            self.list.setCurrentIndex(index)
        self._stack.setCurrentWidget(self.list if rows else self._empty)
        self.all_button.setEnabled(bool(rows))
        self._show_choice()

    def _show_choice(self) -> None:
        self.forget_button.setEnabled(self.list.currentItem() is not None)

    def forget(self) -> None:
        """Take the chosen value away."""
        item = self.list.currentItem()
        if item is not None:
            self._desk.forget(item.data(_NAME, Qt.ItemDataRole.UserRole))
