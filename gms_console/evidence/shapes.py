"""What phone numbers, e-mail addresses and tokens look like within a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

_PLUS = r"(?:\+|%2[Bb]|&#43;|&#[xX]2[Bb];|\\u002[Bb])"
_GAPS = (
    r"[ .\-/()\u00a0\u2009\u200b\u202f\u2010-\u2015\u2212]"
    r"|%20|%28|%29|%2[DdFf]|%C2%A0|&nbsp;|&#160;"
)
_GAP = rf"(?:{_GAPS}){{0,3}}"
_WIDE_GAP = rf"(?:{_GAPS}|[+_,]){{0,3}}"

DIGITS = re.compile(rf"{_PLUS}?{_GAP}\d(?:{_WIDE_GAP}\d){{5,}}")
"""A run of digits as numbers are written; it may be more than one number.

It is looked into for known numbers alone, so a `+` stands for a blank too, as in a form.
"""

_GROUP = re.compile(r"(?:%[0-9A-Fa-f]{2}|&#[xX]?[0-9A-Fa-f]+;|\\u[0-9A-Fa-f]{4})|(\d+)")

INTERNATIONAL = re.compile(rf"(?<![\w.%]){_PLUS}{_GAP}[1-9](?:{_GAP}\d){{7,14}}(?!\d)")
_SEPARATED = (
    r"\(\d{3}\)[ .-]?\d{3}[ .-]\d{4}",
    r"(?:1[ .-])?[2-9]\d{2}([ .-])[2-9]\d{2}\1\d{4}",
    r"00[ .-]?[1-9]\d{0,2}(?:[ ./-]\d{2,8}){2,5}",
    r"\(?0[1-9]\d{0,4}\)?[ /][1-9]\d{2,4}(?:[ -]?\d{2,5}){1,3}",
    r"0[1-9](?:([ .-])\d\d)(?:\2\d\d){3}",
)
NATIONAL = re.compile(rf"(?<![\w.+:/-])(?:{'|'.join(_SEPARATED)})(?![\w:]|[.-]\d)")
"""Common national ways to write a number: with separators, since digits alone may be an id."""

BARE = re.compile(
    r"(?<=[\s(])(?<!\bid )(?<!\bport )(?<!\bsession )(?<!\border )(?<!\bticket )(?<!\bno )(?<!# )"
    r"(?:1?[2-9]\d{2}[2-9]\d{6}|0[1-9]\d{8,9})(?=[\s),!?]|\.(?:\s|\Z)|\Z)",
    re.IGNORECASE,
)
"""Digits alone, within a sentence."""

EMAIL = re.compile(
    r"(?<![\w.+\-%])[\w.+\-%]{0,99}[\w+\-](?:@|%(?:25)?40|&#64;|&#[xX]40;|\\u0040)"
    r"(?!\dx\.)[\w\-]{1,63}(?:\.[\w\-]{1,63}){0,8}\.[^\W\d_]{2,63}"
)
"""Bounded, and begun at the begin of a word: a long text must not be gone over again and again."""

_DOT = r"(?:\.|%2[Ee])"
JWT = re.compile(
    rf"(?:(?<![\w-])eyJ[\w-]{{5,}}|(?<=[_-])eyJ[\w-]{{5,300}}){_DOT}[\w-]{{2,}}{_DOT}[\w-]*"
)
"""Bounded within a word, as an address is."""
SCHEME = re.compile(
    r"(?i)\b(bearer|basic|token)([ \t]+|%20|\+)"
    r"((?=[\w\-.~+/%]*\d|[\w\-.~+/%]{16})[\w\-.~+/%]{6,}=*)"
)
"""A scheme and what follows it; a word without a digit has to be a long one."""

_AS_NUMBER = re.compile(r"!?(?:tel:/*|sips?:)?[\d\s().\-/*#,;pwx+\u00a0]+", re.IGNORECASE)
_DECIMAL = re.compile(r"[+-]?\d{1,3}\.\d{3,}")


def digits_of(text: str) -> str:
    """Give the digits of a number as they are compared: without `+`, trunk `00` and separators."""
    digits = _plain("".join(filter(str.isdigit, _decoded(text))))
    return digits.lstrip("0") or digits


def is_number_like(text: str) -> bool:
    """Whether a whole value reads as a phone number, be it an extension of three digits."""
    digits = sum(map(str.isdigit, text))
    fits = digits >= 7 or (digits >= 3 and "." not in text)  # 1.2.3 is a version
    return fits and _AS_NUMBER.fullmatch(text) is not None


def is_decimal(text: str) -> bool:
    """Whether a text is rather a coordinate or another decimal number."""
    return _DECIMAL.fullmatch(_decoded(text)) is not None


def address_of(text: str) -> str:
    """Give an e-mail address as it is compared."""
    return _decoded(text).lower()


def groups_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Give the groups of digits of a run: begin, end and digits; escapes are no digits."""
    for found in _GROUP.finditer(text):
        if found[1] is not None:
            yield found.start(), found.end(), _plain(found[1])


def _plain(digits: str) -> str:
    """Give digits of any script as those of ASCII."""
    return digits if digits.isascii() else "".join(str(unicodedata.digit(one)) for one in digits)


def _decoded(text: str) -> str:
    if "%" in text:
        text = unquote(unquote(text) if "%25" in text else text)
    if "&#" in text:
        text = re.sub(r"&#[xX]2[Bb];|&#43;", "+", re.sub(r"&#[xX]40;|&#64;", "@", text))
    if "\\u" in text:
        text = re.sub(r"\\u002[Bb]", "+", text.replace("\\u0040", "@"))
    return text
