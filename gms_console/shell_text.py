"""Texts as bash reads them back, byte by byte."""

from __future__ import annotations

import re

_SAFE = re.compile(r"[A-Za-z0-9_@%+=:,./-]+")
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "'": "\\'", "\\": "\\\\"}


def quoted(text: str | bytes) -> str:
    """Quote a text or bytes as one word of bash. Zero bytes, which no word can hold, are lost.

    What cannot be seen, or is no UTF-8, is written as bytes, whatever the locale.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", "surrogateescape")
    text = text.replace("\0", "")
    if _SAFE.fullmatch(text):
        return text
    if all(character.isprintable() for character in text):
        return "'" + text.replace("'", "'\\''") + "'"
    return "$'" + "".join(map(_escaped, text)) + "'"


def in_comment(text: str) -> str:
    """Write a text so that it stays on its line."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    return "".join(f"\\x{byte:02x}" for byte in character.encode("utf-8", "surrogateescape"))
