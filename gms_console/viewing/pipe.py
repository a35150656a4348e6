"""How window and Worker talk: a head in JSON, and bytes behind it that need no reading."""

from __future__ import annotations

import json
import struct
from typing import IO, Any

from gms_console.json_text.node import Node, NodeKind

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


def packed_node(node: Node) -> list[Any]:
    """Give a node as JSON takes it; `asdict` and `astuple` copy it field by field."""
    return [
        node.kind.value,
        node.start,
        node.end,
        node.key,
        node.index,
        node.text,
        node.cut,
        node.path,
        node.count,
    ]


def read_node(packed: list[Any]) -> Node:
    """Give a node that went through the pipe."""
    return Node(NodeKind(packed[0]), *packed[1:])
