"""Changes a flow file's text only where its data changed; all else stays byte for byte.

A file may be shared and reviewed in Git: comments, blank lines, quotes and the order of keys are
those of the people who wrote it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from gms_console.flow.data import Data, lean
from gms_console.flow.emitting import entry, inline, item, mapping
from gms_console.flow.keys import OPERATORS

Node = Any
"""A node of ruamel, whose attributes differ by its kind."""

_LISTS = frozenset({"steps", "form", "expect", "until", "fail_on"})
"""Keys whose lists are changed entry by entry; other lists are written anew."""


class SplicingError(ValueError):
    """A text that cannot be changed in its places, as with aliases."""


def same(one: object, other: object) -> bool:
    """Whether data is written the same: true is not 1, and the order counts."""
    return json.dumps(one) == json.dumps(other)


def spliced(text: str, root: Node, old: Data, new: Data) -> str:
    """Give the text of a file that has `old`, so that it has `new`. Raises SplicingError."""
    if not _is_block(root, "map"):
        raise SplicingError("the file is written in braces")
    editor = _Editor(text)
    if not editor.mapping(root, old, new, lean(new)):
        raise SplicingError("its keys share lines")
    return editor.result()


class _Editor:
    """Collects the places of a text that change, and what comes there."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._edits: list[tuple[int, int, str]] = []

    def result(self, start: int = 0, end: int | None = None) -> str:
        """Give the text, or a stretch of it, with the changes."""
        pieces, place = [], start
        for first, last, new in sorted(self._edits, key=lambda edit: edit[:2]):
            if first < place:
                raise SplicingError("changes overlap")
            pieces += [self._text[place:first], new]
            place = last
        return "".join([*pieces, self._text[place:end]])

    def mapping(self, node: Node, old: Data, new: Data, written: Data | None = None) -> bool:
        """Change a mapping in block style; tell whether that was possible.

        `written` is `new` without what is left out.
        """
        there = {key.value: (key, value) for key, value in node.value}
        written = new if written is None else written
        gone = [there[key] for key in there if key not in written and self._differs(key, old, new)]
        if any(not self._has_line(key.start_mark.index) for key, _ in gone):
            return False
        for pair in gone:
            self._remove(pair)
        before: tuple[Node, Node] | None = None
        for key, value in written.items():
            if key not in there:
                if before is None:
                    return False
                self._insert(node, before, key, value)
                continue
            pair = before = there[key]
            if self._differs(key, old, new):
                self._value(pair, old.get(key), new[key])
        return True

    @staticmethod
    def _differs(key: str, old: Data, new: Data) -> bool:
        return (key in old) is not (key in new) or not same(old.get(key), new.get(key))

    def _value(self, pair: tuple[Node, Node], old: Any, new: Any) -> None:  # noqa: ANN401 - data
        key, node = pair
        if node.start_mark.index < key.start_mark.index:
            raise SplicingError("an alias stands there")
        if key.value in OPERATORS:
            # An operand is any JSON, whose keys mean nothing here.
            self._plain(pair, new)
        elif key.value == "form" and node.id == "mapping":
            self._form(pair, old, new)
        elif key.value in _LISTS and isinstance(new, list):
            self._entries(pair, old, new)
        elif _is_block(node, "map") and new and _keeps_order(old, new):
            if not self.mapping(node, old, new):
                self._replace(pair, new)
        else:
            self._plain(pair, new)

    def _entries(self, pair: tuple[Node, Node], old: list[Data], new: list[Data]) -> None:
        """Change a list of mappings, or the one mapping that stands in its place."""
        key, node = pair
        if node.id == "mapping" and len(old) == len(new) == 1:
            if _is_block(node) and self.mapping(node, old[0], new[0]):
                return
            self._plain(pair, new[0])
        elif _is_block(node, "seq") and new:
            self._items(key, node, old, new)
        else:
            self._replace(pair, _one_or_list(key.value, new))

    def _form(self, pair: tuple[Node, Node], old: list[Data], new: list[Data]) -> None:
        """Change rows that are written as a mapping; they stay one as long as they can."""
        _, node = pair
        before, after = _as_pairs(old), _as_pairs(new)
        if before is None or after is None:
            self._replace(pair, new)
        elif (
            _is_block(node)
            and _keeps_order(before, after)
            and "" not in {str(key) for key in after.keys() - before.keys()}
        ):
            if not self.mapping(node, before, after):
                self._replace(pair, after)
        else:
            self._plain(pair, after)

    def _plain(self, pair: tuple[Node, Node], new: Any) -> None:  # noqa: ANN401 - data
        """Write a value anew in its place, where it is and stays in one line."""
        key, node = pair
        text = entry(key.value, new, key.start_mark.column)
        folded = getattr(node, "style", None) in {"|", ">"}
        single = "\n" not in text and not _is_block(node) and not folded
        if single and node.start_mark.index < node.end_mark.index:
            self._edits.append((node.start_mark.index, node.end_mark.index, inline(new)))
        else:
            self._replace(pair, new)

    def _replace(self, pair: tuple[Node, Node], value: Any) -> None:  # noqa: ANN401 - data
        """Write a key and its value anew."""
        key, node = pair
        end = max(self._end(node), key.end_mark.index)
        start, column = key.start_mark.index, key.start_mark.column
        self._edits.append((start, end, entry(key.value, value, column)))

    def _insert(self, parent: Node, before: tuple[Node, Node], name: str, value: object) -> None:
        """Write a new key behind another one."""
        key, node = before
        column = parent.value[0][0].start_mark.column
        block = name in {"steps", "form", "expect"}
        text = entry(name, _one_or_list(name, value), column, block=block)
        place = self._line_end(max(self._end(node), key.end_mark.index))
        self._edits.append((place, place, self._lines(place, f"{' ' * column}{text}\n")))

    def _remove(self, pair: tuple[Node, Node]) -> None:
        """Take a key out with its value; comments above it stay."""
        key, node = pair
        if node.start_mark.index < key.start_mark.index:
            raise SplicingError("an alias stands there")
        end = self._line_end(max(self._end(node), key.end_mark.index))
        self._edits.append((key.start_mark.index - key.start_mark.column, end, ""))

    def _items(self, key: Node, node: Node, old: list[Data], new: list[Data]) -> None:
        """Change a list in block style; entries take the comments above them along."""
        begin = self._line_end(key.end_mark.index)
        ends = [self._line_end(self._end(one)) for one in node.value]
        stretches = list(zip([begin, *ends], ends, strict=False))
        column = node.start_mark.column
        block = key.value == "steps"
        pieces = []
        for data, place in zip(new, aligned(old, new), strict=True):
            if place is None:
                piece = f"{' ' * column}{item(lean_item(data), column, block=block)}"
            else:
                piece = self._item(node.value[place], old[place], data, stretches[place])
            pieces.append(piece if piece.endswith("\n") else f"{piece}\n")
        self._edits.append((begin, ends[-1], self._lines(begin, "".join(pieces))))

    def _item(self, node: Node, old: Data, new: Data, stretch: tuple[int, int]) -> str:
        """Give the lines of an entry that was there."""
        if same(old, new):
            return self._text[slice(*stretch)]
        if not stretch[0] <= node.start_mark.index < stretch[1]:
            raise SplicingError("an alias stands there")
        editor = _Editor(self._text)
        if not (_is_block(node, "map") and _kind(old) == _kind(new)) or not editor.mapping(
            node, old, new, lean_item(new)
        ):
            column, data = node.start_mark.column, lean_item(new)
            written = mapping(data, column) if _is_block(node) else inline(data)
            editor = _Editor(self._text)
            editor._edits.append((node.start_mark.index, self._end(node), written))
        return editor.result(*stretch)

    def _has_line(self, place: int) -> bool:
        """Whether a key has its line to itself, rather than sharing it with the dash of a list."""
        return not self._text[self._text.rfind("\n", 0, place) + 1 : place].strip()

    def _lines(self, place: int, text: str) -> str:
        """Give whole lines for a place, which may be the end of a last line without a break."""
        return text if not place or self._text[:place].endswith("\n") else f"\n{text}"

    def _line_end(self, place: int) -> int:
        """Give where the next line begins; a place at the beginning of a line is its own."""
        if place and self._text[place - 1 : place] == "\n":
            return place
        found = self._text.find("\n", place)
        return len(self._text) if found < 0 else found + 1

    def _end(self, node: Node) -> int:
        """Give where a value ends, without the comments and blank lines that follow it."""
        last = node
        while _is_block(last) and last.value:
            child = last.value[-1]
            key, last = child if isinstance(child, tuple) else (child, child)
            if last.start_mark.index < key.start_mark.index:
                raise SplicingError("an alias stands there")
            if isinstance(child, tuple) and last.start_mark.index == last.end_mark.index:
                return int(key.end_mark.index)
        end: int = last.end_mark.index
        return len(self._text[:end].rstrip()) if getattr(last, "style", None) in {"|", ">"} else end


def lean_item(data: Data) -> Data:
    """Give an entry of a list as it is written; only steps have defaults to leave out."""
    if "key" in data or "path" in data:
        return data
    return {key: _one_or_list(key, value) for key, value in lean(data).items()}


def aligned(old: list[Data], new: list[Data]) -> list[int | None]:
    """Say for each new entry which old one it was: the same, one like it, or at its place."""
    free = dict.fromkeys(range(len(old)))
    found: list[int | None] = [None] * len(new)
    tests: tuple[Callable[[Data], object], ...] = (json.dumps, _named, _kind)
    for test in tests:
        keys = {place: test(old[place]) for place in free}
        for number, data in enumerate(new):
            if found[number] is not None:
                continue
            wanted = test(data)
            places = [number] if number in free else []
            places += [place for place in free if place != number]
            match = next((place for place in places if keys[place] == wanted), None)
            if match is not None:
                found[number] = match
                del free[match]
    return found


def _named(data: Data) -> object:
    """Give what an entry is called: of a step its kind and name, of a row its key."""
    return next(iter(data.items()), None)


def _kind(data: Data) -> object:
    return next(iter(data), None)


def _one_or_list(name: str, value: Any) -> Any:  # noqa: ANN401 - data
    """Write one condition of a poll without the list around it."""
    alone = name in {"until", "fail_on"} and isinstance(value, list) and len(value) == 1
    return value[0] if alone else value


def _as_pairs(rows: list[Data]) -> Data | None:
    """Give rows as a mapping of keys and values; None for those that say more."""
    pairs = {row["key"]: row.get("value") for row in rows}
    simple = all(set(row) == {"key", "value"} for row in rows)
    return pairs if simple and len(pairs) == len(rows) else None


def _keeps_order(old: Data, new: Data) -> bool:
    """Whether new keys come behind old ones, and none changed its place."""
    common = [key for key in old if key in new]
    return [key for key in new if key in old] == common


def _is_block(node: Node, kind: str = "") -> bool:
    """Whether a node is a collection in block style, of a kind: `map` or `seq`."""
    if node is None or node.id not in {"mapping", "sequence"} or node.flow_style:
        return False
    return str(node.id).startswith(kind)
