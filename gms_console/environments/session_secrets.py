"""Secrets of this start: asked for, held in memory, and gone when the program ends."""

from __future__ import annotations

from threading import Lock


class SessionSecrets:
    """A SecretStore that keeps nothing. May be used from several threads."""

    label = "memory alone, until the console ends"
    keeps = False

    def __init__(self) -> None:
        self._values: dict[str, str] = {}
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"<SessionSecrets: {len(self._values)}>"

    def get(self, name: str) -> str | None:
        """Give the value that was set in this start."""
        with self._lock:
            return self._values.get(name)

    def set(self, name: str, value: str) -> None:
        """Remember a value until the program ends."""
        with self._lock:
            self._values[name] = value

    def forget(self, name: str) -> None:
        """Drop a value; nothing happens where there is none."""
        with self._lock:
            self._values.pop(name, None)

    def values(self) -> tuple[str, ...]:
        """Give all values, such as for masking them."""
        with self._lock:
            return tuple(self._values.values())
