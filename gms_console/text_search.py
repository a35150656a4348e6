"""Finds a text in a text that is in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gms_console.viewing.types import Find, Hit, Hits

MOST = 10_000
"""Hits whose places are given; more are only counted."""


def find_in(text: str, wanted: Find) -> Hits:
    """Find a plain text; rows are lines, counted from 0. An expression is not for here.

    It may take forever, and this runs where it is called.
    """
    if not wanted.text:
        return Hits(0, ())
    flags = re.NOFLAG if wanted.match_case else re.IGNORECASE
    matches = re.compile(re.escape(wanted.text), flags).finditer(text)
    found = tuple(_hits(text, matches))
    return Hits(len(found) + sum(1 for _ in matches), found)


def _hits(text: str, matches: Iterator[re.Match[str]]) -> Iterator[Hit]:
    row = before = 0
    for number, match in enumerate(matches, 1):
        start = match.start()
        row += text.count("\n", before, start)
        before = start
        line = text.rfind("\n", 0, start) + 1
        yield Hit(row, start - line, match.end() - start)
        if number == MOST:
            return
