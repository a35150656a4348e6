"""Compares two JSON documents by their structure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from gms_console.comparison.alignment import Aligner, in_order, rising
from gms_console.comparison.document import (
    JsonArray,
    JsonObject,
    Reader,
    Value,
    cut,
    texts_of,
    value_text,
)
from gms_console.comparison.elements import Elements
from gms_console.comparison.paths import member_path
from gms_console.comparison.rules import IgnoreRules, Place, RuleTree
from gms_console.comparison.types import Change, DiffNode

MOST_DIFFERENT = 20_000
"""Values that differ and are listed one by one; from then on each counts with all within it."""

MOST_ALIKE = 10_000
"""Values that are listed beside them, ignored ones too, so that they are seen in their place."""

DEEPEST = 200
"""Levels that are listed; what lies deeper is compared as a whole."""


class _Absent(Enum):
    """Stands on the side that has no value."""

    ABSENT = "absent"


ABSENT = _Absent.ABSENT
_Side = Value | _Absent


@dataclass(slots=True)
class _Pair:
    """Two values that belong together, and where they are.

    `named`: a rule ignores it; `within` an ignored one nothing counts any more. `to_read`: it
    lies in what is on one side only, which is counted already.
    """

    label: str
    path: str
    left: _Side
    right: _Side
    place: Place | None = None
    named: bool = False
    within: bool = False
    to_read: bool = False
    moved_from: int | None = None

    @property
    def one_sided(self) -> bool:
        return self.left is ABSENT or self.right is ABSENT

    @property
    def same(self) -> bool:
        return self.left == self.right

    @property
    def holds(self) -> bool:
        """Whether anything lies in it."""
        return isinstance(self.left, JsonObject | JsonArray) or isinstance(
            self.right, JsonObject | JsonArray
        )


_NOTHING: Iterator[_Pair] = iter(())


@dataclass(slots=True)
class _Open:
    """A pair whose inner pairs are being compared."""

    pair: _Pair
    inner: Iterator[_Pair]
    children: list[DiffNode] = field(default_factory=list)
    differences: int = 0
    ignored: int = 0


class Structure:
    """Compares documents that one Reader has read.

    `ignored` counts what differs and is ignored; `notes` say what was left out.
    """

    def __init__(self, reader: Reader, rules: IgnoreRules) -> None:
        self._tree = RuleTree(rules, reader.names())
        self._elements = Elements(reader, self._tree, Aligner())
        self._different = MOST_DIFFERENT
        self._alike = MOST_ALIKE
        self._too_deep = self._left_out = self._too_many = False
        self.ignored = 0

    @property
    def notes(self) -> tuple[str, ...]:
        """What could not be done in full, in sentences."""
        notes = []
        if not self._elements.exact:
            notes.append(
                "An array is too long to find the best match of its elements: they are compared "
                "place by place."
            )
        if self._too_deep:
            notes.append(f"What lies deeper than {DEEPEST} levels is compared as a whole.")
        if self._too_many:
            notes.append(
                f"More differs than can be listed: from {MOST_DIFFERENT:,} values on, what "
                "differs is compared as a whole."
            )
        elif self._left_out:
            notes.append("Not all values are listed; all differences are.")
        return tuple(notes)

    def compare(self, left: Value, right: Value) -> DiffNode:
        """Compare two documents from their roots on."""
        way = [self._open(_Pair("", "", left, right, self._tree.root), 0)]
        while True:
            top = way[-1]
            pair = next(top.inner, None)
            if pair is not None:
                if not self._pass_over(top, pair):
                    way.append(self._open(pair, len(way)))
                continue
            way.pop()
            if not way:
                return self._node(top)
            self._take_in(way[-1], top)

    def _pass_over(self, outer: _Open, pair: _Pair) -> bool:
        """Only count a pair that there is no room to list, with all that lies in it."""
        if pair.same and pair.moved_from is None:
            self._left_out |= self._alike <= 0
            return self._alike <= 0
        if min(self._alike, self._different) > 0 or pair.to_read:
            return False
        ignored = self._ignored(pair)
        if (self._alike if ignored else self._different) > 0:
            return False
        if ignored:
            outer.ignored += 1
            self._left_out = True
        else:
            outer.differences += 1
            self._too_many = True
        return True

    def _ignored(self, pair: _Pair) -> bool:
        """Whether two values differ only in what is ignored."""
        if pair.named or pair.within:
            return True
        left, right = pair.left, pair.right
        if left is ABSENT or right is ABSENT:
            return False
        return self._elements.same(left, right, pair.place)

    def _open(self, pair: _Pair, depth: int) -> _Open:
        if not pair.holds:
            return _Open(pair, _NOTHING)
        if depth < DEEPEST:
            return _Open(pair, self._inner(pair))
        if pair.same:
            return _Open(pair, _NOTHING)
        self._too_deep = True
        return _Open(pair, _NOTHING, ignored=int(self._ignored(pair)))

    def _take_in(self, outer: _Open, inner: _Open) -> None:
        """Add what was compared to what it lies in, and list it if there is room."""
        node = self._node(inner)
        outer.differences += node.differences
        outer.ignored += inner.ignored + (node.change is Change.IGNORED and inner.pair.named)
        if node.differences:
            room = self._different
            self._different -= 1
            self._too_many |= room <= 0
        else:
            room = self._alike
            self._alike -= 1
            self._left_out |= room <= 0
        if room > 0 or node.children:
            outer.children.append(node)

    def _node(self, done: _Open) -> DiffNode:
        pair = done.pair
        change, own = _change(done)
        left, right = _texts(pair)
        if not pair.path:
            self.ignored = done.ignored
        return DiffNode(
            label=pair.label,
            path=pair.path,
            change=change,
            left=left,
            right=right,
            children=tuple(done.children),
            moved_from=pair.moved_from,
            differences=done.differences + own,
        )

    # --- what lies within ---------------------------------------------------------------

    def _inner(self, pair: _Pair) -> Iterator[_Pair]:
        left, right = pair.left, pair.right
        if pair.same:
            return self._to_read(pair, right, Change.SAME)
        if isinstance(left, JsonObject) and isinstance(right, JsonObject):
            return self._members(pair, left, right)
        if isinstance(left, JsonArray) and isinstance(right, JsonArray):
            return self._array(pair, left, right)
        return self._apart(pair)

    def _apart(self, pair: _Pair) -> Iterator[_Pair]:
        """Give what lies in values that have nothing to do with one another."""
        yield from self._to_read(pair, pair.left, Change.REMOVED)
        yield from self._to_read(pair, pair.right, Change.ADDED)

    def _to_read(self, pair: _Pair, value: _Side, change: Change) -> Iterator[_Pair]:
        within = pair.within or pair.named
        for label, path, one in _parts(pair.path, value):
            if self._alike <= 0:
                self._left_out = True
                return
            yield _Pair(
                label,
                path,
                ABSENT if change is Change.ADDED else one,
                ABSENT if change is Change.REMOVED else one,
                within=within,
                to_read=True,
            )

    def _members(self, pair: _Pair, left: JsonObject, right: JsonObject) -> Iterator[_Pair]:
        """Pair up members by name, those of one name in order; in the order of the right side."""
        if [name for name, _ in left.members] == [name for name, _ in right.members]:
            for (name, mine), (_, theirs) in zip(left.members, right.members, strict=True):
                yield self._member(pair, name, mine, theirs)
            return
        waiting: dict[str, deque[int]] = {}
        for i, (name, _) in enumerate(left.members):
            waiting.setdefault(name, deque()).append(i)
        partner = {
            j: waiting[name].popleft()
            for j, (name, _) in enumerate(right.members)
            if waiting.get(name)
        }
        settled = {j for _, j in rising([(i, j) for j, i in partner.items()])}
        moved = partner.keys() - settled
        for before, after in in_order(len(left.members), len(right.members), partner, moved):
            first = None if before is None else left.members[before]
            second = None if after is None else right.members[after]
            yield self._member(
                pair,
                (first or second or ("",))[0],
                ABSENT if first is None else first[1],
                ABSENT if second is None else second[1],
            )

    def _member(self, pair: _Pair, name: str, left: _Side, right: _Side) -> _Pair:
        place, named = self._tree.member(pair.place, name)
        within = pair.within or pair.named
        return _Pair(
            name,
            member_path(pair.path, name),
            left,
            right,
            place,
            named=named and not within,
            within=within,
        )

    def _array(self, pair: _Pair, left: JsonArray, right: JsonArray) -> Iterator[_Pair]:
        place, named = self._tree.element(pair.place)
        within = pair.within or pair.named
        found = self._elements.align(left.elements, right.elements, pair.place)
        for i, j in found.rows:
            before: _Side = ABSENT if i is None else left.elements[i]
            after: _Side = ABSENT if j is None else right.elements[j]
            moved = j in found.moved
            if self._alike <= 0 and before == after and not moved:
                self._left_out = True  # most of a long array passes by here
                continue
            index = i if j is None else j
            yield _Pair(
                str(index),
                f"{pair.path}[{index}]",
                before,
                after,
                place,
                named=named and not within,
                within=within,
                moved_from=i if moved else None,
            )


def _change(done: _Open) -> tuple[Change, int]:
    """Say how the sides relate, and how many differences that is beside those within."""
    pair = done.pair
    if pair.one_sided:
        if pair.named or pair.within:
            return Change.IGNORED, 0
        change = Change.ADDED if pair.left is ABSENT else Change.REMOVED
        return change, 0 if pair.to_read else 1
    moved = pair.moved_from is not None
    if pair.same and not moved:
        return Change.SAME, 0
    if pair.named or pair.within:
        return Change.IGNORED, 0
    if moved:
        return Change.MOVED, 1
    if done.differences:
        return Change.CHANGED, 0
    if done.ignored:
        return Change.IGNORED, 0
    return Change.CHANGED, 1


def _parts(path: str, value: _Side) -> Iterator[tuple[str, str, Value]]:
    if isinstance(value, JsonObject):
        for name, member in value.members:
            yield name, member_path(path, name), member
    elif isinstance(value, JsonArray):
        for index, element in enumerate(value.elements):
            yield str(index), f"{path}[{index}]", element


def _texts(pair: _Pair) -> tuple[str | None, str | None]:
    left = None if pair.left is ABSENT else value_text(pair.left)
    right = None if pair.right is ABSENT else value_text(pair.right)
    if left is None or right is None:
        return left and cut(left), right and cut(right)
    if pair.same:
        shown = cut(right)
        return shown, shown
    return texts_of(left, right)
