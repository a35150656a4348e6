"""The section of the settings for what is trusted and shown in a TLS handshake."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from gms_console.environments.profile import path_in

from ...settings.text import SecretFacts, SettingsText
from ..common import label, named, set_label
from .fields import Group, Section, line_edit, wrapped
from .secret_field import SecretField

_FILES = "PEM files (*.pem *.crt *.cer *.key);;All files (*)"
_OFF = (
    "Off: anyone on the way can read and change what is sent, passwords too. "
    "The window marks this environment for as long as it is off."
)
_ON = "The system's trust store decides, with the authorities of the CA file added."


def path_text(file: Path, folder: Path) -> str:
    """Write a chosen file as the profile has it: relative where it lies in the folder's tree."""
    try:
        return file.relative_to(folder).as_posix()
    except ValueError:
        near = os.path.relpath(file, folder)
        return Path(near).as_posix() if near.count("..") == 1 else str(file)


class FileField(QWidget):
    """The path of a file, with a button that looks for it and a note when it is not there."""

    changed = Signal()

    def __init__(self, object_name: str, what: str) -> None:
        super().__init__()
        self._what = what
        self._folder = Path()
        self.edit: QLineEdit = line_edit(object_name, what, "none")
        self.button = named(
            QPushButton("Choose …"), f"{object_name}Choose", f"Choose {what.lower()} …"
        )
        self.button.setAutoDefault(False)
        self.note: QLabel = label("", "warning")
        self.note.setWordWrap(True)
        self.note.hide()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(self.edit, 1)
        line.addWidget(self.button)
        self.edit.textChanged.connect(self._on_text)
        self.button.clicked.connect(self._ask)

    def load(self, text: str, folder: Path) -> None:
        """Show a path; it is relative to `folder`."""
        self._folder = folder
        self.edit.setText(text)
        self._look()

    def _on_text(self) -> None:
        self._look()
        self.changed.emit()

    def _look(self) -> None:
        """Say so when there is no such file; it may be there on another machine all the same."""
        place = path_in(self._folder, self.edit.text())
        try:
            absent = place is not None and not place.is_file()
        except (OSError, ValueError):
            absent = True
        set_label(self.note, f"There is no file {place}" if absent else "", "warning")
        self.note.setVisible(absent)

    def _ask(self) -> None:
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415 - not before it is asked for

        place = path_in(self._folder, self.edit.text()) or self._folder
        dialog = QFileDialog(self, self._what, str(place.parent), _FILES)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(
            lambda name: self.edit.setText(path_text(Path(name), self._folder))
        )
        dialog.open()


class TlsPart(Section):
    """Verification, authorities, and the client's own certificate."""

    reveal_wanted = Signal(object, str)

    def __init__(self) -> None:
        super().__init__("TLS")
        self.folder = Path()
        self.add_heading("Server")
        group = self.add_group()
        self.verify_box = named(
            QCheckBox("&Verify the server's certificate"), "verifyTlsCheck", "Verify"
        )
        self.verify_note = named(wrapped(""), "verifyTlsNote", "What that means")
        self.verify_box.toggled.connect(self._on_verify)
        group.add("", self.verify_box, "tls.verify", note=self.verify_note)
        self.ca_file = self._file(group, "C&A file", "ca_file", "caFileEdit", "CA file")
        self.add_heading("Client", "Only where the server or its load balancer asks for one.")
        group = self.add_group()
        self.certificate = self._file(
            group, "C&ertificate", "certificate", "clientCertificateEdit", "Client certificate"
        )
        self.key = self._file(group, "&Key", "key", "clientKeyEdit", "Client key")
        self.key.edit.setPlaceholderText("in the certificate's file")
        self.passphrase = SecretField("passphraseEdit", "Passphrase of the key")
        self.passphrase.changed.connect(self.changed)
        self.passphrase.reveal_wanted.connect(
            lambda name: self.reveal_wanted.emit(self.passphrase, name)
        )
        group.add("&Passphrase", self.passphrase, "tls.passphrase", buddy=self.passphrase.edit)
        self.column.addStretch(1)

    def _file(self, group: Group, text: str, key: str, object_name: str, what: str) -> FileField:
        field = FileField(object_name, what)
        field.changed.connect(self.changed)
        group.add(text, field, f"tls.{key}", note=field.note, buddy=field.edit)
        return field

    def _on_verify(self) -> None:
        self._show_verify()
        self.changed.emit()

    def _show_verify(self) -> None:
        on = self.verify_box.isChecked()
        set_label(self.verify_note, _ON if on else f"▲ {_OFF}", "muted" if on else "error")

    def load(self, text: SettingsText) -> None:
        """Show the fields of this section."""
        self.verify_box.setChecked(text.verify)
        self._show_verify()
        self.ca_file.load(text.ca_file, self.folder)
        self.certificate.load(text.certificate, self.folder)
        self.key.load(text.key, self.folder)
        self.passphrase.load(text.passphrase)

    def store(self, text: SettingsText) -> SettingsText:
        """Give the settings with the fields of this section as they are typed."""
        return replace(
            text,
            verify=self.verify_box.isChecked(),
            ca_file=self.ca_file.edit.text(),
            certificate=self.certificate.edit.text(),
            key=self.key.edit.text(),
            passphrase=self.passphrase.text(),
        )

    def show_facts(self, facts: SecretFacts) -> None:
        """Go by what is known of secrets now."""
        self.passphrase.show_facts(facts)
