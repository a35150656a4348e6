"""Reads certificates, and keeps for a while what was seen of those that are not trusted."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import TYPE_CHECKING

from gms_console.model.certificate import Certificate

if TYPE_CHECKING:
    from cryptography.x509 import Extensions

_KEPT_FOR = 60.0
"""Seconds for which a look is remembered: a failing poll must not double its connections."""

_LOOK_FOR = 3.0
"""Seconds that a look may take."""

_MOST = 64
_SEEN: OrderedDict[Hashable, tuple[float, Certificate | None]] = OrderedDict()
_LOOKING: dict[Hashable, asyncio.Future[Certificate | None]] = {}
"""Looks that are under way: many polls may fail at once, and one look is enough for all."""


def certificate_of(der: bytes) -> Certificate:
    """Read a certificate in DER form. Raises ValueError for what is none."""
    # Takes 30 ms to load, and only a failure or a check needs it.
    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415

    read = x509.load_der_x509_certificate(der)
    return Certificate(
        subject=read.subject.rfc4514_string(),
        issuer=read.issuer.rfc4514_string(),
        names=_names(read.extensions),
        not_before=read.not_valid_before_utc,
        not_after=read.not_valid_after_utc,
        fingerprint=read.fingerprint(SHA256()).hex(":").upper(),
        serial=f"{read.serial_number:X}",
    )


def _names(extensions: Extensions) -> tuple[str, ...]:
    from cryptography import x509  # noqa: PLC0415 - loaded by now

    try:
        kinds = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return ()
    hosts = kinds.get_values_for_type(x509.DNSName)
    addresses = kinds.get_values_for_type(x509.IPAddress)
    return (*hosts, *(str(address) for address in addresses))


async def looked_at(
    place: Hashable, look: Callable[[], Awaitable[bytes | None]]
) -> Certificate | None:
    """Give the certificate that `look` gets from a place, or what was seen there just now.

    None where it cannot be had: the failure that it belongs to is told without it.
    """
    known = _SEEN.get(place)
    if known is not None and time.monotonic() - known[0] < _KEPT_FOR:
        return known[1]
    if place in _LOOKING:
        return await asyncio.shield(_LOOKING[place])
    _LOOKING[place] = asyncio.get_running_loop().create_future()
    certificate = None
    try:
        async with asyncio.timeout(_LOOK_FOR):
            der = await look()
        certificate = certificate_of(der) if der else None
    except Exception:  # noqa: BLE001, S110 - the failure itself is told whatever comes of this
        pass
    finally:
        _LOOKING.pop(place).set_result(certificate)
    _SEEN[place] = (time.monotonic(), certificate)
    _SEEN.move_to_end(place)
    while len(_SEEN) > _MOST:
        _SEEN.popitem(last=False)
    return certificate


def forget_certificates() -> None:
    """Forget what was seen, for tests."""
    _SEEN.clear()
