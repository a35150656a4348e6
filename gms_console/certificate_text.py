"""A Certificate in words, for the window, the command line and reports alike."""

from __future__ import annotations

from datetime import UTC, datetime

from gms_console.model.certificate import Certificate

_SHOWN_NAMES = 12


def certificate_lines(
    certificate: Certificate, now: datetime | None = None
) -> tuple[tuple[str, str], ...]:
    """Give headings and values in the order in which a person checks them."""
    issuer = "itself (self-signed)" if certificate.self_signed else certificate.issuer
    return (
        ("Certificate", certificate.subject),
        ("Names", _names(certificate.names)),
        ("Issued by", issuer),
        ("Valid", _validity(certificate, now or datetime.now(UTC))),
        ("SHA-256", certificate.fingerprint),
    )


def _names(names: tuple[str, ...]) -> str:
    if not names:
        return "none"
    more = len(names) - _SHOWN_NAMES
    return ", ".join(names[:_SHOWN_NAMES]) + (f" and {more} more" if more > 0 else "")


def _validity(certificate: Certificate, now: datetime) -> str:
    span = f"{certificate.not_before:%Y-%m-%d} to {certificate.not_after:%Y-%m-%d}"
    if now > certificate.not_after:
        return f"{span}, expired {_days((now - certificate.not_after).days)} ago"
    if now < certificate.not_before:
        return f"{span}, begins in {_days((certificate.not_before - now).days)}"
    return f"{span}, {_days((certificate.not_after - now).days)} left"


def _days(days: int) -> str:
    return "less than a day" if days < 1 else f"{days} day{'' if days == 1 else 's'}"
