"""What is odd about an answer that can be read all the same: said, and never repaired."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator

from gms_console.model.exchange import Response
from gms_console.model.reading import (
    body_text,
    charset_of,
    content_types,
    is_announced_json,
    known_charset,
)

_MOST_LOOKED_AT = 256 * 1024
"""Bytes of a body that are read a second time, to look for what a JSON parser passes over."""

_BINARY = ("image/", "audio/", "video/", "font/")
_BINARY_TYPES = {
    "application/octet-stream",
    "application/pdf",
    "application/zip",
    "application/gzip",
    "application/x-gzip",
    "application/x-tar",
    "application/x-7z-compressed",
    "application/java-archive",
    "application/vnd.android.package-archive",
}
"""What is no text, so that it has no charset."""

_SAFE_INTEGER = 2**53
_SHOWN_DIGITS = 20
_UNDONE = {"gzip", "x-gzip", "deflate", "identity", ""}
_BOM = codecs.BOM_UTF8


def read_notes(response: Response, *, is_json: bool) -> tuple[str, ...]:
    """Give a sentence for each oddity; `is_json` tells that the body was read as JSON."""
    notes = [*_framing(response), *_coding(response)]
    if response.body:
        notes += _type(response, is_json=is_json)
        is_text = is_json or not _is_binary(response)
        notes += _charset(response) if is_text and not _not_undone(response) else []
    if is_json and len(response.body) <= _MOST_LOOKED_AT:
        notes += _json(body_text(response))
    return tuple(notes)


def _is_binary(response: Response) -> bool:
    """Whether the Content-Type says that the body is no text. A drawing in SVG is one."""
    kind = (response.header("content-type") or "").partition(";")[0].strip().lower()
    return (kind.startswith(_BINARY) or kind in _BINARY_TYPES) and not kind.endswith("+xml")


def _framing(response: Response) -> Iterator[str]:
    if not response.surplus:
        return
    count = "1 byte" if response.surplus == 1 else f"{response.surplus:,} bytes"
    if response.status in {204, 304}:
        yield f"A {response.status} has no body, but {count} came behind it; they were not read."
    else:
        yield f"{count} came behind the end that the answer gives itself; they were not read."


def _coding(response: Response) -> Iterator[str]:
    unknown = _not_undone(response)
    if unknown and response.body:
        yield (
            f"The body is compressed with {unknown[:40]}, which was not asked for; "
            "it is kept as it came."
        )


def _not_undone(response: Response) -> str:
    """Give the first encoding of the body that is left as it came; empty where there is none."""
    names = (response.header("content-encoding") or "").lower().split(",")
    return next((name.strip() for name in names if name.strip() not in _UNDONE), "")


def _type(response: Response, *, is_json: bool) -> Iterator[str]:
    types = content_types(response)
    if not types:
        yield "The answer has a body but no Content-Type."
    elif len(types) > 1:
        told = " and ".join(f"“{one[:60]}”" for one in types[:2])
        yield f"The answer has {len(types)} Content-Types, {told}; the first one counts here."
    elif is_json and not is_announced_json(response):
        yield f"The body is JSON, but its Content-Type says {types[0][:60]}."


def _charset(response: Response) -> Iterator[str]:
    named = charset_of(response)
    charset = named or "utf-8"
    if response.body.startswith(_BOM):
        yield "The body begins with a byte order mark, which JSON does not have."
    read_as = known_charset(charset)
    if read_as == "utf-8" and charset.lower().replace("_", "-") not in {"utf-8", "utf8"}:
        yield f"The charset {charset[:40]} is not known here; the body was read as UTF-8."
        return
    try:
        response.body.decode(read_as)
    except UnicodeError as error:
        start = getattr(error, "start", 0)
        says = f"says {named[:40]}" if named else "names no charset, which means UTF-8"
        yield (
            f"The answer {says}, but byte {start:,} is none of it; "
            "such bytes show as \N{REPLACEMENT CHARACTER}. It may be Latin-1."
        )


class _Seen:
    """What a second reading of the JSON has met."""

    def __init__(self) -> None:
        self.twice: list[str] = []
        self.constant = ""
        self.large = ""

    def pairs(self, pairs: list[tuple[str, object]]) -> None:
        names: set[str] = set()
        for name, _ in pairs:
            if name in names and name not in self.twice:
                self.twice.append(name)
            names.add(name)

    def whole(self, digits: str) -> int:
        if len(digits) > 15 and abs(int(digits)) > _SAFE_INTEGER:
            self.large = self.large or digits
        return 0

    def number(self, text: str) -> float:
        value = float(text)
        if value in {float("inf"), float("-inf")}:
            self.large = self.large or text
        return 0.0

    def not_json(self, name: str) -> None:
        self.constant = self.constant or name


def _json(text: str) -> Iterator[str]:
    seen = _Seen()
    try:
        json.loads(
            text.lstrip("\ufeff"),
            object_pairs_hook=seen.pairs,
            parse_int=seen.whole,
            parse_float=seen.number,
            parse_constant=seen.not_json,
        )
    except (ValueError, RecursionError):
        return  # nested too deeply for this longer way
    if seen.twice:
        names = ", ".join(f"“{name[:40]}”" for name in seen.twice[:3])
        yield f"The JSON has {names} more than once in one object; the last one counts here."
    if seen.constant:
        yield f"{seen.constant} is no JSON; other programs refuse the whole answer for it."
    if seen.large:
        large = seen.large
        shown = large if len(large) <= _SHOWN_DIGITS else f"{large[:_SHOWN_DIGITS]}…"
        yield f"The number {shown} is larger than most programs can hold exactly."
