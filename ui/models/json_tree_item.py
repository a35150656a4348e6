"""The items of a JSON tree: a value each, or what stands for more of them, and their words."""

from __future__ import annotations

import json
from collections.abc import Sequence

from gms_console.json_text.node import Node, NodeKind

Segment = str | int
Way = tuple[Segment, ...]
"""Where a value lies: keys of objects and places in arrays, from the outside in."""

AT_SIGHT = 5000
"""Members up to which a row is read on when its end is seen; then a person has to ask for more.

The view lays out all rows that it has whenever some come.
"""

DEEPEST = 200
"""Levels that can be opened: a view takes time for each level of each row."""

_SHOWN = 300
_CONTAINERS = {NodeKind.OBJECT: "{}", NodeKind.ARRAY: "[]"}
_MEMBERS = {NodeKind.OBJECT: "member", NodeKind.ARRAY: "element"}


class JsonItem:
    """A row: a value, or what stands for members that were not read yet (`node` is None)."""

    __slots__ = (
        "children",
        "complete",
        "depth",
        "id",
        "loading",
        "more",
        "node",
        "opens",
        "parent",
        "row",
    )

    def __init__(self, node: Node | None, parent: JsonItem | None, row: int, id_: int) -> None:
        self.node = node
        self.parent = parent
        self.row = row
        self.id = id_
        self.children: list[JsonItem] | None = None
        self.more: JsonItem | None = None
        self.loading = False
        self.complete = False
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.opens = (
            node is not None
            and node.kind in _CONTAINERS
            and node.count != 0
            and self.depth < DEEPEST
        )

    @property
    def way(self) -> Way:
        """Where its value lies."""
        steps: list[Segment] = []
        item: JsonItem | None = self
        while item is not None and item.parent is not None:
            steps.append(segment_of(item.node) if item.node is not None else -1)
            item = item.parent
        return tuple(reversed(steps))

    @property
    def name(self) -> str:
        """Its key, with its place when it is in an array; `value` for the outermost."""
        names: list[str] = []
        item: JsonItem | None = self
        while item is not None and item.node is not None and item.parent is not None:
            if item.node.key is not None:
                return "_".join((item.node.key, *reversed(names)))
            if item.parent.node is not None:
                names.append(str(item.node.index))
            item = item.parent
        return "_".join(("value", *reversed(names)))

    def is_end(self, nodes: Sequence[Node]) -> bool:
        """Whether there are no members behind these, which come next."""
        if not nodes or nodes[-1].kind is NodeKind.BROKEN:
            return True
        count = self.node.count if self.node is not None else None
        return count is not None and len(self.children or ()) + len(nodes) >= count

    # --- in words --------------------------------------------------------------------------

    @property
    def key_text(self) -> str:
        """Its key or place; of what stands for more, how much more there is."""
        node = self.node
        if node is None:
            return self._more_text()
        if self.parent is None or self.parent.node is None:
            return "(whole answer)"
        return node.key if node.key is not None else f"[{node.index}]"

    @property
    def value_text(self) -> str:
        """Its value, or how many members it has."""
        node = self.node
        if node is None:
            return ""
        if node.kind in _CONTAINERS:
            brackets = _CONTAINERS[node.kind]
            count = len(self.children or ()) if self.complete else node.count
            if count is None:
                return f"{brackets[0]} … {brackets[1]}"
            if count == 0:
                return brackets
            some = _MEMBERS[node.kind] if count == 1 else f"{_MEMBERS[node.kind]}s"
            return f"{brackets[0]} {count:,} {some} {brackets[1]}"
        return node.text if len(node.text) <= _SHOWN else f"{node.text[:_SHOWN]}…"

    @property
    def cut_text(self) -> str:
        """What the text of the value leaves out; an object is described, not shown in part."""
        node = self.node
        if node is None:
            return ""
        if node.kind in _CONTAINERS:
            return "nested too deeply for a tree" if self.depth >= DEEPEST else ""
        return node.cut

    @property
    def type_text(self) -> str:
        """The type of its value."""
        return "" if self.node is None else str(self.node.kind)

    @property
    def spoken(self) -> str:
        """All of it, as it is read out."""
        parts = (self.key_text, self.value_text, self.cut_text, self.type_text)
        return ", ".join(part for part in parts if part)

    def _more_text(self) -> str:
        above = self.parent
        if above is None or above.node is None:
            return ""
        known = len(above.children or ())
        count = above.node.count
        more = "… more" if count is None else f"… {count - known:,} more"
        return more if known < AT_SIGHT else f"{more} (Enter)"


def segment_of(node: Node) -> Segment:
    """Give the step that leads to a value from the one it is in."""
    return node.key if node.key is not None else node.index


def plain_value(text: str) -> str:
    """Give the text that a value of JSON means: of a string what it says, else as it stands."""
    if text.startswith('"'):
        try:
            return str(json.loads(text, strict=False))
        except ValueError:
            return text
    return text
