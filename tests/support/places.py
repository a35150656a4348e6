"""Places where nothing answers, and a certificate for one that does."""

import contextlib
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

UNKNOWN_HOST = "no-such-host.invalid"  # RFC 6761: .invalid never resolves


def unused_port() -> int:
    """Return a port where nothing listens at the moment."""
    with refused_port() as port:
        return port


@contextlib.contextmanager
def refused_port() -> Iterator[int]:
    """Keep a port where nothing listens, so that nobody else can start to."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        yield port


def self_signed_certificate(directory: Path) -> tuple[Path, Path] | None:
    """Make a certificate and key for 127.0.0.1 and localhost, if there is an `openssl` command."""
    openssl = shutil.which("openssl")
    if openssl is None:
        return None
    certificate, key = directory / "wire-cert.pem", directory / "wire-key.pem"
    command = [openssl, "req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"]
    command += ["-addext", "keyUsage=critical,digitalSignature,keyCertSign"]
    command += ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key
