"""The CaptureDesk: values taken from answers, which `{{name}}` puts into forms until the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gms_console.redaction import MASK, is_credential_name
from gms_console.variables import Captures, name_problem

if TYPE_CHECKING:
    from .console import Console

_SHOWN = 200
"""Characters of a value that lists show."""


@dataclass(frozen=True, slots=True)
class CaptureRow:
    """One value in words: what `{{name}}` stands for, and which answer it came from.

    `value` is masked where the value is `secret`.
    """

    name: str
    value: str
    origin: str
    secret: bool


class CaptureDesk(QObject):
    """Keeps values for this start alone: they may be a customer's, and go into no file.

    `changed` comes when there is another value, or one less.
    """

    changed = Signal()

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._console = console
        self.captures = Captures()
        self._origins: dict[str, tuple[str, bool]] = {}

    def problem(self, name: str) -> str:
        """Say why nothing can be kept under a name; empty when it can."""
        return name_problem(name)

    def note(self, name: str) -> str:
        """Say what a value of that name would stand in front of; empty for nothing."""
        if name in self.captures:
            return f"Replaces the value that {{{{{name}}}}} stands for now."
        if name in self._console.variables.names:
            return f"Goes before the variable {name} of the environment until the console ends."
        return ""

    def take(self, name: str, value: str, *, key: str = "", origin: str = "") -> None:
        """Keep a value. `key` is what the answer calls it, and says whether it is a secret."""
        self.captures[name] = value
        self._origins[name] = (origin, is_credential_name(key) or is_credential_name(name))
        self._tell()
        self._console.message.emit(f"{{{{{name}}}}} stands for it until the console ends.")

    def forget(self, name: str) -> None:
        """Take a value away; what is typed with its name cannot be sent then."""
        if self.captures.pop(name, None) is not None:
            self._origins.pop(name, None)
            self._tell()
            self._console.message.emit(f"{{{{{name}}}}} is forgotten.")

    def forget_all(self) -> None:
        """Take all values away."""
        if self.captures:
            self.captures.clear()
            self._origins.clear()
            self._tell()
            self._console.message.emit("All values from answers are forgotten.")

    def rows(self) -> tuple[CaptureRow, ...]:
        """Give what is kept, in the order in which it was first taken."""
        return tuple(self._row(name, value) for name, value in self.captures.items())

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values of credentials, for masking."""
        return tuple(self.captures[name] for name, (_, secret) in self._origins.items() if secret)

    def _row(self, name: str, value: str) -> CaptureRow:
        origin, secret = self._origins[name]
        return CaptureRow(name, MASK if secret else short_value(value), origin, secret)

    def _tell(self) -> None:
        self.changed.emit()
        self._console.refresh_preview()


def short_value(value: str) -> str:
    """Give a value on one line; of a long one its beginning."""
    line = " ".join(value[:_SHOWN].split())
    return line if len(value) <= _SHOWN else f"{line} …"
