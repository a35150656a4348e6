"""Groups what GMS says of a phone number (domain 7, A12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import JsonValue

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "The number",
        (
            "number-specified",
            "number-original",
            "number-E164",
            "number-international",
            "number-national",
            "number-national-short",
            "number-type",
            "extension",
        ),
    ),
    (
        "Checks",
        (
            "is-possible-number",
            "is-valid-number",
            "is-valid-number-for-region",
            "is-premium",
            "italian-leading-zero",
        ),
    ),
    ("Country", ("country-code", "country-code-source", "country-default", "region-code")),
    ("Place", ("location", "language-specified", "time-zone", "carrier")),
)
OTHERS = "Others"


def grouped(data: JsonValue) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Give the keys of an answer in groups, those that no group knows last."""
    if not isinstance(data, dict):
        return ()
    left = {key: _text(value) for key, value in data.items()}
    found = [
        (title, tuple((key, left.pop(key)) for key in keys if key in left))
        for title, keys in GROUPS
    ]
    found.append((OTHERS, tuple(left.items())))
    return tuple((title, pairs) for title, pairs in found if pairs)


def _text(value: JsonValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
