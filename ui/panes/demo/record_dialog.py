"""Asks what a recording is called, and whether data of customers stays readable in it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gms_console.journey.recording import SUFFIX, recording_file

from ..common import label, named, set_label

FILES = f"Recordings (*{SUFFIX})"


class RecordDialog(QDialog):
    """`chosen` comes with the file and whether data of customers is masked.

    A file that is there is replaced only when its name is confirmed once more.
    """

    chosen = Signal(object, bool)

    def __init__(self, suggested: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("recordDialog")
        self.setWindowTitle("Record the session")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._confirmed: Path | None = None
        self._make_parts(suggested)
        self._lay_out()
        self._select_name()

    def _make_parts(self, suggested: Path) -> None:
        self.edit = named(QLineEdit(str(suggested)), "recordFileEdit", "File of the recording")
        self.edit.setMinimumWidth(420)
        self.browse = named(QPushButton("&Browse …"), "recordBrowse", "Choose the file")
        self.browse.setAutoDefault(False)
        self.browse.clicked.connect(self._browse)
        self.unmasked = named(
            QCheckBox("&Keep phone numbers and e-mail addresses as they are"),
            "recordUnmasked",
            "Keep phone numbers and e-mail addresses as they are",
        )
        self.unmasked.setToolTip(
            "By default each gets a pseudonym such as [phone-1]. Secrets are never written."
        )
        self.trouble = named(label("", "error"), "recordTrouble", "What is wrong")
        self.trouble.setWordWrap(True)
        self.edit.textChanged.connect(lambda: self.fail(""))
        buttons = QDialogButtonBox.StandardButton
        self.box = QDialogButtonBox(buttons.Ok | buttons.Cancel)
        self.box.button(buttons.Ok).setText("&Record")
        self.box.button(buttons.Ok).setObjectName("recordOk")
        self.box.accepted.connect(self.accept)
        self.box.rejected.connect(self.reject)

    def _lay_out(self) -> None:
        about = label(
            "What is sent and received from now on is written into this file as it happens. "
            "It can be played again later, without network.",
            "muted",
        )
        about.setWordWrap(True)
        line = QHBoxLayout()
        line.addWidget(self.edit, 1)
        line.addWidget(self.browse)
        column = QVBoxLayout(self)
        column.addWidget(about)
        column.addLayout(line)
        column.addWidget(self.unmasked)
        column.addWidget(self.trouble)
        column.addWidget(self.box)

    def _select_name(self) -> None:
        name = Path(self.edit.text())
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edit.setSelection(len(str(name.parent)) + 1, len(name.name))

    def _browse(self) -> None:
        dialog = QFileDialog(self, "Record the session", self.edit.text(), FILES)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(SUFFIX.removeprefix("."))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._browsed)
        dialog.open()

    def _browsed(self, name: str) -> None:
        self.edit.setText(name)
        self._confirmed = Path(name)

    def fail(self, text: str) -> None:
        """Say why it could not begin."""
        set_label(self.trouble, text, "error")

    def accept(self) -> None:
        """Begin, unless the name cannot be used or is that of another recording."""
        text = self.edit.text().strip()
        file = Path(text).expanduser()
        if not text or text.endswith(("/", "\\")) or file.is_dir():
            self.fail("Give the recording a name.")
            return
        file = recording_file(file)
        if file.exists() and file != self._confirmed:
            self._confirmed = file
            self.fail(f"{file.name} is there already. Record once more to replace it.")
            return
        self.chosen.emit(file, not self.unmasked.isChecked())
