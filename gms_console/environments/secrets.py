"""Where secrets are kept: the system's keychain, an encrypted file, or nowhere at all."""

from __future__ import annotations

from typing import Protocol


class SecretStoreError(OSError):
    """A store that cannot be read or written; the text never holds a secret."""


class SecretStore(Protocol):
    """Keeps secrets by name. Calls may block and belong in a thread. Raise SecretStoreError."""

    @property
    def label(self) -> str:
        """What the console calls it, such as `the keychain of this system (KWallet)`."""
        ...

    @property
    def keeps(self) -> bool:
        """Whether a secret outlasts this start."""
        ...

    def get(self, name: str) -> str | None:
        """Give a secret's value, or None where there is none of that name."""
        ...

    def set(self, name: str, value: str) -> None:
        """Keep a value under a name."""
        ...

    def forget(self, name: str) -> None:
        """Drop a value; nothing happens where there is none."""
        ...
