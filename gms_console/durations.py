"""Times as people type them, such as `500ms`, `1.5s` or `2m`; one reader for options and files."""

from __future__ import annotations

import re
from decimal import Decimal

LONGEST = 365 * 24 * 3600.0
"""Seconds of the longest one that is taken: a year."""

_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?(ms|s|m)?")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, None: 1.0}


class DurationError(ValueError):
    """A text that is no time; `expected` says what would be one."""

    def __init__(self, text: str, expected: str) -> None:
        self.expected = expected
        super().__init__(f"found {text!r}, expected {expected}")


def read_duration(text: str) -> float:
    """Give the seconds of `500ms`, `1.5s`, `2m` or a bare number of seconds; more than zero.

    Raises DurationError.
    """
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise DurationError(text, "a time such as 500ms, 1s or 2m")
    seconds = float(match[1]) * _UNITS[match[2]]
    if not 0 < seconds <= LONGEST:
        raise DurationError(text, "more than 0 and a year at most")
    return seconds


def duration_text(seconds: float) -> str:
    """Write seconds so that `read_duration` gives exactly them again."""
    if seconds < 1:
        text = f"{round(seconds * 1000)}ms"
        if text != "0ms" and read_duration(text) == seconds:
            return text
    plain = format(Decimal(repr(float(seconds))), "f")
    return f"{plain.removesuffix('.0')}s"
