"""A certificate in words: what a person compares before they trust a server."""

from datetime import UTC, datetime, timedelta

import pytest

from gms_console.certificate_text import certificate_lines
from gms_console.model.certificate import Certificate

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def a_certificate(begins: int, ends: int, names: tuple[str, ...] = ("gms",)) -> Certificate:
    """A certificate that begins and ends so many hours from now."""
    return Certificate(
        subject="CN=gms",
        issuer="CN=Authority",
        names=names,
        not_before=NOW + timedelta(hours=begins),
        not_after=NOW + timedelta(hours=ends),
        fingerprint="AA:BB",
    )


@pytest.mark.parametrize(
    ("begins", "ends", "words"),
    [
        (-48, 240, "2026-11-22 to 2026-12-04, 10 days left"),
        (-48, 30, "2026-11-22 to 2026-11-25, 1 day left"),
        (-48, 2, "2026-11-22 to 2026-11-24, less than a day left"),
        (-96, -49, "2026-11-20 to 2026-11-22, expired 2 days ago"),
        (25, 240, "2026-11-25 to 2026-12-04, begins in 1 day"),
    ],
)
def test_validity_is_counted_from_now(begins: int, ends: int, words: str) -> None:
    assert dict(certificate_lines(a_certificate(begins, ends), NOW))["Valid"] == words


def test_a_certificate_that_nobody_else_vouches_for() -> None:
    made = Certificate(
        subject="CN=a",
        issuer="CN=a",
        names=(),
        not_before=NOW,
        not_after=NOW,
        fingerprint="AA",
    )
    lines = dict(certificate_lines(made, NOW))
    assert (lines["Issued by"], lines["Names"]) == ("itself (self-signed)", "none")


def test_many_names_are_counted_and_not_all_shown() -> None:
    names = tuple(f"n{number}.example" for number in range(15))
    lines = dict(certificate_lines(a_certificate(-1, 1, names), NOW))
    assert lines["Names"].endswith("n11.example and 3 more")
