"""Asks before a create goes out to an environment whose guard wants that."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ...environments.guard_desk import CreateWanted
from ..common import label, named
from .colours import ink_on, shown_colour


class ConfirmDialog(QDialog):
    """Says where the create goes, in its colour; Enter is Cancel until that was chosen or typed."""

    def __init__(self, wanted: CreateWanted, parent: QWidget) -> None:
        super().__init__(parent)
        self._wanted = wanted
        self.setObjectName("confirmCreateDialog")
        self.setWindowTitle("Confirm the create")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(520)
        self.banner = Banner(wanted.environment.title, wanted.environment.colour)
        self.text_label = named(label(wanted.confirmation.text), "confirmText", "Question")
        self.text_label.setWordWrap(True)
        self.place_label = label(f"It goes to {wanted.environment.base_url}", "muted")
        self.place_label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        typed = wanted.confirmation.typed
        self.name_edit = named(QLineEdit(), "confirmNameEdit", "Name of the environment")
        self.name_edit.setPlaceholderText(f"Type {typed}")
        self.name_edit.setVisible(bool(typed))
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.cancel_button = self.buttons.button(QDialogButtonBox.StandardButton.Cancel)
        self.create_button = named(QPushButton("C&reate"), "confirmCreateButton", "Create")
        self.buttons.addButton(self.create_button, QDialogButtonBox.ButtonRole.ActionRole)
        self.cancel_button.setDefault(True)
        # Enter presses it where it has the focus; a name that was typed is an answer by itself.
        self.create_button.setAutoDefault(not typed)
        self._lay_out()
        self.name_edit.textChanged.connect(self._show_ready)
        self.create_button.clicked.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._show_ready()
        first = self.name_edit if typed else self.cancel_button
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        inner = QVBoxLayout()
        inner.setContentsMargins(18, 14, 18, 14)
        inner.setSpacing(10)
        for part in (self.text_label, self.place_label, self.name_edit):
            inner.addWidget(part)
        inner.addSpacing(6)
        inner.addWidget(self.buttons)
        column.addLayout(inner)

    def _show_ready(self) -> None:
        ready = self._wanted.confirmation.holds(self.name_edit.text())
        self.create_button.setEnabled(ready)
        if self._wanted.confirmation.typed:
            (self.create_button if ready else self.cancel_button).setDefault(True)

    def accept(self) -> None:
        """Send the create; it is prepared anew, and asked about again if it is another one."""
        if not self.create_button.isEnabled():
            return
        super().accept()
        self._wanted.go(self._wanted.confirmation)


class Banner(QLabel):
    """The name of the environment on its colour, across the dialog."""

    def __init__(self, title: str, colour: str) -> None:
        super().__init__(title)
        self.setObjectName("environmentBanner")
        self.setTextFormat(Qt.TextFormat.PlainText)
        ground = shown_colour(colour)
        palette = self.palette()
        palette.setColor(self.backgroundRole(), QColor(ground))
        palette.setColor(self.foregroundRole(), QColor(ink_on(ground)))
        self.setPalette(palette)
        self.setAutoFillBackground(True)
        font = self.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.2)
        self.setFont(font)
        self.setContentsMargins(18, 8, 18, 8)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
