"""The environment bar: the base URL that requests go to, and how it answers."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QWidget

from ..console import Console
from .common import give_way, icon_button, label, named, set_label, set_look

_DOTS = {"good": "●", "error": "▲", "muted": "○", "busy": "◌"}


class EnvironmentBar(QFrame):
    """Base URL, connection state and the way to the simulator."""

    def __init__(self, console: Console, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._console = console
        self.base_url_edit = named(QLineEdit(), "baseUrlEdit", "Base URL")
        self.base_url_edit.setPlaceholderText("http://localhost:8080/genesys")
        self.base_url_edit.setToolTip(
            "Where requests go, as http://host:port/base (Ctrl+L).\n"
            "Without a base path it is /genesys; old versions have /GMS-web/gms."
        )
        self.state_label = named(label("", "muted"), "connectionLabel", "Connection state")
        self.simulator_button = icon_button(
            "simulator", "Send to the simulator in this window", "Use simulator"
        )
        self.simulator_button.setObjectName("simulatorButton")
        give_way(self.state_label)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(8)
        name = label("Base URL")
        name.setBuddy(self.base_url_edit)
        row.addWidget(name)
        row.addWidget(self.base_url_edit, 2)
        row.addWidget(self.state_label, 1)
        row.addWidget(self.simulator_button)

        self.base_url_edit.editingFinished.connect(self._commit)
        self.simulator_button.clicked.connect(console.use_simulator)
        console.environment_changed.connect(self._show_environment)
        console.connection_changed.connect(self._show_connection)
        self._show_environment()
        self._show_connection()

    def _commit(self) -> None:
        if self.base_url_edit.text() != self._console.base_url_text:
            self._console.set_base_url(self.base_url_edit.text())

    def commit(self) -> None:
        """Take a base URL that is still being typed, as before a send."""
        self._commit()

    def _show_environment(self) -> None:
        console = self._console
        if self.base_url_edit.text() != console.base_url_text:
            self.base_url_edit.setText(console.base_url_text)
        set_look(self.base_url_edit, "invalid", bool(console.environment_error))
        here = bool(console.base_url_text) and console.base_url_text == console.simulator.base_url
        self.simulator_button.setEnabled(not here)
        self.simulator_button.setText("On the simulator" if here else "Use simulator")

    def _show_connection(self) -> None:
        console = self._console
        if console.environment_error:
            set_label(self.state_label, f"▲ {console.environment_error}", "error")
        else:
            connection = console.connection
            role = "muted" if connection.tone == "busy" else connection.tone
            set_label(self.state_label, f"{_DOTS[connection.tone]} {connection.text}", role)
        self.state_label.setToolTip(self.state_label.text()[2:])
