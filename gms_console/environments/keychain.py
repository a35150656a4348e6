"""Secrets in the keychain of the system, through the keyring library."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

from gms_console.environments.secrets import SecretStoreError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "gms-console"
"""The service under which the keychain lists the secrets; each is an account of its own."""

ANSWER_TIME = 60.0
"""Seconds that a keychain may take; a locked one waits for a person in a window of its own."""

_REFUSED = ("keyring.backends.fail", "keyring.backends.null", "keyrings.alt")
"""Backends that keep nothing, or keep it readable, or ask for a passphrase on the terminal."""

_NAMES = {
    "keyring.backends.SecretService": "Secret Service",
    "keyring.backends.libsecret": "Secret Service",
    "keyring.backends.kwallet": "KWallet",
    "keyring.backends.macOS": "macOS Keychain",
    "keyring.backends.Windows": "Windows Credential Manager",
}

_T = TypeVar("_T")


class NoKeychainError(SecretStoreError):
    """This system has no keychain that keeps secrets safely; the text says why."""


def preload() -> None:
    """Load keyring and its backends, so that a thread finds them complete."""
    import keyring  # noqa: PLC0415 - only where secrets are used

    keyring.get_keyring()


def find_keychain() -> Keychain:
    """Give the keychain that keyring chooses, or its best part. Raises NoKeychainError."""
    import keyring  # noqa: PLC0415 - only where secrets are used

    try:
        chosen = keyring.get_keyring()
        parts = [chosen, *getattr(chosen, "backends", ())]
    except Exception as error:  # noqa: BLE001 - backends raise what their libraries do
        raise NoKeychainError(f"The keychain does not start ({type(error).__name__}).") from None
    usable = [one for one in parts if _is_safe(one)]
    if not usable:
        raise NoKeychainError(_why_not(parts))
    return Keychain(usable[0])


def _is_safe(backend: KeyringBackend) -> bool:
    """Whether a backend is a keychain itself; a chain of some is judged by its parts."""
    if hasattr(backend, "backends"):
        return False
    bases = type(backend).__mro__
    return not any(
        base.__module__.startswith(_REFUSED) or "plaintext" in base.__name__.lower()
        for base in bases
    )


def _why_not(parts: list[KeyringBackend]) -> str:
    unsafe = [one for one in parts if not hasattr(one, "backends")]
    modules = {type(one).__module__ for one in unsafe}
    if modules <= {"keyring.backends.fail"}:
        return "No keychain runs on this system."
    if modules <= {"keyring.backends.null"}:
        return "The keychain is turned off on this system."
    return f"{unsafe[0].name} does not keep secrets safely; it is not used."


class Keychain:
    """A SecretStore over a backend of keyring."""

    keeps = True

    def __init__(self, backend: KeyringBackend, *, answer_time: float = ANSWER_TIME) -> None:
        self._backend = backend
        self._answer_time = answer_time
        name = _NAMES.get(type(backend).__module__, backend.name)
        self.label = f"the keychain of this system ({name})"

    def __repr__(self) -> str:
        return f"<Keychain: {self.label}>"

    def get(self, name: str) -> str | None:
        """Give a secret's value. Raises SecretStoreError."""
        return self._call("cannot be read", lambda: self._backend.get_password(SERVICE, name))

    def set(self, name: str, value: str) -> None:
        """Keep a value. Raises SecretStoreError."""
        self._call(
            "did not take it", lambda: self._backend.set_password(SERVICE, name, value), value
        )

    def forget(self, name: str) -> None:
        """Delete a value; nothing happens where there is none. Raises SecretStoreError."""

        def delete() -> None:
            if self._backend.get_password(SERVICE, name) is not None:
                self._backend.delete_password(SERVICE, name)

        self._call("did not delete it", delete)

    def _call(self, failed: str, action: Callable[[], _T], value: str = "") -> _T:
        """Carry out in a thread that the end of the program does not wait for."""
        results: list[_T] = []
        reasons: list[str] = []

        def run() -> None:
            try:
                results.append(action())
            except Exception as error:  # noqa: BLE001 - backends raise what their libraries do
                reasons.append(_reason(error, value))

        thread = Thread(target=run, name="keychain", daemon=True)
        thread.start()
        thread.join(self._answer_time)
        if results:
            return results[0]
        if reasons:
            raise SecretStoreError(f"{self._title} {failed}: {reasons[0]}")
        raise SecretStoreError(
            f"{self._title} did not answer in {self._answer_time:g} s. "
            "It may be locked, and wait for its password in a window of its own."
        )

    @property
    def _title(self) -> str:
        return self.label[0].upper() + self.label[1:]


def _reason(error: Exception, value: str) -> str:
    """Give a backend's words, unless they repeat the value."""
    text = " ".join(str(error).split())
    kind = type(error).__name__
    if not text or (value and value in text):
        return kind
    return f"{text} ({kind})"
