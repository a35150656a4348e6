"""Certificates for tests: an authority of one's own, and what it issues."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

HERE = ("127.0.0.1", "localhost")
"""Names of this machine, which a good certificate is made out for."""

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Pair:
    """A certificate with its chain and its key, each in a PEM file."""

    certificate: Path
    key: Path

    @property
    def files(self) -> tuple[Path, Path]:
        """As `WireServer(tls=...)` takes them."""
        return self.certificate, self.key

    def locked(self, passphrase: str) -> Path:
        """A copy of the key that a passphrase protects."""
        key = load_pem_private_key(self.key.read_bytes(), None)
        path = self.key.with_suffix(".locked.pem")
        path.write_bytes(
            key.private_bytes(
                Encoding.PEM,
                PrivateFormat.PKCS8,
                BestAvailableEncryption(passphrase.encode()),
            )
        )
        return path


class Authority:
    """An authority that nobody knows but who is given `file`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ca = trustme.CA(organization_name="Test Authority", key_type=trustme.KeyType.ECDSA)
        self._count = 0
        self.file = folder / "authority.pem"
        self._ca.cert_pem.write_to_path(self.file)

    @property
    def key_pem(self) -> bytes:
        """The authority's own key, with which it can be a server itself: self-signed."""
        return self._ca.private_key_pem.bytes()

    def issue(self, *names: str, days: tuple[float, float] = (-1, 30)) -> Pair:
        """Issue a certificate for these names, valid from and to so many days from now."""
        now = datetime.now(UTC)
        leaf = self._ca.issue_cert(
            *(names or HERE),
            not_before=now + days[0] * DAY,
            not_after=now + days[1] * DAY,
            key_type=trustme.KeyType.ECDSA,
        )
        self._count += 1
        pair = Pair(self._folder / f"{self._count}.pem", self._folder / f"{self._count}.key.pem")
        leaf.private_key_pem.write_to_path(pair.key)
        for blob in leaf.cert_chain_pems:
            blob.write_to_path(pair.certificate, append=True)
        return pair

    def server_context(self, pair: Pair, *, wants_client: bool = False) -> ssl.SSLContext:
        """A server's context, which may want client certificates of this authority."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*pair.files)
        if wants_client:
            context.load_verify_locations(self.file)
            context.verify_mode = ssl.CERT_REQUIRED
        return context
