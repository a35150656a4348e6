"""Where secrets are kept: the choice, and the passphrase of the encrypted file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ..common import label, named, set_label
from .fields import SteadyCombo, line_edit, wrapped

if TYPE_CHECKING:
    from gms_console.environments.keeper import SecretKeeper

_TITLES = {
    "keychain": "Keychain of this system",
    "file": "Encrypted file",
    "ask": "Nowhere: ask in each start",
}

_STEPS = {
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
    Qt.Key.Key_Space,
}


class _ListCombo(SteadyCombo):
    """A combo box whose keys open its list: to step over an entry must not choose it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Open the list for any key that would step."""
        if event.key() in _STEPS:
            self.showPopup()
        else:
            super().keyPressEvent(event)


class StorePart(QWidget):
    """Shows what the keeper does and offers, and says what a person wants instead."""

    kind_wanted = Signal(str)
    unlock_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.combo = named(_ListCombo(), "secretStoreCombo", "Where secrets are kept")
        self.note = named(wrapped(""), "secretStoreNote", "What that means")
        self.passphrase = line_edit("storePassphraseEdit", "Passphrase of the encrypted file")
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.unlock_button = named(QPushButton("Unlock"), "unlockButton", "Unlock")
        self.unlock_button.setAutoDefault(False)
        self.lock_row = QWidget()
        line = QHBoxLayout(self.lock_row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(self.passphrase, 1)
        line.addWidget(self.unlock_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(label("Secrets", "section"))
        column.addWidget(self.combo)
        column.addWidget(self.lock_row)
        column.addWidget(self.note)
        self.lock_row.hide()
        self.combo.setEnabled(False)
        self.combo.activated.connect(lambda _: self.kind_wanted.emit(self.combo.currentData()))
        self.unlock_button.clicked.connect(self._on_unlock)
        self.passphrase.returnPressed.connect(self._on_unlock)

    def show_keeper(self, keeper: SecretKeeper) -> None:
        """Show where secrets are kept, and what else there is."""
        blocker = QSignalBlocker(self.combo)
        self.combo.clear()
        model = self.combo.model()
        for offer in keeper.kinds:
            self.combo.addItem(_TITLES[offer.kind.value], offer.kind.value)
            place = self.combo.count() - 1
            tip = offer.reason or offer.label
            self.combo.setItemData(place, tip, Qt.ItemDataRole.ToolTipRole)
            if not offer.available and isinstance(model, QStandardItemModel):
                model.item(place).setEnabled(False)
        self.combo.setCurrentIndex(self.combo.findData(keeper.kind.value))
        self.combo.setEnabled(True)
        blocker.unblock()
        self.lock_row.setVisible(keeper.locked)
        self.unlock_button.setText("Create" if keeper.is_new else "Unlock")
        self.unlock_button.setAccessibleName(self.unlock_button.text())
        self.passphrase.setPlaceholderText("new passphrase" if keeper.is_new else "its passphrase")
        set_label(self.note, _note(keeper), "warning" if keeper.locked else "muted")

    def say(self, text: str) -> None:
        """Say why something could not be done."""
        set_label(self.note, text, "error")

    def _on_unlock(self) -> None:
        text = self.passphrase.text()
        if text:
            self.passphrase.clear()
            self.unlock_wanted.emit(text)


def _note(keeper: SecretKeeper) -> str:
    if keeper.locked:
        what = "chooses the passphrase that makes it" if keeper.is_new else "needs its passphrase"
        return f"▲ The encrypted file {what}."
    where = keeper.label
    absent = [offer.reason for offer in keeper.kinds if offer.reason]
    kept = f"Kept in {where}." if keeper.keeps else "Typed secrets are forgotten at the end."
    return " ".join([kept, *absent[:1]]) if not keeper.keeps else kept
