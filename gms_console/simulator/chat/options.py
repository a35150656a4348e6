"""The options of chats: those of a chat service, else those that hold for all.

GMS has a section `chat` for all chats and sections `chat.<name>` for one service each (domain:
documented); the options named here in small letters with `_seconds` are this simulator's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from gms_console.simulator.config.sections import Sections

SECTION = "chat"
SERVICE_SECTION = "chat."

_FILE_TYPES = "bmp:csv:doc:docx:gif:jpeg:jpg:pdf:png:pptx:txt:xlsx:zip"

_DEFAULTS: Mapping[str, str] = {
    "join_seconds": "4",
    "idle_alert_seconds": "300",
    "idle_close_seconds": "420",
    "message_limit": "4096",
    "download-attempts": "10",
    "upload-max-files": "5",
    "upload-max-file-size": "10485760",
    "upload-max-total-size": "26214400",
    "upload-need-agent": "false",
    "upload-file-types": _FILE_TYPES,
    "delete-file": "true",
}
LIMITS = (
    "download-attempts",
    "upload-max-files",
    "upload-max-file-size",
    "upload-max-total-size",
    "upload-need-agent",
    "upload-file-types",
    "delete-file",
)
"""The limits on files that an app can ask for (domain: documented names, sizes in bytes)."""


def services(config: Sections) -> tuple[str, ...]:
    """Return the services that chat API v2 knows, in their order."""
    return config.names(SERVICE_SECTION)


@dataclass(frozen=True)
class ChatOptions:
    """What holds for the chats of one service."""

    config: Sections
    service: str

    def text(self, name: str) -> str:
        """Return an option as it is written."""
        own = self.config.section(f"{SERVICE_SECTION}{self.service}").get(name)
        return own if own is not None else self.config.text(SECTION, name, _DEFAULTS.get(name, ""))

    def number(self, name: str) -> float:
        """Return an option as a number that is not below zero; its default when it is none."""
        try:
            found = float(self.text(name))
        except ValueError:
            found = float(_DEFAULTS[name])
        return found if 0 <= found < float("inf") else float(_DEFAULTS[name])

    def flag(self, name: str) -> bool:
        """Return whether an option says `true`."""
        return self.text(name).strip().lower() == "true"
