"""What the window does with the catalogue beside choosing: favourites, bindings, files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from .actions import ActionSpec

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog

    from .window import MainWindow

EXPORT_NAME = "gms-catalogue.yaml"
_FILES = "Catalogue files (*.yaml *.yml);;All files (*)"


class CatalogueActions(QObject):
    """Opens the dialogs of the catalogue. None of them is waited for: they answer by signal."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._desk = window.console.services
        self._dialog: QDialog | None = None
        window.service_picker.bind_wanted.connect(self.open_binding)
        window.service_picker.problems_wanted.connect(self.show_problems)
        window.side_pane.service_card.bind_wanted.connect(self.open_binding)
        self._desk.own.refused.connect(self._show_reason)
        self._desk.catalogue_changed.connect(self._say_problems)

    def specs(self) -> tuple[ActionSpec, ...]:
        """Give the actions for menus and keys."""
        spec = ActionSpec
        return (
            spec("favourite", "&Edit", "Fav&ourite service", ("Ctrl+B",), self.toggle_favourite),
            spec("bind", "&Edit", "&Bind a name to a kind …", ("Ctrl+K",), self.bind_pointed),
            spec(
                "importCatalogue",
                "&File",
                "&Import catalogue …",
                ("Ctrl+Shift+O",),
                self.ask_import,
            ),
            spec(
                "exportCatalogue",
                "&File",
                "E&xport my catalogue …",
                ("Ctrl+Alt+E",),
                self.ask_export,
            ),
        )

    def _pointed(self) -> str:
        """Give the service that is highlighted in the picker, or else the form's."""
        return self._window.service_picker.pointed_service or self._desk.service

    def toggle_favourite(self) -> None:
        """Make the service at hand a favourite, or no longer one."""
        self._desk.toggle_favourite(self._pointed())

    def bind_pointed(self) -> None:
        """Bind the service at hand, or a new name to its kind."""
        self.open_binding(*self._desk.binding_for(self._pointed()))

    def open_binding(self, name: str, kind: str) -> None:
        """Ask for a name and its kind."""
        from .panes.bind_dialog import BindDialog  # noqa: PLC0415 - not before it is asked for

        self._dialog = BindDialog(self._window.console, name, kind, self._window)
        self._dialog.open()

    def ask_import(self) -> None:
        """Ask for a file of own kinds and bindings, and take it in."""
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415 - not before it is asked for

        dialog = QFileDialog(self._window, "Import a catalogue", "", _FILES)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self._desk.own.import_file(Path(name)))
        self._dialog = dialog
        dialog.open()

    def ask_export(self) -> None:
        """Ask for a file to write one's own kinds and bindings to."""
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415 - not before it is asked for

        dialog = QFileDialog(self._window, "Export my catalogue", "", _FILES)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("yaml")
        dialog.selectFile(EXPORT_NAME)
        dialog.fileSelected.connect(lambda name: self._desk.own.export_file(Path(name)))
        self._dialog = dialog
        dialog.open()

    def show_problems(self) -> None:
        """Show what of the own catalogue could not be used, whole."""
        folder = self._desk.own.folder
        where = f"\n\nThe files are in {folder / 'catalogue'}" if folder is not None else ""
        self._show_reason(
            "Not all of your catalogue could be used",
            "\n".join(self._desk.problems) + where,
        )

    def _say_problems(self) -> None:
        problems = self._desk.problems
        if problems:
            more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
            self._window.show_message(f"Your catalogue: {problems[0]}{more}")

    def _show_reason(self, heading: str, reason: str) -> None:
        from PySide6.QtWidgets import QMessageBox  # noqa: PLC0415 - not before it is needed

        box = QMessageBox(self._window)
        box.setObjectName("catalogueProblemBox")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle("Catalogue")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(heading)
        box.setInformativeText(reason)
        box.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._window.show_message(f"{heading}. {reason}".partition("\n")[0])
        self._dialog = box
        box.open()
