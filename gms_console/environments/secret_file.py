"""Secrets in one encrypted file, for systems without a keychain.

The file is JSON: a format, a version, the parameters of scrypt with a random salt, and the
secrets encrypted by AES-256-GCM, their names too. The rest of the file is authenticated along
with them. The key is made of a passphrase and is held in memory for this start.
"""

from __future__ import annotations

import binascii
import hashlib
import json
import os
import unicodedata
from base64 import b64decode, b64encode
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import RLock
from typing import Any

from gms_console.environments.file_lock import file_lock
from gms_console.environments.secrets import SecretStoreError
from gms_console.whole_file import write_whole

FILE_NAME = "secrets.enc"
FORMAT = "gms-console-secrets"
VERSION = 1

_COST = 2**17
"""scrypt's N: 128 MiB and some tenths of a second for each guess."""

_MOST = 2**20
"""The largest N that is read: a foreign file must not take all memory."""

_BLOCK = 8
_SALT_SIZE = 16
_NONCE_SIZE = 12


class WrongPassphraseError(SecretStoreError):
    """The passphrase does not open the encrypted file; the file is as it was."""


class DamagedSecretsError(SecretStoreError):
    """The encrypted file cannot be read, or another version wrote it; the file is as it was."""


def preload() -> None:
    """Load what encrypts, so that a thread finds it complete."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: F401, PLC0415
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt  # noqa: F401, PLC0415


@dataclass(frozen=True, slots=True)
class _Sealed:
    """The file as it stands on the disk."""

    cost: int
    salt: bytes
    nonce: bytes = b""
    data: bytes = b""

    @property
    def header(self) -> dict[str, Any]:
        """What can be read by all, and is authenticated."""
        scrypt = {"n": self.cost, "r": _BLOCK, "p": 1, "salt": _text(self.salt)}
        return {"format": FORMAT, "version": VERSION, "scrypt": scrypt}

    @property
    def authenticated(self) -> bytes:
        return json.dumps(self.header, sort_keys=True).encode()

    def to_text(self) -> str:
        whole = self.header | {"nonce": _text(self.nonce), "data": _text(self.data)}
        return json.dumps(whole | {"sha256": _checksum(whole)}, indent=2) + "\n"

    @classmethod
    def from_text(cls, text: str) -> _Sealed:
        """Read the file. Raises ValueError, KeyError or TypeError where it is damaged."""
        whole = json.loads(text)
        if whole["format"] != FORMAT:
            raise ValueError("it has another format")
        if whole["version"] != VERSION:
            raise ValueError(f"version {whole['version']!r} is not known here")
        if whole.pop("sha256") != _checksum(whole):
            raise ValueError("its checksum does not hold")
        scrypt = whole["scrypt"]
        cost = scrypt["n"]
        if not 2**14 <= cost <= _MOST or cost & (cost - 1) or scrypt["r"] != _BLOCK:
            raise ValueError("its key takes parameters that are not known here")
        return cls(cost, _bytes(scrypt["salt"]), _bytes(whole["nonce"]), _bytes(whole["data"]))


@dataclass(slots=True)
class _Key:
    """A key, and the salt and cost that it was made with."""

    cost: int
    salt: bytes
    key: bytes = field(repr=False)

    def fits(self, sealed: _Sealed) -> bool:
        return (self.cost, self.salt) == (sealed.cost, sealed.salt)


class SecretFile:
    """A SecretStore in `secrets.enc`. May be used from several threads.

    Each read and each change takes the file as it is on the disk then, and a change holds a lock
    that other programs wait for, so that two programs can use it at a time.
    """

    label = "an encrypted file"
    keeps = True

    def __init__(self, folder: Path) -> None:
        self.file = folder / FILE_NAME
        self._key: _Key | None = None
        self._lock = RLock()
        self.label = f"the encrypted file {self.file}"

    def __repr__(self) -> str:
        return f"<SecretFile: {self.file}, {'locked' if self.locked else 'open'}>"

    @property
    def locked(self) -> bool:
        """Whether the passphrase is needed first."""
        return self._key is None

    @property
    def exists(self) -> bool:
        """Whether there is a file; else the first passphrase makes one."""
        return self.file.exists()

    def unlock(self, passphrase: str) -> None:
        """Open the file for this start; where there is none, make one with this passphrase.

        Takes some tenths of a second. Raises WrongPassphraseError, DamagedSecretsError, and
        SecretStoreError for an empty passphrase.
        """
        if not passphrase:
            raise SecretStoreError("The passphrase is empty; the file would be open to all.")
        with self._lock, file_lock(self.file):
            sealed = self._load()
            if sealed is None:
                key = _derive(passphrase, _Sealed(_COST, os.urandom(_SALT_SIZE)))
                self._write({}, key)
            else:
                key = _derive(passphrase, sealed)
                _open(sealed, key, self.file)
            self._key = key

    def lock(self) -> None:
        """Forget the key; the passphrase is needed again."""
        with self._lock:
            self._key = None

    def get(self, name: str) -> str | None:
        """Give a secret's value. Raises SecretStoreError, also while locked."""
        with self._lock:
            return self._secrets().get(name)

    def set(self, name: str, value: str) -> None:
        """Keep a value. Raises SecretStoreError, also while locked."""
        with self._lock, file_lock(self.file):
            secrets = self._secrets()
            if secrets.get(name) != value:
                self._write(secrets | {name: value}, self._own_key())

    def forget(self, name: str) -> None:
        """Delete a value; nothing happens where there is none. Raises SecretStoreError."""
        with self._lock, file_lock(self.file):
            secrets = self._secrets()
            if secrets.pop(name, None) is not None:
                self._write(secrets, self._own_key())

    def _own_key(self) -> _Key:
        if self._key is None:
            raise SecretStoreError(f"{self.file} is locked; its passphrase is needed first.")
        return self._key

    def _secrets(self) -> dict[str, str]:
        key = self._own_key()
        sealed = self._load()
        if sealed is None:
            return {}
        if not key.fits(sealed):
            self._key = None
            raise SecretStoreError(
                f"{self.file} was made anew by another program; its passphrase is needed again."
            )
        return _open(sealed, key, self.file)

    def _load(self) -> _Sealed | None:
        """Read the file, still sealed; None where there is none."""
        try:
            return _Sealed.from_text(self.file.read_text("utf-8"))
        except FileNotFoundError:
            return None
        except OSError as error:
            problem = SecretStoreError(f"{self.file}: {error.strerror or error}")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            problem = DamagedSecretsError(
                f"{self.file} cannot be read: {_why(error)}. It is left as it is; move it away "
                "to begin a new one."
            )
        raise problem

    def _write(self, secrets: dict[str, str], key: _Key) -> None:
        """Write whole or not at all, readable for this user alone."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

        sealed = _Sealed(key.cost, key.salt, os.urandom(_NONCE_SIZE))
        plain = json.dumps(secrets).encode()
        data = AESGCM(key.key).encrypt(sealed.nonce, plain, sealed.authenticated)
        text = replace(sealed, data=data).to_text()
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self.file, text.encode("ascii"), private=True)
        except OSError as error:
            raise SecretStoreError(f"{self.file}: {error.strerror or error}") from None


def _derive(passphrase: str, sealed: _Sealed) -> _Key:
    """Make the key of a passphrase; the same characters typed on another system give the same."""
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt  # noqa: PLC0415

    typed = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    scrypt = Scrypt(salt=sealed.salt, length=32, n=sealed.cost, r=_BLOCK, p=1)
    return _Key(sealed.cost, sealed.salt, scrypt.derive(typed))


def _open(sealed: _Sealed, key: _Key, file: Path) -> dict[str, str]:
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    try:
        plain = AESGCM(key.key).decrypt(sealed.nonce, sealed.data, sealed.authenticated)
    except (InvalidTag, ValueError):
        plain = None
    if plain is None:
        raise WrongPassphraseError(f"That is not the passphrase of {file}.")
    secrets: dict[str, str] = json.loads(plain)
    return secrets


def _checksum(whole: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


def _why(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError | UnicodeDecodeError):
        return "it is no JSON"
    if isinstance(error, KeyError):
        return f"{error} is missing"
    return str(error) if type(error) is ValueError else "it is damaged"


def _text(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def _bytes(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("it is damaged") from None
