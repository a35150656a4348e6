"""Reads what the storage API answers: keys with their values, and what a value looks like."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import JsonValue

    from gms_console.model.exchange import Response

PREVIEW = 120
"""Characters of a value that the table of keys shows."""

SHOWN = 256 * 1024
"""Bytes of a value that are shown as text; all of it can be saved."""

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
    """A key with its value as the map of all keys gives it: files as their names."""

    key: str
    value: str
    kind: str

    @property
    def size(self) -> int:
        """Bytes of the value in UTF-8."""
        return len(self.value.encode("utf-8", "replace"))

    @property
    def preview(self) -> str:
        """The beginning of the value in one line."""
        line = " ".join(self.value[: PREVIEW + 1].split())
        return f"{line[:PREVIEW]}…" if len(self.value) > PREVIEW else line


def read_keys(data: JsonValue) -> tuple[StoredKey, ...] | None:
    """Read the map of all keys, in its order; None where an answer is no map."""
    if not isinstance(data, dict):
        return None
    return tuple(StoredKey(key, _text(value), _kind(value)) for key, value in data.items())


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
    head = response.body[:SHOWN]
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # A character may be cut at the end of the first part.
        cut = len(head) < response.size and error.start >= len(head) - 4
        return ValueKind.TEXT if cut and b"\0" not in head else ValueKind.BYTES
    return ValueKind.BYTES if b"\0" in head else ValueKind.TEXT


def value_text(response: Response) -> str:
    """Give a value as text, its first part where it is long."""
    return response.body[:SHOWN].decode("utf-8", "ignore")


def hex_text(data: bytes, shown: int = HEX_SHOWN) -> str:
    """Write the first bytes in lines of place, hexadecimal and characters."""
    lines = []
    for start in range(0, min(len(data), shown), _WIDTH):
        part = data[start : min(start + _WIDTH, shown)]
        digits = " ".join(f"{one:02x}" for one in part)
        signs = "".join(chr(one) if 0x20 <= one < 0x7F else "·" for one in part)
        lines.append(f"{start:08x}  {digits:<{_WIDTH * 3}} {signs}")
    return "\n".join(lines)
