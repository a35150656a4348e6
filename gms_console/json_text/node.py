"""One value of a JSON document, as it is shown in a tree."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class NodeKind(StrEnum):
    """What a value of JSON is."""

    OBJECT = "object"
    ARRAY = "array"
    STRING = "string"
    NUMBER = "number"
    BOOLEAN = "boolean"
    NULL = "null"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a JSON document, by where it lies in it.

    `start` and `end` are bytes of the document. `key` is its name in an object as it reads,
    `index` its place in an object or array; `key` is None in an array and at the root. `text` is
    the value as it stands in the document, of a long one its first characters; of a number all.
    `cut` says what `text` leaves out. `path` leads there in JMESPath; empty at the root and where
    none can, as for a key that the object has twice. `count` is how many members an object or
    array has, as far as that is known without reading all of it; else None.
    """

    kind: NodeKind
    start: int
    end: int
    key: str | None
    index: int
    text: str
    cut: str = ""
    path: str = ""
    count: int | None = None
