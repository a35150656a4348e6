"""Asks for secrets that a send needs and that are not known yet."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ...console import Console
from ...environments.guard_desk import SecretsWanted
from ...environments.secret_uses import uses_of
from ..common import label, named, set_label

if TYPE_CHECKING:
    from gms_console.environments.keeper import SecretKeeper


class SecretsDialog(QDialog):
    """A field for each secret, or for the passphrase of the file that has them.

    It stays open, with the reason, until all are known; then it is sent.
    """

    def __init__(self, console: Console, wanted: SecretsWanted, parent: QWidget) -> None:
        super().__init__(parent)
        self._console = console
        self._wanted = wanted
        self._keeper: SecretKeeper = wanted.keeper
        self._open = True
        self.fields: dict[str, QLineEdit] = {}
        self.setObjectName("secretsDialog")
        self.setWindowTitle(f"Secrets of {wanted.environment.name}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(540)
        self.help_label = label("", "muted")
        self.help_label.setWordWrap(True)
        self.note_label = named(label("", "error"), "secretsNoteLabel", "What is wrong")
        self.note_label.setWordWrap(True)
        self.keep_box = named(QCheckBox(), "keepSecretsBox", "Keep")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go_button = named(QPushButton("&Continue"), "secretsOkButton", "Continue")
        self.go_button.setProperty("role", "primary")
        self.buttons.addButton(self.go_button, QDialogButtonBox.ButtonRole.AcceptRole)
        self.go_button.setDefault(True)
        self._form = QFormLayout()
        self._form.setVerticalSpacing(10)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._lay_out()
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._fill()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(12)
        column.addWidget(self.help_label)
        column.addLayout(self._form)
        column.addWidget(self.keep_box)
        column.addWidget(self.note_label)
        column.addWidget(self.buttons)

    # --- what is asked -----------------------------------------------------------------------

    @property
    def _asks_passphrase(self) -> bool:
        return self._keeper.locked and not self._keeper.is_new

    def _fill(self) -> None:
        """Ask for the passphrase first, and then for what the file did not have."""
        while self._form.rowCount():
            self._form.removeRow(0)
        self.fields.clear()
        if self._asks_passphrase:
            self._add("", "&Passphrase", "passphraseEdit")
            self.help_label.setText(
                f"The secrets of {self._wanted.environment.name} are in {self._keeper.label}. "
                "Its passphrase is asked once in each start."
            )
        else:
            self._fill_names()
        keeps = self._keeper.keeps and not self._keeper.locked
        self.keep_box.setText(f"&Keep in {self._keeper.label.replace('&', '&&')}")
        self.keep_box.setChecked(keeps)
        self.keep_box.setVisible(keeps)
        self.note_label.hide()
        self._show_ready()
        next(iter(self.fields.values())).setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill_names(self) -> None:
        desk = self._console.environments
        stored = desk.stored(self._wanted.environment.name)
        for name in desk.missing(self._wanted.environment):
            use = uses_of(stored.profile, name) if stored is not None else ""
            self._add(
                name, f"{name.replace('&', '&&')}\n{use}" if use else name, f"secretEdit_{name}"
            )
        keeps = self._keeper.keeps and not self._keeper.locked
        self.help_label.setText(
            f"{self._wanted.environment.title} needs what is not known yet. "
            + ("" if keeps else "It is kept in memory alone, until the console ends.")
        )

    def _add(self, name: str, text: str, object_name: str) -> None:
        edit = named(QLineEdit(), object_name, text.replace("&", "").replace("\n", ", "))
        edit.setEchoMode(QLineEdit.EchoMode.Password)
        edit.textChanged.connect(self._show_ready)
        self.fields[name] = edit
        heading = label(text)
        heading.setBuddy(edit)
        self._form.addRow(heading, edit)

    def _show_ready(self) -> None:
        self.go_button.setEnabled(all(edit.text() for edit in self.fields.values()))

    # --- what comes of it --------------------------------------------------------------------

    def accept(self) -> None:
        """Take what was typed; go on when all is known, else say what is wrong."""
        if not self.go_button.isEnabled():
            return
        self.go_button.setEnabled(False)
        desk = self._console.environments
        typed = {name: edit.text() for name, edit in self.fields.items()}
        work: Coroutine[Any, Any, None]
        if self._asks_passphrase:
            work = desk.unlock(typed[""])
        else:
            work = desk.tell(typed, keep=self.keep_box.isVisible() and self.keep_box.isChecked())
        self._console.session.tasks.start(
            self._take(work), name="take secrets", owner=self._console
        )

    async def _take(self, work: Coroutine[Any, Any, None]) -> None:
        reason = ""
        try:
            await work
        except (OSError, ValueError) as error:
            reason = str(error)
        if not self._open:
            return
        if reason:
            set_label(self.note_label, reason, "error")
            self.note_label.show()
            self._show_ready()
            next(iter(self.fields.values())).selectAll()
        elif self._console.environments.missing(self._wanted.environment):
            self._fill()
        else:
            super().accept()
            self._wanted.again()

    def done(self, result: int) -> None:
        """Hear no more of what was begun, and forget what was typed."""
        self._open = False
        for edit in self.fields.values():
            edit.clear()
        super().done(result)
