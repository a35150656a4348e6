"""From an answer's bytes to text and JSON values: lenient in reading, never repairing."""

from __future__ import annotations

import codecs
import json
import sys
from functools import lru_cache
from typing import Any

from gms_console.model.exchange import Response

_NO_CHARSETS = {"idna", "punycode", "unicode-escape", "unicode_escape", "raw-unicode-escape"}

TOO_DEEP = "nested too deeply to be read"
"""What is said of JSON that may be right, but has more levels than Python reads."""

JsonValue = Any
"""What json.loads gives: dict, list, str, int, float, bool or None."""


def body_text(response: Response) -> str:
    """Decode what is in memory of a body: by its charset, else UTF-8.

    Undecodable bytes show as U+FFFD.
    """
    return response.body.decode(known_charset(charset_of(response) or "utf-8"), "replace")


def whole_body(response: Response) -> bytes:
    """Give all bytes of a body, from its file too: for what is known to be small enough.

    Raises OSError.
    """
    return response.body if response.stored is None else response.stored.path.read_bytes()


def charset_of(response: Response) -> str:
    """Give the charset that the Content-Type names; empty where it names none."""
    return charset_in(response.header("content-type") or "")


def charset_in(content_type: str) -> str:
    """Give the charset that a Content-Type names; empty where it names none."""
    for part in content_type.split(";")[1:]:
        name, _, value = part.strip().partition("=")
        if name.strip().lower() == "charset":
            return value.strip(" \t\"'")
    return ""


@lru_cache(maxsize=64)
def known_charset(name: str) -> str:
    """Give a charset that can be read; UTF-8 for one that is none or is unknown."""
    try:
        found = codecs.lookup(name).name
        b" ".decode(found, "replace")  # some codecs are no charsets
    except (LookupError, ValueError, TypeError):
        return "utf-8"
    # These take time with the square of the size, or are no charset of any answer.
    return "utf-8" if found in _NO_CHARSETS else found


def content_types(response: Response) -> list[str]:
    """Give the Content-Types of an answer, each of them once, in order."""
    found = (value for name, value in response.headers if name.lower() == "content-type")
    return list(dict.fromkeys(found))


def is_announced_json(response: Response) -> bool:
    """Whether the Content-Type says that the body is JSON."""
    return "json" in (response.header("content-type") or "").lower()


def body_json(response: Response) -> tuple[JsonValue, str | None]:
    """Give (data, None), or (None, what is broken); (None, None) where no JSON was meant.

    Of a body that is in a file, `data` has the small members of its outermost object.
    """
    if response.stored is not None:
        stored = response.stored
        return (None, stored.broken) if stored.broken else (stored.members, None)
    text = body_text(response).lstrip("\ufeff")
    meant = is_announced_json(response) or text.lstrip()[:1] in {"{", "["}
    if not text.strip() or not meant:
        return None, None
    return parse_json(text)


def parse_json(text: str) -> tuple[JsonValue, str | None]:
    """Give (data, None), or (None, what is broken and where)."""
    try:
        return json.loads(text), None
    except json.JSONDecodeError as error:
        return None, f"{error.msg} at line {error.lineno}, column {error.colno}"
    except RecursionError:
        return None, TOO_DEEP
    except ValueError:
        # Python reads no whole number of more digits; there is no other such error here.
        return None, f"it holds a number of more than {sys.get_int_max_str_digits():,} digits"


def text_of(value: JsonValue) -> str | None:
    """Read a string, number or boolean as text; GMS sends either, all mean the same."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value) or None
    return None


def as_json(value: JsonValue) -> str:
    """Write a value as JSON, for showing it; what is nested too deeply shows as dots."""
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "…"


def json_type(value: JsonValue) -> str:
    """Name what a value is, as in `a list`."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int | float):
        return "a number"
    return "null" if value is None else "a text"
