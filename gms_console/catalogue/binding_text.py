"""Changes one binding in the text of an own file and leaves every other character as it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gms_console.wire.request import execution_name

if TYPE_CHECKING:
    from ruamel.yaml.nodes import Node

HEADER = "# Own bindings: which kind of the catalogue an execution name is of.\n"
_FIELD = "bindings"
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*", re.ASCII)
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def with_binding(text: str, name: str, kind: str | None) -> str:
    """Give the text with `name` bound to `kind`; a kind of None says: not bound."""
    value = "null" if kind is None else _scalar(kind)
    newline = "\r\n" if "\r\n" in text else "\n"
    field, found = _bindings(text)
    if field is None or found is None:
        return _appended(text, f"{_FIELD}:{newline}  {_scalar(name)}: {value}{newline}", newline)
    pairs = _pairs(found)
    known = next((one for one in pairs if _is(one[0], name)), None)
    if known is not None:
        start, end = _span(text, known)
        return text[:start] + (f" {value}" if start == end else value) + text[end:]
    if not pairs:
        start, end = _span(text, (field, found))
        return text[:start] + f"{newline}  {_scalar(name)}: {value}" + text[end:]
    last_key, _ = pairs[-1]
    end = _span(text, pairs[-1])[1]
    if _is_flow(found):
        return f"{text[:end]}, {_scalar(name)}: {value}{text[end:]}"
    end = _end_of_line(text, end)
    line = f"{' ' * last_key.start_mark.column}{_scalar(name)}: {value}"
    return text[:end] + ("" if text[:end].endswith("\n") else newline) + line + newline + text[end:]


def without_binding(text: str, name: str) -> str:
    """Give the text without the binding of that name; the same text if there is none."""
    _, found = _bindings(text)
    pairs = _pairs(found)
    place = next((index for index, (key, _) in enumerate(pairs) if _is(key, name)), None)
    if found is None or place is None:
        return text
    key, _ = pairs[place]
    start, end = key.start_mark.index, _span(text, pairs[place])[1]
    if not _is_flow(found):
        return text[: start - key.start_mark.column] + text[_end_of_line(text, end) :]
    if place + 1 < len(pairs):
        return text[:start] + text[pairs[place + 1][0].start_mark.index :]
    return text[: _span(text, pairs[place - 1])[1] if place else start] + text[end:]


def _bindings(text: str) -> tuple[Node, Node] | tuple[None, None]:
    """Give the field of the bindings and its value; None where the text has no such field."""
    from ruamel.yaml import YAML  # noqa: PLC0415 - costs start-up time where nothing is bound

    root: Node | None = YAML(typ="safe", pure=True).compose(text)
    pairs = _pairs(root)
    return next((one for one in pairs if one[0].value == _FIELD), (None, None))


def _span(text: str, pair: tuple[Node, Node]) -> tuple[int, int]:
    """Give begin and end of a value; behind the colon where there is none."""
    key, value = pair
    start, end = value.start_mark.index, value.end_mark.index
    if start == end:
        start = end = text.index(":", key.end_mark.index) + 1
    # A block of text ends where the next key begins.
    return start, start + len(text[start:end].rstrip())


def _pairs(node: Node | None) -> list[tuple[Node, Node]]:
    """Give the pairs of a mapping; none for anything else, such as a field without a value."""
    from ruamel.yaml.nodes import MappingNode  # noqa: PLC0415

    return list(node.value) if isinstance(node, MappingNode) else []


def _is_flow(node: Node) -> bool:
    from ruamel.yaml.nodes import CollectionNode  # noqa: PLC0415

    return isinstance(node, CollectionNode) and bool(node.flow_style)


def _is(key: Node, name: str) -> bool:
    return execution_name(str(key.value)) == name


def _end_of_line(text: str, index: int) -> int:
    """Give the index after the line break that follows."""
    found = text.find("\n", index)
    return len(text) if found < 0 else found + 1


def _appended(text: str, block: str, newline: str) -> str:
    if not text.strip():
        return (text or HEADER) + block
    return text + ("" if text.endswith("\n") else newline) + newline + block


def _scalar(word: str) -> str:
    """Write a word so that YAML reads it as text."""
    if _PLAIN.fullmatch(word) and word.casefold() not in _WORDS:
        return word
    return '"' + "".join(_escaped(character) for character in word) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08x}"
