"""A flow as a script for another tool: shown, copied or saved, with what was left out."""

from __future__ import annotations

import asyncio
from importlib import import_module
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from gms_console.flow.types import Flow

from ...console import Console
from ...sharing import masked
from ..common import exact_text, label, named

FORMATS = (
    ("curl for bash", "curl", "bash", ".sh"),
    ("curl for cmd", "curl", "cmd", ".cmd"),
    ("curl for PowerShell", "curl", "powershell", ".ps1"),
    ("Python with httpx", "httpx", "bash", ".py"),
    ("Locust file", "locust", "bash", ".py"),
    ("Postman collection", "postman", "bash", ".json"),
)
"""What is shown, the format and shell of the engine, and how a file's name ends."""


class ExportDialog(QDialog):
    """Writes the flow anew for each format that is chosen; saving asks for a file."""

    def __init__(self, console: Console, flow: Flow, parent: QWidget) -> None:
        super().__init__(parent)
        self._console = console
        self._flow = flow
        self._dialog: QWidget | None = None
        self._beside: Path | None = None
        self.setObjectName("exportDialog")
        self.setWindowTitle(f"Export {flow.title}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(860, 600)
        self.format_combo = named(QComboBox(), "exportFormatCombo", "Format")
        self.format_combo.addItems([words for words, *_ in FORMATS])
        self.place = named(label("", "muted"), "exportPlace", "Where the script sends to")
        self.text = named(QPlainTextEdit(), "exportText", "The script")
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.left_out = named(QListWidget(), "exportLeftOut", "Not carried over")
        self.left_out.setWordWrap(True)
        self.left_out.setMaximumHeight(130)
        self.left_out_title = label("Not carried over:", "section")
        self.message = named(label("", "error"), "exportMessage", "Why it was not exported")
        self.message.setWordWrap(True)
        self.done_text = named(label("", "muted"), "exportDone", "What was done")
        self.done_text.setWordWrap(True)
        self._lay_out()
        self.format_combo.currentIndexChanged.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        name = label("Export as", "muted")
        name.setBuddy(self.format_combo)
        row.addWidget(name)
        row.addWidget(self.format_combo)
        row.addWidget(self.place, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copy_button = named(QPushButton("Cop&y"), "exportCopyButton", "Copy the script")
        self.save_button = named(QPushButton("&Save as …"), "exportSaveButton", "Save the script")
        for button in (self.copy_button, self.save_button):
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        self.copy_button.clicked.connect(self._copy)
        self.save_button.clicked.connect(self._ask_for_file)
        column = QVBoxLayout(self)
        column.addLayout(row)
        column.addWidget(self.message)
        column.addWidget(self.text, 1)
        column.addWidget(self.left_out_title)
        column.addWidget(self.left_out)
        foot = QHBoxLayout()
        foot.addWidget(self.done_text, 1)
        foot.addWidget(buttons)
        column.addLayout(foot)

    def refresh(self) -> None:
        """Write the flow in the chosen format."""
        exporting = import_module("gms_console.exporting.export")
        refused = import_module("gms_console.exporting.types").ExportError
        _, to, shell, _ = FORMATS[self.format_combo.currentIndex()]
        said, text, left_out = "", "", ()
        self.done_text.clear()
        try:
            exported = exporting.export_flow(self._flow, to, **self._where(), shell=shell)
            text, left_out = exported.text, exported.left_out
        except refused as error:
            said = f"Not exported. {error}"
        self.text.setPlainText(masked(self._console, text))
        self.message.setText(said)
        self.message.setVisible(bool(said))
        self.left_out.clear()
        self.left_out.addItems(list(left_out))
        for part in (self.left_out, self.left_out_title):
            part.setVisible(bool(left_out))
        for button in (self.copy_button, self.save_button):
            button.setEnabled(bool(text))

    def _where(self) -> dict[str, Any]:
        """Give the environment that the script sends to, and the paths of its requests."""
        environment = self._console.environment
        wanted = self._flow.env
        if wanted and (environment is None or environment.name != wanted):
            try:
                environment = self._console.environments.resolved(wanted)
            except (ValueError, KeyError):
                environment = None
        shown = environment.title if environment is not None else "a place to be filled in"
        self.place.setText(f"It sends to {shown}.")
        where: dict[str, Any] = {"environment": environment, "beside": self._beside}
        catalogue = self._console.services.catalogue
        if catalogue is not None:
            faces = import_module("gms_console.runner.faces")
            where["request_path"] = faces.catalogue_paths(catalogue)
        return where

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(exact_text(self.text))
        self._say("Copied the script.")

    def _ask_for_file(self) -> None:
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415 - not before it is asked for

        ending = FORMATS[self.format_combo.currentIndex()][3]
        dialog = QFileDialog(self, "Save the script", str(self._flow.folder.absolute()))
        dialog.setObjectName("exportFileDialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(ending)
        stem = self._flow.file.stem if self._flow.file is not None else "flow"
        dialog.selectFile(f"{stem}{ending}")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self._chosen(Path(name)))
        self._dialog = dialog
        dialog.open()

    def _chosen(self, file: Path) -> None:
        """Write the script for its place, as it finds its files from there, and save it."""
        self._beside = file.parent
        self.refresh()
        self._start(file, exact_text(self.text))

    def _start(self, file: Path, text: str) -> None:
        tasks = self._console.session.tasks
        tasks.start(self._save(file, text), name="export", owner=self._console.flows)

    async def _save(self, file: Path, text: str) -> None:
        from gms_console.whole_file import write_whole  # noqa: PLC0415 - rarely needed

        try:
            await asyncio.to_thread(write_whole, file, text.encode())
        except OSError as error:
            self._say(f"Not saved. {file}: {error.strerror or error}")
            return
        self._say(f"Saved {file}.")

    def _say(self, text: str) -> None:
        """Say it here, where the person looks, and in the status bars."""
        self._console.message.emit(text)
        if isValid(self):  # a file may be written after the dialog was closed
            self.done_text.setText(text)
