"""A field for a secret: typed unseen, and with words for where its value is."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ...settings.text import SecretFacts, SecretText
from ..common import icon_button, named, set_label
from .fields import line_edit, wrapped


class SecretField(QWidget):
    """Takes a value and never shows it, unless a person presses Show.

    `reveal_wanted` comes with the name of a stored value that is to be shown; `show_value` is
    the answer to it.
    """

    changed = Signal()
    reveal_wanted = Signal(str)

    def __init__(self, object_name: str, what: str) -> None:
        super().__init__()
        self._what = what
        self._facts = SecretFacts()
        self._name, self._removed, self._forget, self._shown = "", False, False, ""
        self._context = ""
        self.edit = line_edit(object_name, what)
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.show_button = named(icon_button("view", ""), f"{object_name}Show", "")
        self.show_button.setCheckable(True)
        self.forget_button = named(QPushButton("Forget"), f"{object_name}Forget", "")
        self.remove_button = named(QPushButton("Remove"), f"{object_name}Remove", "")
        self.state_label = named(wrapped(""), f"{object_name}State", f"Where {what.lower()} is")
        self._lay_out()
        self.rename(what)
        self.edit.textChanged.connect(self._on_text)
        self.show_button.toggled.connect(self._on_show)
        self.forget_button.clicked.connect(self._on_forget)
        self.remove_button.clicked.connect(self._on_remove)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(self.edit, 1)
        for button in (self.forget_button, self.remove_button):
            button.setAutoDefault(False)
        for widget in (self.show_button, self.forget_button, self.remove_button):
            line.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(line)
        column.addWidget(self.state_label)

    def rename(self, what: str) -> None:
        """Say what it is the secret of, as when its row moved."""
        lower = what[:1].lower() + what[1:]
        self._what = what
        self.edit.setAccessibleName(what)
        names = ((self.show_button, "Show"), (self.forget_button, "Forget the stored"))
        for button, verb in (*names, (self.remove_button, "Remove")):
            button.setAccessibleName(f"{verb} {lower}")
            button.setToolTip(f"{verb} {lower}")
        self.state_label.setAccessibleName(f"Where {lower} is")

    def load(self, text: SecretText) -> None:
        """Show a secret; what was typed before is dropped."""
        self._name, self._removed, self._forget = text.name, text.removed, text.forget
        self._shown = ""
        self.show_button.setChecked(False)
        self.edit.setText(text.typed)
        self._refresh()

    def text(self) -> SecretText:
        """Give the secret as it stands."""
        typed = self.edit.text()
        if self._shown and typed == self._shown:
            typed = ""
        return SecretText(self._name, typed, self._removed, self._forget)

    def show_facts(self, facts: SecretFacts) -> None:
        """Go by what is known of secrets now."""
        self._facts = facts
        self._refresh()

    def show_value(self, name: str, value: str) -> None:
        """Show a stored value, if it is still wanted."""
        if name == self._name and self.show_button.isChecked() and not self.edit.text():
            self._shown = value
            self.edit.setText(value)

    # --- what a person does ------------------------------------------------------------------

    def _on_text(self) -> None:
        if self.edit.text():
            self._removed = self._forget = False
        self._refresh()
        self.changed.emit()

    def _on_show(self, shown: bool) -> None:
        echo = QLineEdit.EchoMode
        if not shown and self._shown:
            if self.edit.text() == self._shown:
                self.edit.clear()
            self._shown = ""
        self.edit.setEchoMode(echo.Normal if shown else echo.Password)
        if shown and not self.edit.text() and self._is_known:
            self.reveal_wanted.emit(self._name)

    def _on_forget(self) -> None:
        self._end(forget=True, removed=False)

    def _on_remove(self) -> None:
        self._end(forget=False, removed=bool(self._name))

    def _end(self, *, forget: bool, removed: bool) -> None:
        self.show_button.setChecked(False)
        self.edit.clear()
        self._forget, self._removed = forget, removed
        self._refresh()
        self.edit.setFocus()
        self.changed.emit()

    # --- what it says ------------------------------------------------------------------------

    @property
    def _is_known(self) -> bool:
        return bool(self._name) and self._name in self._facts.known and not self._removed

    def _refresh(self) -> None:
        typed = bool(self.text().typed)
        known = self._is_known and not self._forget
        self.edit.setPlaceholderText("••••••••" if known else "")
        self.show_button.setEnabled(bool(self.edit.text()) or known or self.show_button.isChecked())
        self.forget_button.setVisible(known)
        self.remove_button.setVisible(bool(self._name) and not self._removed)
        words, role = self._words(typed=typed, known=known)
        set_label(self.state_label, words, role)
        self.state_label.setVisible(bool(words))

    def _words(self, *, typed: bool, known: bool) -> tuple[str, str]:
        """Say where the value is, or what will become of it."""
        facts, others = self._facts, self._facts.shared.get(self._name, ())
        if typed:
            place = f"goes to {facts.label} when you save"
            where = place if facts.keeps else "known for this start alone once you save"
            own = f"; {_listed(others)} keeps the present one" if others else ""
            return f"New: {where}{own}", "accent"
        if not self._name:
            return "", "muted"
        if self._removed:
            return "Removed from the file when you save", "warning"
        if self._forget:
            also = f", also for {_listed(others)}" if others else ""
            return f"Forgotten when you save{also}; the file still names it", "warning"
        also = f", shared with {_listed(others)}" if others else ""
        if known:
            where = f"Stored in {facts.label}" if facts.keeps else "Known for this start"
            return f"{where} as {self._name}{also}", "muted"
        if facts.locked:
            return f"{self._name} is in the encrypted file, which is locked{also}", "muted"
        if not facts.asked:
            return f"{self._name}: asking {facts.label or 'where secrets are kept'} …", "muted"
        return f"{self._name} is not known yet; type it here, or when you send{also}", "warning"


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
