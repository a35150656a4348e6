"""The section of the settings for time-outs, limits, HTTP and the proxy."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal

from gms_console.model.connection import ProxyMode

from ...settings.text import SecretFacts, SettingsText
from ..common import named
from .fields import Section, SteadyCombo, wrapped
from .secret_field import SecretField

MODES = {
    ProxyMode.SYSTEM: (
        "As this system has it",
        "What HTTP_PROXY, HTTPS_PROXY and NO_PROXY or the system's settings say; never for "
        "addresses of this machine.",
    ),
    ProxyMode.EXPLICIT: ("This one", "All requests of this environment go through it."),
    ProxyMode.NONE: ("None", "Straight to GMS, whatever the system's settings say."),
}
PROTOCOLS = {"1.1": "HTTP/1.1", "2": "HTTP/2 over TLS, else HTTP/1.1"}

_WIDTH = 150


class ConnectionPart(Section):
    """How long to wait, how much to read, and by which way to go."""

    reveal_wanted = Signal(object, str)

    def __init__(self) -> None:
        super().__init__("Connection")
        self._add_limits()
        self._add_proxy()
        self.column.addStretch(1)

    def _add_limits(self) -> None:
        self.add_heading("Time-outs and limits", "Such as 15s, 500ms or 2m; sizes such as 64 MiB.")
        group = self.add_group()
        self.connect_edit = group.line(
            "C&onnect within",
            "timeouts.connect",
            "connectTimeoutEdit",
            "Connect within",
            width=_WIDTH,
        )
        self.read_edit = group.line(
            "Longest s&ilence",
            "timeouts.read",
            "readTimeoutEdit",
            "Longest silence",
            width=_WIDTH,
        )
        self.total_edit = group.line(
            "Whole re&quest within",
            "timeouts.total",
            "totalTimeoutEdit",
            "Whole request within",
            hint="not bounded",
            width=_WIDTH,
        )
        self.size_edit = group.line(
            "Largest answer (si&ze)",
            "max_body",
            "maxBodyEdit",
            "Size limit of answers",
            width=_WIDTH,
        )
        self.http_combo = named(SteadyCombo(), "httpVersionCombo", "HTTP version")
        for version, title in PROTOCOLS.items():
            self.http_combo.addItem(title, version)
        self.http_combo.currentIndexChanged.connect(self.changed)
        group.add("HTTP &version", self.http_combo, "http", width=320)

    def _add_proxy(self) -> None:
        self.add_heading("Proxy")
        group = self.add_group()
        self.mode_combo = named(SteadyCombo(), "proxyModeCombo", "Proxy")
        for mode, (title, _) in MODES.items():
            self.mode_combo.addItem(title, mode)
        self.mode_note = wrapped("")
        self.mode_combo.currentIndexChanged.connect(self._on_mode)
        group.add("Which pro&xy", self.mode_combo, "proxy.mode", note=self.mode_note, width=320)
        self.url_edit = group.line(
            "Proxy U&RL", "proxy.url", "proxyUrlEdit", "Proxy URL", hint="http://proxy:3128"
        )
        self.user_edit = group.line(
            "Us&er", "proxy.user", "proxyUserEdit", "User name of the proxy", width=320
        )
        self.password = SecretField("proxyPasswordEdit", "Password of the proxy")
        self.password.changed.connect(self.changed)
        self.password.reveal_wanted.connect(
            lambda name: self.reveal_wanted.emit(self.password, name)
        )
        group.add("&Password", self.password, "proxy.password", buddy=self.password.edit)

    @property
    def _mode(self) -> ProxyMode:
        return ProxyMode(self.mode_combo.currentData())

    def _on_mode(self) -> None:
        self._show_mode()
        self.changed.emit()

    def _show_mode(self) -> None:
        self.mode_note.setText(MODES[self._mode][1])
        for widget in (self.url_edit, self.user_edit, self.password):
            widget.setEnabled(self._mode is ProxyMode.EXPLICIT)

    def load(self, text: SettingsText) -> None:
        """Show the fields of this section."""
        self.connect_edit.setText(text.connect)
        self.read_edit.setText(text.read)
        self.total_edit.setText(text.total)
        self.size_edit.setText(text.max_body)
        self.http_combo.setCurrentIndex(list(PROTOCOLS).index(text.http))
        self.mode_combo.setCurrentIndex(list(MODES).index(text.proxy_mode))
        self.url_edit.setText(text.proxy_url)
        self.user_edit.setText(text.proxy_user)
        self.password.load(text.proxy_password)
        self._show_mode()

    def store(self, text: SettingsText) -> SettingsText:
        """Give the settings with the fields of this section as they are typed."""
        return replace(
            text,
            connect=self.connect_edit.text(),
            read=self.read_edit.text(),
            total=self.total_edit.text(),
            max_body=self.size_edit.text(),
            http=str(self.http_combo.currentData()),
            proxy_mode=self._mode,
            proxy_url=self.url_edit.text(),
            proxy_user=self.user_edit.text(),
            proxy_password=self.password.text(),
        )

    def show_facts(self, facts: SecretFacts) -> None:
        """Go by what is known of secrets now."""
        self.password.show_facts(facts)
