"""The configuration that the simulator goes by, and the choice of another one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ...simulator.config import SimulatorConfig
from ..common import label, named

_FILTER = "Configurations (*.yaml *.yml);;All files (*)"


class ConfigTab(QWidget):
    """Shows the options in force. A saved edit of the file is in force with the next request."""

    def __init__(self, config: SimulatorConfig) -> None:
        super().__init__()
        self._config = config
        self._dialog: QFileDialog | None = None
        self.place = named(label("", "muted"), "simulatorConfigPlace", "File of the configuration")
        self.place.setWordWrap(True)
        self.text = named(QPlainTextEdit(), "simulatorConfigText", "Configuration in force")
        self.text.setReadOnly(True)
        self.text.setProperty("role", "code")
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.copy_button = self._button("Cop&y to a file …", "simulatorConfigCopy")
        self.use_button = self._button("&Use a file …", "simulatorConfigUse")
        self.own_button = self._button("&Built-in", "simulatorConfigOwn")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.place)
        column.addWidget(self.text, 1)
        row = QHBoxLayout()
        row.setSpacing(6)
        for button in (self.copy_button, self.use_button, self.own_button):
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        self.copy_button.setToolTip("Write it into a file of your own, and go by that")
        self.use_button.setToolTip("Go by another file from now on")
        self.own_button.setToolTip("Go by the configuration that comes with the console")
        self.copy_button.clicked.connect(self.ask_where_to_copy)
        self.use_button.clicked.connect(self.ask_for_file)
        self.own_button.clicked.connect(lambda: config.use(None))
        config.changed.connect(self.refresh)
        self.refresh()

    def _button(self, text: str, name: str) -> QPushButton:
        return named(QPushButton(text), name, text.replace("&", ""))

    def refresh(self) -> None:
        """Show the file as it was read last."""
        path = self._config.path
        self.place.setText(
            "The configuration that comes with the console. Copy it to a file to change it."
            if path is None
            else f"{path} · a saved edit is in force with the next request"
        )
        if self.text.toPlainText() != self._config.text:
            self.text.setPlainText(self._config.text)
        self.own_button.setEnabled(path is not None)

    def ask_where_to_copy(self) -> None:
        """Ask for a file of one's own."""
        dialog = QFileDialog(self, "Copy the configuration", "simulator.yaml", _FILTER)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("yaml")
        dialog.fileSelected.connect(lambda path: self._config.copy_to(Path(path)))
        self._open(dialog)

    def ask_for_file(self) -> None:
        """Ask for the file to go by."""
        dialog = QFileDialog(self, "Use a configuration", "", _FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self._config.use(Path(path)))
        self._open(dialog)

    def _open(self, dialog: QFileDialog) -> None:
        # One that lives on would keep keys of the window for its own lists.
        dialog.finished.connect(dialog.deleteLater)
        self._dialog = dialog
        dialog.open()
