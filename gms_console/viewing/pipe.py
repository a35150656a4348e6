"""How window and Worker talk: a head in JSON, and bytes behind it that need no reading."""

from __future__ import annotations

import json
import struct
from typing import IO, Any

Head = dict[str, Any]

_LENGTHS = struct.Struct(">II")


def write_message(stream: IO[bytes], head: Head, data: bytes = b"") -> None:
    """Write a message and send it off. Raises OSError and ValueError when the pipe is closed."""
    text = json.dumps(head, separators=(",", ":")).encode()
    stream.write(_LENGTHS.pack(len(text), len(data)))
    stream.write(text)
    stream.write(data)
    stream.flush()


def read_message(stream: IO[bytes]) -> tuple[Head, bytes] | None:
    """Wait for a message; None when the other side has closed. Raises OSError."""
    lengths = stream.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    head, data = _LENGTHS.unpack(lengths)
    text = stream.read(head + data)
    if len(text) < head + data:
        return None
    return json.loads(text[:head]), text[head:]
