"""Import and export of flows, with what could not be carried over."""

from __future__ import annotations

import asyncio
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QListWidget, QVBoxLayout, QWidget

from ..common import label, named

if TYPE_CHECKING:
    from .window import FlowsWindow

_MOST_BYTES = 64 * 1024 * 1024
"""A HAR file of a day is smaller; more is a file that was chosen by mistake."""


class Carrying:
    """Makes flows of what other tools wrote, and writes flows as scripts for them."""

    def __init__(self, window: FlowsWindow) -> None:
        self._window = window
        self._desk = window.desk
        self._open: QWidget | None = None

    # --- import ----------------------------------------------------------------------------------

    def import_file(self) -> None:
        """Ask for a file: a curl command, a HAR, a Postman collection, or lines like k=v."""
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415 - not before it is asked for

        kinds = "Curl, HAR, Postman, rows (*.sh *.txt *.cmd *.bat *.har *.json);;All files (*)"
        dialog = QFileDialog(self._window, "Import", "", kinds)
        dialog.setObjectName("importFlowDialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self._start(self._import_file(Path(name))))
        self._open = dialog
        dialog.open()

    async def _import_file(self, file: Path) -> None:
        try:
            text = await asyncio.to_thread(_text_of, file)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            self._fail(f"{file.name} was not imported.", f"{reason}")
            return
        await self._import(text, file.name)

    def import_clipboard(self) -> None:
        """Import what is in the clipboard, such as a request copied as cURL in a browser."""
        text = QGuiApplication.clipboard().text()
        if not text.strip():
            self._fail("Nothing was imported.", "The clipboard has no text to import.")
        else:
            self._start(self._import(text, ""))

    async def _import(self, text: str, name: str) -> None:
        importing = import_module("gms_console.importing.importing")
        types = import_module("gms_console.importing.types")
        try:
            imported = await asyncio.to_thread(importing.import_text, text, name=name)
        except types.UnreadableImportError as error:
            self._fail("Nothing was imported.", f"{error}")
            return
        self._desk.set_flow(imported.flow)
        steps = len(imported.flow.steps)
        self._window.show_message(f"Imported {steps} step{'' if steps == 1 else 's'}; not saved.")
        if imported.left_out or imported.base_urls:
            shown = ImportedDialog(imported, self._window)
            self._open = shown
            shown.open()

    def _fail(self, what: str, reason: str) -> None:
        """Say in the window of flows, and in its status bar, why nothing was imported."""
        self._window.show_message(f"{what} {reason}")
        choices = [("&Close", "importFailedCloseButton", None)]
        self._window.questions.ask("importFailedBox", what, reason, choices)

    # --- export ----------------------------------------------------------------------------------

    def export(self) -> None:
        """Show the flow at hand as a script for another tool."""
        from .export_dialog import ExportDialog  # noqa: PLC0415 - rarely needed

        self._window.take_open_edits()
        if self._desk.flow is not None:
            shown = ExportDialog(self._window.console, self._desk.flow, self._window)
            self._open = shown
            shown.open()

    def _start(self, work: Any) -> None:  # noqa: ANN401 - a coroutine of any result
        tasks = self._window.console.session.tasks
        tasks.start(work, name="import", owner=self._desk)


class ImportedDialog(QDialog):
    """What could not be carried over, and where the requests went."""

    def __init__(self, imported: Any, parent: QWidget) -> None:  # noqa: ANN401 - as imported
        super().__init__(parent)
        self.setObjectName("importedDialog")
        self.setWindowTitle("Imported")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(600, 340)
        column = QVBoxLayout(self)
        if imported.base_urls:
            places = label(f"The requests went to {', '.join(imported.base_urls)}.")
            places.setWordWrap(True)
            column.addWidget(named(places, "importedPlaces", "Where the requests went"))
            hint = "A flow has no place of its own: choose its environment above the steps."
            column.addWidget(label(hint, "muted"))
        if imported.left_out:
            column.addWidget(label("Not carried over:", "section"))
            self.list = named(QListWidget(), "importedLeftOut", "Not carried over")
            self.list.setWordWrap(True)
            self.list.addItems(list(imported.left_out))
            column.addWidget(self.list, 1)
        else:
            column.addStretch(1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)


def _text_of(file: Path) -> str:
    """Read a file as text, BOM or not. Raises OSError and ValueError."""
    if file.stat().st_size > _MOST_BYTES:
        raise ValueError(f"it has more than {_MOST_BYTES // 1024 // 1024} MB")
    data = file.read_bytes()
    coding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        return data.decode(coding)
    except UnicodeDecodeError:
        raise ValueError("it is no text in UTF-8") from None
