"""The left side of the settings: the environments of the folder, and what all of them share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ..common import ElidedLabel, label, named
from .store_part import StorePart
from .swatches import swatch_icon

if TYPE_CHECKING:
    from gms_console.environments.folder import Stored
    from gms_console.environments.profile_file import ProfileError

_UNSAVED = "  ●"
_NAME = Qt.ItemDataRole.UserRole


class EnvironmentList(QWidget):
    """A list to choose from; what a person wants done comes out as signals."""

    wanted = Signal(str)
    new_wanted = Signal()
    duplicate_wanted = Signal()
    delete_wanted = Signal()
    folder_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(270)
        self.list = named(QListWidget(), "environmentList", "Environments")
        self.list.setIconSize(QSize(18, 18))
        self.new_button = self._button("Ne&w", "newEnvironmentButton", "New environment (Ctrl+N)")
        self.duplicate_button = self._button(
            "D&uplicate", "duplicateEnvironmentButton", "Copy this environment's file (Ctrl+D)"
        )
        self.delete_button = self._button(
            "&Delete", "deleteEnvironmentButton", "Delete this environment's file"
        )
        self.mistakes_label = label("", "error")
        self.mistakes_label.setWordWrap(True)
        self.mistakes = named(
            QPlainTextEdit(), "environmentMistakes", "Files that could not be read"
        )
        self.mistakes.setReadOnly(True)
        self.mistakes.setTabChangesFocus(True)
        self.mistakes.setMaximumHeight(72)
        self.folder_label = named(ElidedLabel(), "environmentFolder", "Folder of the files")
        self.folder_button = self._button(
            "Choose &folder …", "chooseFolderButton", "Another folder, such as a Git checkout"
        )
        self.home_button = self._button(
            "Usual folder", "usualFolderButton", "Back to the folder of this person's settings"
        )
        self.store = StorePart()
        self._folder = Path()
        self._lay_out()
        self.list.currentItemChanged.connect(self._on_item)
        self.new_button.clicked.connect(self.new_wanted)
        self.duplicate_button.clicked.connect(self.duplicate_wanted)
        self.delete_button.clicked.connect(self.delete_wanted)
        self.folder_button.clicked.connect(self._ask_folder)
        self.home_button.clicked.connect(lambda: self.folder_wanted.emit(None))

    def _button(self, text: str, object_name: str, tip: str) -> QPushButton:
        button = named(QPushButton(text), object_name, text.replace("&", ""))
        button.setToolTip(tip)
        button.setAutoDefault(False)
        return button

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(6)
        for button in (self.new_button, self.duplicate_button, self.delete_button):
            tools.addWidget(button, 1)
        place = QHBoxLayout()
        place.setSpacing(6)
        place.addWidget(self.folder_button, 1)
        place.addWidget(self.home_button, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.list, 1)
        column.addLayout(tools)
        column.addWidget(self.mistakes_label)
        column.addWidget(self.mistakes)
        column.addSpacing(8)
        column.addWidget(label("Files", "section"))
        column.addWidget(self.folder_label)
        column.addLayout(place)
        column.addSpacing(8)
        column.addWidget(self.store)

    # --- what it shows -----------------------------------------------------------------------

    def show_rows(self, profiles: Sequence[Stored], draft: str | None, chosen: str) -> None:
        """List the environments, with one that has no file yet at the end; mark what is edited.

        `draft` is the name of one without a file; `chosen` the name in the file of the one shown.
        """
        names = [(one.profile.name, one.profile.colour) for one in profiles]
        blocker = QSignalBlocker(self.list)
        self.list.clear()
        for name, colour in names:
            self._add(name, name, colour)
        if draft is not None:
            self._add("", draft, "")
        wanted = len(names) if draft is not None else self._row_of(chosen)
        self.list.setCurrentRow(wanted)
        blocker.unblock()

    def _add(self, key: str, text: str, colour: str) -> None:
        item = QListWidgetItem(swatch_icon(colour), text)
        item.setData(_NAME, key)
        self.list.addItem(item)

    def _row_of(self, name: str) -> int:
        rows = range(self.list.count())
        return next((row for row in rows if self.list.item(row).data(_NAME) == name), -1)

    def mark(self, name: str, colour: str, *, dirty: bool) -> None:
        """Show the row at hand as it is edited: name, colour, and whether it is saved."""
        item: QListWidgetItem | None = self.list.currentItem()
        if item is None:
            return
        shown = name or "(no name)"
        item.setText(f"{shown}{_UNSAVED}" if dirty else shown)
        item.setIcon(swatch_icon(colour))
        words = f"{shown}, not saved" if dirty else shown
        item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
        item.setToolTip("Not saved" if dirty else "")

    def show_mistakes(self, mistakes: Sequence[ProfileError]) -> None:
        """List the files that could not be read, with the reason."""
        count = len(mistakes)
        files = "1 file" if count == 1 else f"{count} files"
        self.mistakes_label.setText(f"▲ {files} could not be read:")
        self.mistakes.setPlainText("\n".join(str(one) for one in mistakes))
        self.mistakes_label.setVisible(bool(count))
        self.mistakes.setVisible(bool(count))

    def show_folder(self, folder: Path, *, usual: bool) -> None:
        """Say where the files are."""
        self._folder = folder
        self.folder_label.show_text(str(folder))
        self.home_button.setVisible(not usual)

    # --- what a person does ------------------------------------------------------------------

    def _on_item(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.data(_NAME):
            self.wanted.emit(str(item.data(_NAME)))

    def _ask_folder(self) -> None:
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415 - not before it is asked for

        dialog = QFileDialog(self, "Folder of environments", str(self._folder))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda name: self.folder_wanted.emit(Path(name)))
        dialog.open()
