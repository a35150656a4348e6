"""The SecretKeeper: what the window and the command line ask for secrets."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import RLock

from gms_console.environments import keychain, secret_file
from gms_console.environments.keychain import Keychain, NoKeychainError, find_keychain
from gms_console.environments.secret_file import SecretFile, WrongPassphraseError
from gms_console.environments.secrets import SecretStore, SecretStoreError
from gms_console.environments.session_secrets import SessionSecrets
from gms_console.redaction import Masker
from gms_console.whole_file import write_whole

__all__ = [
    "SecretKeeper",
    "SecretStoreError",
    "StoreKind",
    "StoreOffer",
    "WrongPassphraseError",
    "open_keeper",
    "preload",
    "variable_of",
]

CHOICE_FILE = "secrets.json"
"""Has the kind of store that a person chose, and no secret."""

_OTHER = re.compile("[^A-Z0-9]")


class StoreKind(StrEnum):
    """Where secrets are kept between two starts."""

    KEYCHAIN = "keychain"
    FILE = "file"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class StoreOffer:
    """A kind of store in words for a person; `reason` says why it cannot be chosen, or is empty."""

    kind: StoreKind
    label: str
    reason: str = ""

    @property
    def available(self) -> bool:
        """Whether it can be chosen."""
        return not self.reason


class SecretKeeper:
    """Gives and takes secrets by name. May be used from several threads.

    A value comes from the variable `GMS_CONSOLE_SECRET_<NAME>` first, then from what was read or
    set in this start, then from the store. `values`, `set`, `forget`, `known`, `unlock` and
    `choose` may block (a keychain can wait for its password) and belong in a thread;
    the properties answer at once. Made by `open_keeper`.
    """

    def __init__(self, folder: Path, chain: Keychain | str, kind: str = "") -> None:
        self._folder = folder
        self._chain = chain
        self._file = SecretFile(folder)
        self._session = SessionSecrets()
        self._lock = RLock()
        self._kind = self._first_kind(kind)

    def __repr__(self) -> str:
        return f"<SecretKeeper: {self._kind}>"

    @property
    def kind(self) -> StoreKind:
        """The kind of store in force."""
        return self._kind

    @property
    def kinds(self) -> tuple[StoreOffer, ...]:
        """All kinds of store, and why one cannot be chosen."""
        chain = self._chain
        return (
            StoreOffer(StoreKind.KEYCHAIN, "the keychain of this system", chain)
            if isinstance(chain, str)
            else StoreOffer(StoreKind.KEYCHAIN, chain.label),
            StoreOffer(StoreKind.FILE, self._file.label),
            StoreOffer(StoreKind.ASK, self._session.label),
        )

    @property
    def label(self) -> str:
        """Where secrets live, in words for a person."""
        return self._store.label

    @property
    def keeps(self) -> bool:
        """Whether a secret outlasts this start."""
        return self._store.keeps

    @property
    def locked(self) -> bool:
        """Whether the encrypted file is in force and needs its passphrase first."""
        return self._kind is StoreKind.FILE and self._file.locked

    @property
    def is_new(self) -> bool:
        """Whether the encrypted file is in force and the next passphrase makes it."""
        return self._kind is StoreKind.FILE and not self._file.exists

    def unlock(self, passphrase: str) -> None:
        """Open the encrypted file for this start, or make it with this passphrase.

        Raises WrongPassphraseError and SecretStoreError.
        """
        self._file.unlock(passphrase)

    def values(self, names: Iterable[str]) -> dict[str, str]:
        """Give the values that are known; those of a locked file are not. Raises SecretStoreError.

        What the store gives is remembered for this start.
        """
        found = {name: self._value(name) for name in dict.fromkeys(names)}
        return {name: value for name, value in found.items() if value is not None}

    def known(self, name: str) -> bool:
        """Whether a value is known. Raises SecretStoreError."""
        return self._value(name) is not None

    def set(self, name: str, value: str, keep: bool = True) -> None:
        """Take a value, and keep it in the store when that is wanted and it keeps.

        Raises SecretStoreError; the value is known in this start all the same.
        """
        self._session.set(name, value)
        if keep and self.keeps:
            with self._lock:
                self._store.set(name, value)

    def forget(self, name: str) -> None:
        """Drop a value, in the store too. Raises SecretStoreError, also while that is locked."""
        self._session.forget(name)
        with self._lock:
            self._store.forget(name)

    def choose(self, kind: str) -> None:
        """Change the store, and remember the choice; what the other one keeps stays there.

        Raises SecretStoreError for a kind that is not available, and ValueError for an unknown one.
        """
        wanted = StoreKind(kind)
        offer = next(one for one in self.kinds if one.kind is wanted)
        if not offer.available:
            raise SecretStoreError(offer.reason)
        with self._lock:
            _write_choice(self._folder, wanted)
            self._kind = wanted

    def carry(self, names: Iterable[str]) -> tuple[str, ...]:
        """Keep in the store what is known of these names in this start, as after `choose`.

        Gives the names that were kept. Raises SecretStoreError.
        """
        held = {name: self._session.get(name) for name in names}
        kept = {name: value for name, value in held.items() if value is not None}
        for name, value in kept.items():
            self.set(name, value)
        return tuple(kept) if self.keeps else ()

    def masker(self) -> Masker:
        """Give what masks all values of this start, and those of variables."""
        return Masker((*self._session.values(), *_variables().values()))

    @property
    def _store(self) -> SecretStore:
        if self._kind is StoreKind.FILE:
            return self._file
        if self._kind is StoreKind.KEYCHAIN and isinstance(self._chain, Keychain):
            return self._chain
        return self._session

    def _value(self, name: str) -> str | None:
        value = os.environ.get(variable_of(name))
        if value is None:
            value = self._session.get(name)
        if value is None and self.keeps and not self.locked:
            with self._lock:
                value = self._store.get(name)
            if value is not None:
                self._session.set(name, value)
        return value

    def _first_kind(self, kind: str) -> StoreKind:
        """Give the kind to begin with: the one asked for, the one chosen, or the safest."""
        wanted = StoreKind(kind) if kind else _read_choice(self._folder)
        if wanted is not None and (wanted is not StoreKind.KEYCHAIN or self._has_chain):
            return wanted
        if self._has_chain:
            return StoreKind.KEYCHAIN
        return StoreKind.FILE if self._file.exists else StoreKind.ASK

    @property
    def _has_chain(self) -> bool:
        return isinstance(self._chain, Keychain)


def open_keeper(folder: Path, kind: str = "") -> SecretKeeper:
    """Make the SecretKeeper of a configuration folder. Call it in a thread, after `preload`.

    Without `kind`: what a person chose, else the keychain, else the encrypted file where there is
    one, else secrets are asked for in each start. A keychain that was chosen and is not there is
    passed over in that order; `kinds` says why.
    """
    try:
        chain: Keychain | str = find_keychain()
    except NoKeychainError as error:
        chain = str(error)
    return SecretKeeper(folder, chain, kind)


def preload() -> None:
    """Load keyring and cryptography in this thread, so that another finds them complete."""
    keychain.preload()
    secret_file.preload()


def variable_of(name: str) -> str:
    """Give the environment variable that has a secret, such as GMS_CONSOLE_SECRET_QA_PASSWORD."""
    return f"{_PREFIX}{_OTHER.sub('_', name.upper())}"


_PREFIX = "GMS_CONSOLE_SECRET_"


def _variables() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith(_PREFIX)}


def _read_choice(folder: Path) -> StoreKind | None:
    """Give what a person chose; a file that cannot be read is no choice."""
    try:
        return StoreKind(json.loads((folder / CHOICE_FILE).read_text("utf-8"))["kind"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write_choice(folder: Path, kind: StoreKind) -> None:
    file = folder / CHOICE_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(file, f"{json.dumps({'kind': kind})}\n".encode())
    except OSError as error:
        raise SecretStoreError(f"{file}: {error.strerror or error}") from None
