"""Reads what the storage API answers: keys with their values, and what a value looks like."""

from __future__ import annotations

import codecs
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from gms_console.first_part import BYTES, FirstPart, first_part
from gms_console.model.reading import charset_of, known_charset, whole_body

if TYPE_CHECKING:
    from pydantic import JsonValue

    from gms_console.model.exchange import Exchange, Response

PREVIEW = 120
"""Characters of a value that the table of keys shows."""

LARGEST = 32 * 1024**2
"""Bytes of the largest map of keys that is read; read, it takes several times as much."""

HEX_SHOWN = 4096
"""Bytes of a value that are shown in hexadecimal."""

_WIDTH = 16


class ValueKind(StrEnum):
    """What a value is shown as."""

    TEXT = "text"
    PICTURE = "picture"
    BYTES = "bytes"


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A key with its value as the map of all keys gives it: files as their names.

    `size` is in bytes of UTF-8.
    """

    key: str
    value: str
    kind: str
    size: int

    @property
    def preview(self) -> str:
        """The beginning of the value in one line."""
        line = " ".join(self.value[: PREVIEW + 1].split())
        return f"{line[:PREVIEW]}…" if len(self.value) > PREVIEW else line


def read_keys(data: JsonValue) -> tuple[StoredKey, ...] | None:
    """Read the map of all keys, in its order; None where an answer is no map."""
    if not isinstance(data, dict):
        return None
    return tuple(_stored_key(key, value) for key, value in data.items())


def came(exchange: Exchange) -> bool:
    """Whether an answer came whole, and is what was asked for."""
    response = exchange.response
    return response is not None and exchange.failure is None and 200 <= response.status < 300


def expires(exchange: Exchange, seconds: int) -> datetime | None:
    """Give when data ends that an answer took: it counts from the answer at the latest.

    None where it is not kept for so many seconds, as that of a service is not.
    """
    if not seconds:
        return None
    answered = exchange.started.astimezone(UTC) + timedelta(milliseconds=exchange.timing.total)
    try:
        return answered + timedelta(seconds=seconds)
    except OverflowError:
        return None


class UnreadableMapError(Exception):
    """A map of keys that cannot be read; the text says why."""


def whole_map(response: Response) -> JsonValue:
    """Read the whole map of keys where it is so large that it is in a file; it takes its time.

    Raises UnreadableMapError.
    """
    if response.size > LARGEST:
        limit = LARGEST // 1024**2
        raise UnreadableMapError(
            f"The map of keys has {response.size:,} bytes, and is read up to {limit} MiB. "
            "It is in the history; keys are read alone."
        )
    try:
        text = whole_body(response).decode(_charset(response), "replace")
        data: JsonValue = json.loads(text.lstrip("\ufeff"))
    except OSError as error:
        why = error.strerror or str(error)
        raise UnreadableMapError(f"The answer could not be read again: {why}.") from None
    except (ValueError, RecursionError) as error:
        raise UnreadableMapError(f"The answer is not JSON: {error}.") from None
    return data


def _stored_key(key: str, value: JsonValue) -> StoredKey:
    text = _text(value)
    return StoredKey(key, text, _kind(value), len(text.encode("utf-8", "replace")))


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _kind(value: JsonValue) -> str:
    if isinstance(value, str):
        return "text"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    return "nothing" if value is None else "JSON"


def value_kind(response: Response) -> ValueKind:
    """Say what a value is shown as, by its type and its first bytes."""
    announced = (response.header("content-type") or "").lower()
    if announced.startswith("image/"):
        return ValueKind.PICTURE
    head, charset = response.body[:BYTES], _charset(response)
    try:
        # A character may be cut at the end of the first part.
        codecs.getincrementaldecoder(charset)().decode(head, final=len(head) == response.size)
    except UnicodeDecodeError:
        return ValueKind.BYTES
    plain = b"\0" in head and charset == "utf-8"
    return ValueKind.BYTES if plain else ValueKind.TEXT


def value_part(response: Response) -> FirstPart:
    """Give a value as text, its first part where it is long; so are its lines."""
    return first_part(response.body, response.size, _charset(response), pretty=False)


def map_part(known: StoredKey) -> FirstPart:
    """Give the value that the map of all keys has, its first part where it is long."""
    head = known.value[:BYTES].encode("utf-8", "replace")
    return first_part(head, known.size, "utf-8", pretty=False)


def _charset(response: Response) -> str:
    return known_charset(charset_of(response) or "utf-8")


def hex_text(data: bytes, shown: int = HEX_SHOWN) -> str:
    """Write the first bytes in lines of place, hexadecimal and characters."""
    lines = []
    for start in range(0, min(len(data), shown), _WIDTH):
        part = data[start : min(start + _WIDTH, shown)]
        digits = " ".join(f"{one:02x}" for one in part)
        signs = "".join(chr(one) if 0x20 <= one < 0x7F else "·" for one in part)
        lines.append(f"{start:08x}  {digits:<{_WIDTH * 3}} {signs}")
    return "\n".join(lines)
