"""Reads the nodes of a flow file into values, and collects all that is wrong on the way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from gms_console.durations import DurationError, read_duration
from gms_console.flow.types import FlowMistake
from gms_console.model.reading import JsonValue

_CORE = "tag:yaml.org,2002:"
_SCALARS = frozenset(
    f"{_CORE}{name}" for name in ("str", "int", "float", "bool", "null", "timestamp", "value")
)
_MERGE = f"{_CORE}merge"
_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")

_MOST_SHOWN = 40
_MOST_DIGITS = 300
_DEEPEST = 60
_MOST_NODES = 10_000
"""Of one value: aliases of aliases make a small file grow without end."""

_MOST_ENTRIES = 1_000_000
"""Of one file, each as often as it is read; without aliases the largest file has no more."""

_MOST_MISTAKES = 100


class Field(NamedTuple):
    """A pair of a mapping; `name` is the text of its key."""

    name: str
    key: Node
    node: Node


class NodeReader:
    """Turns nodes into values. What cannot be read gives a stand-in, and a mistake is kept."""

    def __init__(self) -> None:
        self._mistakes: dict[FlowMistake, None] = {}
        self._entries = _MOST_ENTRIES

    @property
    def mistakes(self) -> tuple[FlowMistake, ...]:
        """All that was found, in the order of the file."""
        found = sorted(self._mistakes, key=lambda one: (one.line, one.column))
        return tuple(found[:_MOST_MISTAKES])

    def wrong(self, node: Node, expected: str, found: str | None = None) -> None:
        """Keep a mistake at a node; `found` is what stands there unless it is said."""
        mark = node.start_mark
        self._mistakes[
            FlowMistake(
                line=mark.line + 1,
                column=mark.column + 1,
                found=describe(node) if found is None else found,
                expected=expected,
            )
        ] = None

    def problem(self, node: Node, problem: str) -> None:
        """Keep a mistake that is told as `FOUND, expected EXPECTED`."""
        found, _, expected = problem.rpartition(", expected ")
        self.wrong(node, expected, found)

    def unquoted(self, node: Node, variable: str) -> None:
        """Keep the mistake of a variable that YAML takes for a mapping."""
        self.wrong(node, f'quotes around it, as in "{variable}"', f"{variable} without quotes")

    def fields(self, node: Node, known: Sequence[str], expected: str) -> dict[str, Field]:
        """Give the fields of a mapping by name; those that are not `known` are mistakes."""
        fields: dict[str, Field] = {}
        for field in self.pairs(node, expected):
            if field.name in known:
                fields[field.name] = field
            else:
                self.unknown(field, known)
        return fields

    def unknown(self, field: Field, known: Sequence[str]) -> None:
        """Keep the mistake of a key that is none of those known."""
        meant = _nearest(field.name, known)
        hint = f" (did you mean {meant!r}?)" if meant else ""
        found = f"the key {_cut(field.name)!r}{hint}"
        self.wrong(field.key, f"one of {', '.join(known)}", found)

    def misspelt(self, node: Node, name: str) -> bool:
        """Whether a mapping has a key that was meant to be this one; that is a mistake already."""
        keys = [key for key, _ in node.value] if isinstance(node, MappingNode) else []
        texts = [str(key.value) for key in keys if isinstance(key, ScalarNode)]
        return name not in texts and any(_nearest(text, (name,)) for text in texts)

    def pairs(self, node: Node, expected: str) -> list[Field]:
        """Give the pairs of a mapping in order, those of merge keys behind its own."""
        if variable := _bare_variable(node):
            self.unquoted(node, variable)
            return []
        if not isinstance(node, MappingNode) or node.tag != f"{_CORE}map":
            self.wrong(node, expected)
            return []
        if not self._has_room(node):
            return []
        fields: dict[str, Field] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self.wrong(key, "a key that is a text")
            elif key.tag == _MERGE:
                continue
            elif key.value in fields:
                self.wrong(key, "each key once", f"the key {_cut(key.value)!r} again")
            else:
                fields[key.value] = Field(key.value, key, value)
        for field in self._merged(node, {node}, 0):
            fields.setdefault(field.name, field)
        return list(fields.values())

    def _merged(self, node: MappingNode, seen: set[Node], depth: int) -> Iterable[Field]:
        """Give what merge keys bring; a mapping that was `seen` brings nothing more."""
        for key, value in node.value if depth < _DEEPEST else ():
            if key.tag != _MERGE:
                continue
            for source in value.value if isinstance(value, SequenceNode) else [value]:
                if not isinstance(source, MappingNode):
                    self.wrong(value, "an alias of a mapping")
                    continue
                if source in seen or not self._has_room(source):
                    continue
                seen.add(source)
                for one, other in source.value:
                    if isinstance(one, ScalarNode) and one.tag != _MERGE:
                        yield Field(one.value, one, other)
                yield from self._merged(source, seen, depth + 1)

    def _has_room(self, node: MappingNode | SequenceNode) -> bool:
        """Count the entries that are read: aliases can make a small file endless."""
        before, self._entries = self._entries, self._entries - len(node.value)
        if before >= 0 > self._entries:
            found = "aliases that make it too large"
            self.wrong(node, f"{_MOST_ENTRIES:,} entries at most", found)
        return self._entries >= 0

    def items(self, node: Node, expected: str) -> list[Node]:
        """Give the items of a list."""
        if not isinstance(node, SequenceNode) or node.tag != f"{_CORE}seq":
            self.wrong(node, expected)
            return []
        return list(node.value) if self._has_room(node) else []

    def one_or_more(self, node: Node, expected: str) -> list[Node]:
        """Give the items of a list, or the one thing that stands where a list could."""
        return [node] if isinstance(node, MappingNode) else self.items(node, expected)

    def text(self, node: Node, expected: str, *, empty: bool = False) -> str:
        """Give a scalar as it is written: 007 is `007` and yes is `yes`."""
        if variable := _bare_variable(node):
            self.unquoted(node, variable)
            return variable
        if not isinstance(node, ScalarNode) or node.tag not in _SCALARS:
            self.wrong(node, expected)
            return ""
        text = str(node.value)
        if not empty and (not text or _tag(node) == "null"):
            self.wrong(node, expected)
        return text

    def boolean(self, node: Node) -> bool:
        """Give true or false; in quotes either is a text."""
        if _tag(node) != "bool":
            self.wrong(node, "true or false")
            return False
        return str(node.value).lower() == "true"

    def whole(self, node: Node, expected: str, fits: Callable[[int], bool]) -> int:
        """Give a whole number that fits."""
        text = str(node.value) if _tag(node) == "int" else ""
        if not _WHOLE.fullmatch(text) or len(text) > 15 or not fits(int(text)):
            self.wrong(node, expected)
            return 0
        return int(text)

    def number(self, node: Node, expected: str) -> float:
        """Give a number above zero."""
        text = str(node.value) if _tag(node) in {"int", "float"} else ""
        number = float(text) if _NUMBER.fullmatch(text) and len(text) <= _MOST_DIGITS else 0.0
        if not 0 < number < float("inf"):
            self.wrong(node, expected)
            return 1.0
        return number

    def duration(self, node: Node) -> float:
        """Give the seconds of `500ms`, `1.5s`, `2m`, or of a bare number."""
        expected = "a time such as 500ms, 1s or 2m"
        if not isinstance(node, ScalarNode) or node.tag not in _SCALARS:
            self.wrong(node, expected)
            return 1.0
        try:
            return read_duration(str(node.value))
        except DurationError as error:
            self.wrong(node, error.expected)
            return 1.0

    def value(self, node: Node) -> JsonValue:
        """Give what JSON would make of a value; numbers that JSON writes otherwise are texts."""
        self._left = _MOST_NODES
        return self._value(node, 0)

    _left = 0

    def _value(self, node: Node, depth: int) -> JsonValue:
        self._left -= 1
        if depth > _DEEPEST or self._left < 0:
            if self._left > -_MOST_NODES:
                self._left = -_MOST_NODES
                self.wrong(
                    node, "a smaller value", "a value that is nested too deeply or too large"
                )
            return None
        if isinstance(node, SequenceNode):
            return [self._value(one, depth + 1) for one in self.items(node, "a list")]
        if isinstance(node, MappingNode):
            pairs = self.pairs(node, "a mapping")
            return {name: self._value(one, depth + 1) for name, _, one in pairs}
        return self._scalar(node)

    def _scalar(self, node: Node) -> JsonValue:
        tag, text = _tag(node), self.text(node, "a value without a tag", empty=True)
        if tag == "null":
            return None
        if tag == "bool":
            return text.lower() == "true"
        if tag in {"int", "float"} and _NUMBER.fullmatch(text) and len(text) <= _MOST_DIGITS:
            number = int(text) if _WHOLE.fullmatch(text) else float(text)
            # As a text 1.10 keeps its zero, and is the same number all the same.
            return number if repr(number) == text else text
        return text


def _bare_variable(node: Node) -> str:
    """Give the `{{name}}` that was written without quotes: a mapping in the place of a key."""
    if not isinstance(node, MappingNode) or len(node.value) != 1:
        return ""
    inner = node.value[0][0]
    if not isinstance(inner, MappingNode) or len(inner.value) != 1:
        return ""
    name, value = inner.value[0]
    if not isinstance(name, ScalarNode) or value.value:
        return ""
    return f"{{{{{_cut(str(name.value))}}}}}"


def _nearest(name: str, known: Sequence[str]) -> str:
    """Give the one of the known keys that was meant, in whatever casing; empty for none."""
    return next(iter(get_close_matches(name.lower(), known, n=1)), "")


def describe(node: Node) -> str:
    """Say what stands at a node, cut when it is long."""
    if node.tag is not None and not str(node.tag).startswith(_CORE):
        return f"the tag {_cut(str(node.tag))}"
    if isinstance(node, MappingNode):
        return "a mapping" if node.value else "an empty mapping"
    if isinstance(node, SequenceNode):
        return "a list" if node.value else "an empty list"
    text = str(node.value)
    if not text:
        return "nothing" if _tag(node) == "null" else "an empty text"
    return repr(_cut(text))


def _tag(node: Node) -> str:
    """Give the tag of a scalar, such as `int`; empty for all else and for tags of others."""
    tag = str(node.tag)
    return tag.removeprefix(_CORE) if isinstance(node, ScalarNode) and tag in _SCALARS else ""


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
