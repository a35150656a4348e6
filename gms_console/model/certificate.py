"""A server's certificate, as far as a person needs it to decide whom they talk to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What a server showed of itself in a handshake that failed. Times are in UTC.

    `names` are the host names and addresses it is made out for; `fingerprint` is SHA-256, in
    upper-case hexadecimal pairs with colons.
    """

    subject: str
    issuer: str
    names: tuple[str, ...]
    not_before: datetime
    not_after: datetime
    fingerprint: str
    serial: str = ""

    @property
    def self_signed(self) -> bool:
        """Whether nobody else vouches for it."""
        return self.subject == self.issuer
