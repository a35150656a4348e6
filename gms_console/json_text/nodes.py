"""The values of a JSON document as nodes of a tree, each read where it lies."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from gms_console.json_text.node import Node, NodeKind
from gms_console.json_text.shortening import (
    BASE64_SHOWN,
    base64_words,
    characters_more,
    is_base64,
)
from gms_console.json_text.skip import (
    BrokenJsonError,
    Data,
    Ends,
    document_start,
    skip_blanks,
    skip_value,
)
from gms_console.sizes import size_text

PAGE = 500
"""Members that are given at a time."""

_PASSED_OVER = 16 * 1024 * 1024
"""Bytes of elements after which no more of them are given at a time, as that takes time."""

LONGEST_TEXT = 1_000
"""Characters of a text that a node has."""

_LONGEST_NUMBER = 10_000
_CONTAINER_START = 200
"""Bytes of an object or array that stand for it."""

_LONGEST_PATH = 4_000

_COUNTED = 64 * 1024
"""Bytes of an object or array up to which its members are counted."""

_DEEPEST_COUNTED = 12
_COUNTED_OF_A_PAGE = 512 * 1024
_LOOKED_AHEAD = 5_000
"""Members behind a page that are looked at for the same key once more."""

_LOOKED_AHEAD_BYTES = 4 * 1024 * 1024

_KINDS = {
    ord("{"): NodeKind.OBJECT,
    ord("["): NodeKind.ARRAY,
    ord('"'): NodeKind.STRING,
}
_WORDS = {b"true": NodeKind.BOOLEAN, b"false": NodeKind.BOOLEAN, b"null": NodeKind.NULL}
_WORDS |= dict.fromkeys((b"NaN", b"Infinity", b"-Infinity"), NodeKind.NUMBER)
_NUMBER = re.compile(rb"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?")
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_INNERMOST = re.compile(rb"[{\[],*[}\]]")
_TOO_DEEP = re.compile(rb"[{\[]{%d}" % (_DEEPEST_COUNTED + 1))
_NO_MARKS = bytes(set(range(256)) - set(b"{}[],"))


def root_of(data: Data) -> Node:
    """Give the outermost value.

    An object or array is one even where it is broken: its members are there up to that place.
    """
    start = document_start(data)
    is_container = data[start : start + 1] in {b"{", b"["}
    if is_container and len(data) - start > _COUNTED:
        return _node(data, (start, len(data)), None, 0, "", 0)
    try:
        end = skip_value(data, start)
        _expect_end(data, end)
    except BrokenJsonError as error:
        if is_container:
            return _node(data, (start, len(data)), None, 0, "", 0)
        return _broken(error, start, len(data), 0)
    return _node(data, (start, end), None, 0, "", _COUNTED)


def children_of(
    data: Data, node: Node, after: Node | None = None, ends: Ends | None = None
) -> list[Node]:
    """Give members of an object or array, from the first or from behind `after` on.

    At most PAGE of them, fewer where they are large; none when there are no more. What is broken
    is a node of its own kind, behind which nothing follows. `ends` remembers what was passed
    over, so that who goes down a deep document need not pass over the same at each level.
    """
    if node.kind not in {NodeKind.OBJECT, NodeKind.ARRAY}:
        return []
    if after is not None and after.kind is NodeKind.BROKEN:
        return []
    members = _Members(data, node, after, {} if ends is None else ends)
    found: list[Node] = []
    budget = _COUNTED_OF_A_PAGE
    try:
        while members.has_room(len(found)) and (member := members.next()) is not None:
            key, span, index = member
            name = None if key is None else _key(data, key)
            size = span[1] - span[0]
            child = _node(data, span, name, index, "", min(_COUNTED, budget))
            budget -= size if child.count is not None else 0
            found.append(child)
    except BrokenJsonError as error:
        index = found[-1].index + 1 if found else 0 if after is None else after.index + 1
        found.append(_broken(error, min(error.place, len(data)), len(data), index))
        members.ended = True
    return _with_paths(data, node, found, members)


def value_of(data: Data, node: Node, most: int) -> str:
    """Give a value as it stands in the document, up to `most` characters."""
    text = data[node.start : min(node.end, node.start + 4 * most)].decode("utf-8", "replace")
    return text[:most]


_Span = tuple[int, int]


class _Members:
    """Goes from member to member of an object or array, telling where keys and values lie."""

    def __init__(self, data: Data, node: Node, after: Node | None, ends: Ends) -> None:
        self._data = data
        self._ends = ends
        self._is_object = node.kind is NodeKind.OBJECT
        self._closer = b"}" if self._is_object else b"]"
        self._is_root = _is_root(data, node)
        self._place = node.start + 1 if after is None else after.end
        self._begun = self._place
        self._index = 0 if after is None else after.index + 1
        self.ended = False

    @property
    def place(self) -> int:
        """Where it has come to."""
        return self._place

    def has_room(self, given: int) -> bool:
        """Whether more members than so many are given; of an object all, as its paths need them."""
        passed = 0 if self._is_object else self._place - self._begun
        return given < PAGE and passed <= _PASSED_OVER

    def next(self) -> tuple[_Span | None, _Span, int] | None:
        """Give key, value and index of the next; None at the end. Raises BrokenJsonError."""
        data = self._data
        if self.ended:
            return None
        place = skip_blanks(data, self._place)
        mark = data[place : place + 1]
        if mark == self._closer and (self._index == 0 or mark != b","):
            self.ended = True
            if self._is_root:
                _expect_end(data, place + 1)
            return None
        if self._index:
            if mark != b",":
                raise BrokenJsonError(f"Expected , or {self._closer.decode()}", place)
            place = skip_blanks(data, place + 1)
        key = None
        if self._is_object:
            if data[place : place + 1] != b'"':
                raise BrokenJsonError("Expected a key", place)
            key = place, skip_value(data, place)
            place = skip_blanks(data, key[1])
            if data[place : place + 1] != b":":
                raise BrokenJsonError("Expected :", place)
            place = skip_blanks(data, place + 1)
        end = skip_value(data, place, self._ends)
        self._place = end
        self._index += 1
        return key, (place, end), self._index - 1


def _expect_end(data: Data, place: int) -> None:
    place = skip_blanks(data, place)
    if place < len(data):
        raise BrokenJsonError("Extra data", place)


def _is_root(data: Data, node: Node) -> bool:
    if node.key is not None or node.index or node.path:
        return False
    return node.start == document_start(data)


def _node(data: Data, span: _Span, key: str | None, index: int, path: str, counted: int) -> Node:
    start, end = span
    kind = _KINDS.get(data[start])
    if kind is NodeKind.STRING:
        text, cut = _string(data, start, end)
        return Node(kind, start, end, key, index, text, cut, path)
    if kind is not None:
        text = data[start : min(end, start + _CONTAINER_START)].decode("utf-8", "ignore")
        left = end - start - _CONTAINER_START
        cut = f"{size_text(left)} more" if left > 0 else ""
        count = _count(data[start:end]) if end - start <= counted else None
        return Node(kind, start, end, key, index, text, cut, path, count)
    word = data[start : min(end, start + _LONGEST_NUMBER)]
    kind = _WORDS.get(word)
    if kind is None:
        kind = NodeKind.NUMBER if _NUMBER.fullmatch(word) else NodeKind.BROKEN
    text = word.decode("utf-8", "replace")
    cut = characters_more(end - start - _LONGEST_NUMBER) if end - start > len(word) else ""
    return Node(kind, start, end, key, index, text, cut, path)


def _string(data: Data, start: int, end: int) -> tuple[str, str]:
    text = data[start:end].decode("utf-8", "replace")
    if len(text) <= LONGEST_TEXT:
        return text, ""
    value = text[1:-1]
    if is_base64(value):
        return text[: BASE64_SHOWN + 1], base64_words(value, len(value))
    return text[:LONGEST_TEXT], characters_more(len(text) - LONGEST_TEXT)


def _broken(error: BrokenJsonError, start: int, end: int, index: int) -> Node:
    return Node(NodeKind.BROKEN, start, end, None, index, str(error))


def _key(data: Data, span: _Span) -> str:
    raw = data[span[0] : span[1]].decode("utf-8", "replace")
    try:
        return str(json.loads(raw, strict=False))
    except ValueError:
        return raw[1:-1]


def _count(text: bytes) -> int | None:
    """Count the members of an object or array by the commas that stand in no other."""
    inner = text[1:-1]
    if not inner.strip():
        return 0
    marks = _STRING.sub(b"", inner).translate(None, _NO_MARKS)
    if _TOO_DEEP.search(marks) is not None:
        return None
    for _ in range(_DEEPEST_COUNTED):
        flat = _INNERMOST.sub(b"", marks)
        if flat == marks:
            return None if flat.strip(b",") else len(flat) + 1
        marks = flat
    return None


def _with_paths(data: Data, node: Node, found: list[Node], members: _Members) -> list[Node]:
    if not node.path and not _is_root(data, node):
        return found
    if node.kind is NodeKind.ARRAY:
        return [_at(one, f"{node.path}[{one.index}]") for one in found]
    later = _keys_behind(data, members)
    if later is None:
        return found
    paths: list[Node] = []
    for one in reversed(found):
        if one.key is not None and one.key not in later:
            later.add(one.key)
            dot = "." if node.path else ""
            one = _at(one, node.path + dot + _step(one.key))  # noqa: PLW2901
        paths.append(one)
    paths.reverse()
    return paths


def _at(child: Node, path: str) -> Node:
    fits = len(path) <= _LONGEST_PATH and child.kind is not NodeKind.BROKEN
    return replace(child, path=path) if fits else child


def _step(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) else json.dumps(key)


def _keys_behind(data: Data, members: _Members) -> set[str] | None:
    """Give the keys that follow in the object; None where that is not known at once."""
    later: set[str] = set()
    most = members.place + _LOOKED_AHEAD_BYTES
    try:
        for _ in range(_LOOKED_AHEAD):
            member = members.next()
            if member is None:
                return later
            if member[0] is not None:
                later.add(_key(data, member[0]))
            if members.place > most:
                return None
    except BrokenJsonError:
        return later
    return None
