"""What is left out of long lines and values when they are shown, and the words for it."""

from __future__ import annotations

import base64
import re

from gms_console.sizes import size_text

LONGEST_LINE = 10_000
"""Characters of a line that are shown: a text widget's cost is in its longest line."""

LEAST_BASE64 = 1_000
"""Characters from which a value that can be base64 is taken for it."""

BASE64_SHOWN = 64

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]++={0,2}")
_LAST_VALUE = re.compile(r'"([A-Za-z0-9+/_-]{1000,}+={0,2})"[ \t,\]}]*+$')

_MAGIC = {
    b"\x89PNG\r\n\x1a\n": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF-": "a PDF document",
    b"PK\x03\x04": "a ZIP archive",
}


def characters_more(count: int) -> str:
    """Say how much of the end is left out."""
    return f"{count:,} more character{'' if count == 1 else 's'}"


def base64_words(start: str, size: int) -> str:
    """Say what a value of `size` characters of base64 is, by its first ones."""
    what = _what(start)
    return f"{size_text(size)} of base64{what and ', '}{what}"


def is_base64(text: str) -> bool:
    """Whether a text without its quotes is long, and all of it can be base64."""
    return len(text) >= LEAST_BASE64 and _BASE64.fullmatch(text) is not None


def shown_line(line: str) -> tuple[str, str]:
    """Give what is shown of a line, and what is left out of its end in words, or nothing."""
    if len(line) >= LEAST_BASE64:
        found = _LAST_VALUE.search(line)
        if found is not None and found.start(1) <= LONGEST_LINE:
            value = found[1]
            return line[: found.start(1) + BASE64_SHOWN], base64_words(value, len(value))
    if len(line) > LONGEST_LINE:
        return line[:LONGEST_LINE], characters_more(len(line) - LONGEST_LINE)
    return line, ""


def _what(start: str) -> str:
    start = start[:BASE64_SHOWN].rstrip("=").replace("-", "+").replace("_", "/")
    data = base64.b64decode(start[: len(start) // 4 * 4])
    return next((words for magic, words in _MAGIC.items() if data.startswith(magic)), "")
