"""TLS contexts of an Environment: whom it trusts and what it shows of itself."""

from __future__ import annotations

import asyncio
import os
import ssl
import sys
import threading
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from gms_console.client.errors import TransportError
from gms_console.model.connection import Tls
from gms_console.model.environment import Environment
from gms_console.model.exchange import FailureKind

_MOST = 16
"""Contexts that are kept; each holds the whole trust store of the system."""

_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
"""Where systems keep their authorities, for a Python that was built for another system."""

_LOCK = threading.Lock()
_CONTEXTS: OrderedDict[_Key, ssl.SSLContext] = OrderedDict()


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsSettings:
    """All that makes one context differ from another. `http2` is offered beside HTTP/1.1."""

    verify: bool = True
    tls: Tls = field(default_factory=Tls)
    http2: bool = False

    @classmethod
    def of(cls, environment: Environment) -> TlsSettings:
        """Give the settings for GMS itself."""
        return cls(verify=environment.verify_tls, tls=environment.tls, http2=environment.http2)

    @property
    def for_proxy(self) -> TlsSettings:
        """The settings for a proxy: the same authorities, and nothing shown of ourselves.

        It is verified always: that GMS is not to be is no reason to tell anybody the proxy's login.
        """
        return TlsSettings(tls=Tls(ca_file=self.tls.ca_file))

    @property
    def without_trust(self) -> TlsSettings:
        """The settings for a look at a certificate that is not trusted."""
        return TlsSettings(verify=False)

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that a context is made from."""
        named = (self.tls.ca_file, self.tls.certificate, self.tls.key)
        return tuple(path for path in named if path is not None)


@dataclass(frozen=True, slots=True)
class _Key:
    """Settings with the state of what they name, so that a renewed certificate counts."""

    settings: TlsSettings
    stamps: tuple[tuple[int, int], ...]
    store: tuple[str | None, str | None]


async def context_for(settings: TlsSettings) -> ssl.SSLContext:
    """Give the context for these settings; one is made once, in a thread, as it takes long.

    Raises TransportError for a file that is missing or does not fit, naming the file.
    """
    if not settings.files:
        # No file has to be looked at, so this needs no thread.
        known = _known(_Key(settings, (), _store()))
        if known is not None:
            return known
    if settings.verify:
        _load_truststore(sys.platform)
    return await asyncio.to_thread(_made, settings)


def _made(settings: TlsSettings) -> ssl.SSLContext:
    key = _Key(settings, tuple(_stamp(path) for path in settings.files), _store())
    # One lock for all: many callers start at once, and all but one find it made.
    with _LOCK:
        known = _known(key)
        if known is not None:
            return known
        context = _make(settings)
        _CONTEXTS[key] = context
        while len(_CONTEXTS) > _MOST:
            _CONTEXTS.popitem(last=False)
        return context


def _known(key: _Key) -> ssl.SSLContext | None:
    context = _CONTEXTS.get(key)
    # The loop asks without the lock, and a thread may have dropped it just now.
    with suppress(KeyError):
        _CONTEXTS.move_to_end(key)
    return context


def _store() -> tuple[str | None, str | None]:
    return os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError as error:
        raise _unreadable(path, error) from None
    return status.st_mtime_ns, status.st_size


# --- making one -------------------------------------------------------------------------------


def _make(settings: TlsSettings) -> ssl.SSLContext:
    context = system_context() if settings.verify else _trusting_all()
    context.set_alpn_protocols(["h2", "http/1.1"] if settings.http2 else ["http/1.1"])
    if settings.verify and settings.tls.ca_file is not None:
        _add_authorities(context, settings.tls.ca_file)
    if settings.tls.certificate is not None:
        _add_own_certificate(context, settings.tls)
    return context


def _trusting_all() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def system_context(platform: str = sys.platform) -> ssl.SSLContext:
    """Make a context that trusts what this system trusts.

    On Windows and macOS the system itself verifies, through truststore. Elsewhere OpenSSL reads
    the system's bundle, once: truststore would read it anew for every connection (55 ms).
    """
    if _load_truststore(platform):
        import truststore  # noqa: PLC0415 - loaded by now

        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_default_certs()
    if not context.cert_store_stats()["x509_ca"] and not _store_folder_filled():
        bundle = next((path for path in _BUNDLES if Path(path).is_file()), None)
        if bundle is not None:
            context.load_verify_locations(cafile=bundle)
    # An authority in the store may be an intermediate one, as curl and browsers allow.
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
    return context


def _load_truststore(platform: str) -> bool:
    """Load truststore where it is needed; modules are loaded in the loop's thread alone."""
    if platform not in {"win32", "darwin"}:
        return False
    import truststore  # noqa: F401, PLC0415 - Linux does without

    return True


def _store_folder_filled() -> bool:
    folder = ssl.get_default_verify_paths().capath
    return folder is not None and any(Path(folder).glob("*.0"))


def _add_authorities(context: ssl.SSLContext, path: Path) -> None:
    _check_readable(path)
    try:
        context.load_verify_locations(cafile=path)
    except ssl.SSLError:
        raise TransportError(
            FailureKind.TLS, f"The file of authorities {path} holds no certificate in PEM form"
        ) from None
    except OSError as error:
        raise _unreadable(path, error) from None


def _add_own_certificate(context: ssl.SSLContext, tls: Tls) -> None:
    certificate = tls.certificate
    if certificate is None:
        return
    key = tls.key or certificate
    for path, marks, what in (
        (certificate, (b"BEGIN CERTIFICATE", b"BEGIN TRUSTED CERTIFICATE"), "certificate"),
        (key, (b"PRIVATE KEY",), "private key"),
    ):
        content = _check_readable(path)
        if not any(mark in content for mark in marks):
            raise TransportError(FailureKind.TLS, f"{path} holds no {what} in PEM form")
    asked = False

    def passphrase() -> str:
        # Without an answer OpenSSL would ask on the terminal, and wait there.
        nonlocal asked
        asked = True
        return tls.passphrase

    try:
        context.load_cert_chain(certificate, key, passphrase)
    except (ssl.SSLError, ValueError) as error:
        raise TransportError(
            FailureKind.TLS, _why_not(error, certificate, key, tls, asked=asked)
        ) from None
    except OSError as error:
        raise _unreadable(certificate, error) from None


def _why_not(error: Exception, certificate: Path, key: Path, tls: Tls, *, asked: bool) -> str:
    reason = getattr(error, "reason", None) or ""
    if "MISMATCH" in reason:
        return f"The private key in {key} does not belong to the certificate in {certificate}"
    if asked and not tls.passphrase:
        return f"The private key in {key} is protected by a passphrase, and none is given"
    if asked:
        return f"The passphrase does not open the private key in {key}"
    if reason in {"EE_KEY_TOO_SMALL", "CA_MD_TOO_WEAK", "CA_KEY_TOO_SMALL"}:
        return f"The certificate in {certificate} is too weak for this system's rules ({reason})"
    return f"The certificate in {certificate} and the key in {key} cannot be read as PEM"


def _check_readable(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: OSError) -> TransportError:
    reason = error.strerror or type(error).__name__
    return TransportError(FailureKind.FILE, f"{path} cannot be read: {reason}")
