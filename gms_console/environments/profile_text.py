"""The text of a profile's file: a new one, or the text that is there with only what changed.

A file may be shared and reviewed in Git, and a round trip through a YAML library moves comments
and reformats lines that nobody touched. So only the places of changed values are written anew;
all else stays byte for byte.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Mapping
from enum import Enum
from typing import Any

from pydantic import BaseModel

from gms_console.environments.profile import Profile, duration_text, size_text
from gms_console.yaml_text import compose

_ALWAYS = frozenset({"gms"})
"""Written also where it has its default."""

_ONE_LINE = 1_000_000
"""Columns; nothing is folded, so that a line of a file is one setting."""

Data = dict[str, Any]
Node = Any
"""A node of ruamel, whose attributes differ by its kind."""

Value = Any
"""A value of a profile as plain data."""


def new_text(profile: Profile) -> str:
    """Give the text of a new file: what is not a default, in the order of the Profile."""
    return _block(profile_data(profile, lean=True), 0) + "\n"


def full_text(profile: Profile) -> str:
    """Give a profile as it would stand in a file that leaves out no default."""
    return _block(profile_data(profile), 0) + "\n"


def changed_text(text: str, old: Profile, new: Profile) -> str:
    """Give the text of a file that has `old`, so that it has `new`.

    What is written through anchors may come out wrong: read the result before using it.
    """
    root = compose(text)
    if not _is_block(root, "map"):
        return new_text(new)
    editor = _Editor(text)
    lean = profile_data(new, lean=True)
    editor.mapping(root, profile_data(old), profile_data(new), lean)
    return editor.result()


def profile_data(profile: Profile, *, lean: bool = False) -> Data:
    """Give a profile as it stands in a file; `lean`: without what has its default."""
    return _entry(profile, lean=lean)


def _entry(entry: BaseModel, *, lean: bool) -> Data:
    return {
        name: _plain(name, getattr(entry, name), lean=lean)
        for name, field in type(entry).model_fields.items()
        if not lean
        or name in _ALWAYS
        or field.is_required()
        or getattr(entry, name) != field.get_default(call_default_factory=True)
    }


def _plain(name: str, value: object, *, lean: bool) -> object:
    if isinstance(value, BaseModel):
        return _entry(value, lean=lean)
    if isinstance(value, tuple):
        return [_plain("", one, lean=lean) for one in value]
    if isinstance(value, Mapping):
        return {key: _plain("", one, lean=lean) for key, one in value.items()}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float):
        return duration_text(value)
    if name == "max_body" and isinstance(value, int):
        return size_text(value)
    return value


class _Editor:
    """Collects the places of a text that change, and what comes there."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._edits: list[tuple[int, int, str]] = []

    def result(self, start: int = 0, end: int | None = None) -> str:
        """Give the text, or a stretch of it, with the changes."""
        pieces, place = [], start
        for first, last, new in sorted(self._edits, key=lambda edit: edit[:2]):
            pieces += [self._text[place:first], new]
            place = last
        return "".join([*pieces, self._text[place:end]])

    def mapping(self, node: Node, old: Data, new: Data, lean: Data) -> None:
        """Change a mapping in block style. `lean` is `new` without defaults."""
        there: dict[str, tuple[Node, Node]] = {key.value: (key, one) for key, one in node.value}
        before: tuple[Node, Node] | None = None
        for name, value in new.items():
            pair = there.get(name)
            written = lean.get(name, {} if isinstance(value, dict) else value)
            if pair is None:
                if name not in old or old[name] != value:
                    self._insert(node, before, name, written)
            elif value is None and old.get(name) is not None:
                self._remove(node, pair)
            else:
                before = pair
                if old.get(name) != value:
                    self._value(pair, old[name], value, written)
        for name, pair in there.items():
            if name not in new and name in old:
                self._remove(node, pair)

    def _value(self, pair: tuple[Node, Node], old: Value, new: Value, lean: Value) -> None:
        key, node = pair
        inline = node.id == "mapping" if isinstance(new, dict) else not isinstance(new, list)
        if _is_block(node, "map") and isinstance(new, dict) and lean:
            self.mapping(node, old, new, lean)
        elif _is_block(node, "seq") and isinstance(new, list) and new:
            self._items(key, node, (old, new, lean))
        elif _is_block(node) or not inline or node.start_mark.index == self._end(node):
            self._replace(pair, lean)
        else:
            self._edits.append((node.start_mark.index, self._end(node), _inline(lean)))

    def _replace(self, pair: tuple[Node, Node], value: object) -> None:
        """Write a key and its value anew."""
        key, node = pair
        end = max(self._end(node), key.end_mark.index)
        column = key.start_mark.column
        self._edits.append((key.start_mark.index, end, _block({key.value: value}, column)))

    def _insert(
        self, parent: Node, before: tuple[Node, Node] | None, name: str, value: object
    ) -> None:
        """Write a new key after another one that stays, or as the first."""
        first = parent.value[0][0].start_mark
        text = _block({name: value}, first.column)
        indent = " " * first.column
        if before is not None:
            key, node = before
            place = self._line_end(max(self._end(node), key.end_mark.index))
            self._edits.append((place, place, self._line(place, f"{indent}{text}\n")))
        elif self._has_line(first.index):
            place = first.index - first.column
            self._edits.append((place, place, f"{indent}{text}\n"))
        else:
            self._edits.append((first.index, first.index, f"{text}\n{indent}"))

    def _remove(self, parent: Node, pair: tuple[Node, Node]) -> None:
        """Take a key out with its value; comments above it stay."""
        key, node = pair
        start = key.start_mark.index
        if self._has_line(start):
            end = self._line_end(max(self._end(node), key.end_mark.index))
            self._edits.append((start - key.start_mark.column, end, ""))
            return
        # It shares its line with the dash of a list.
        rest = [other.start_mark.index for other, _ in parent.value]
        following = min((one for one in rest if one > start), default=None)
        if following is None:
            self._replace(pair, None)
        else:
            self._edits.append((start, following, ""))

    def _items(self, key: Node, node: Node, values: tuple[Value, Value, Value]) -> None:
        """Change a list in block style; entries go by their names and take their comments along."""
        old, new, lean = values
        places = _aligned(old, new)
        begin = self._line_end(key.end_mark.index)
        ends = [self._line_end(self._end(one)) for one in node.value]
        stretches = list(zip([begin, *ends], ends, strict=False))
        column = node.start_mark.column
        pieces = []
        for number, place in enumerate(places):
            if place is None:
                item = _block([lean[number]], column)
                pieces.append(f"{' ' * column}{item}\n")
                continue
            editor = _Editor(self._text)
            if old[place] != new[number]:
                entry = node.value[place]
                if _is_block(entry, "map"):
                    editor.mapping(entry, old[place], new[number], lean[number])
                else:
                    span = (entry.start_mark.index, entry.end_mark.index)
                    editor._edits.append((*span, _inline(lean[number])))
            piece = editor.result(*stretches[place])
            pieces.append(piece if piece.endswith("\n") else f"{piece}\n")
        self._edits.append((begin, ends[-1], self._line(begin, "".join(pieces))))

    def _has_line(self, place: int) -> bool:
        """Whether a key has its line to itself, rather than sharing it with the dash of a list."""
        return not self._text[self._text.rfind("\n", 0, place) + 1 : place].strip()

    def _line(self, place: int, text: str) -> str:
        """Give whole lines for a place, which may be the end of a last line without a break."""
        return text if self._text[:place].endswith("\n") else f"\n{text}"

    def _line_end(self, place: int) -> int:
        """Give where the next line begins."""
        found = self._text.find("\n", place)
        return len(self._text) if found < 0 else found + 1

    def _end(self, node: Node) -> int:
        """Give where a value ends, without the comments and blank lines that follow it."""
        last = node
        while _is_block(last) and last.value:
            child = last.value[-1]
            key, last = child if isinstance(child, tuple) else (child, child)
            if last.start_mark.index < key.start_mark.index:
                return int(key.end_mark.index)  # an alias
        end: int = last.end_mark.index
        return len(self._text[:end].rstrip()) if getattr(last, "style", None) in {"|", ">"} else end


def _aligned(old: list[Data], new: list[Data]) -> list[int | None]:
    """Say for each new entry which old one it was, by its name or else by its place."""
    free = list(range(len(old)))
    found: list[int | None] = []
    for entry in new:
        place = next((n for n in free if old[n]["name"] == entry["name"]), None)
        found.append(place)
        if place is not None:
            free.remove(place)
    # A name that changed at its place, while all else is still there.
    return [n if place is None and n in free else place for n, place in enumerate(found)]


def _is_block(node: Node, kind: str = "") -> bool:
    """Whether a node is a collection in block style, of a kind: `map` or `seq`."""
    if node is None or node.id not in {"mapping", "sequence"} or node.flow_style:
        return False
    return str(node.id).startswith(kind)


def _block(data: object, column: int) -> str:
    """Give data as YAML; lines after the first are indented by `column`."""
    text = textwrap.dedent(_dump(data))
    return f"\n{' ' * column}".join(text.rstrip("\n").split("\n"))


def _inline(value: object) -> str:
    """Give data as YAML in one line, so quoted that it may stand in braces."""
    if isinstance(value, dict):
        return _dump(value, flow=True).strip()
    return _dump([value], flow=True).strip()[1:-1]


def _dump(data: object, *, flow: bool = False) -> str:
    from ruamel.yaml import YAML  # noqa: PLC0415 - writing only
    from ruamel.yaml.comments import CommentedMap  # noqa: PLC0415

    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = _ONE_LINE
    yaml.default_flow_style = flow
    outer = _written(data)
    if isinstance(outer, CommentedMap) and not flow:
        # A secret alone, as in a header, is no name within braces.
        outer.fa.set_block_style()
    text = io.StringIO()
    yaml.dump(outer, text)
    return text.getvalue()


def _written(value: object) -> object:
    """Give data with hints for the writer: names of secrets in braces, odd text in one line."""
    from ruamel.yaml.comments import CommentedMap  # noqa: PLC0415
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString  # noqa: PLC0415

    if isinstance(value, str):
        return value if value.isprintable() else DoubleQuotedScalarString(value)
    if isinstance(value, list):
        return [_written(one) for one in value]
    if isinstance(value, dict):
        entry = CommentedMap((_written(key), _written(one)) for key, one in value.items())
        if list(value) == ["secret"]:
            entry.fa.set_flow_style()
        return entry
    return value
