"""Which elements of two arrays belong together: by what identifies them, else by what they hold."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from gms_console.comparison.alignment import Aligner, Alignment
from gms_console.comparison.document import JsonArray, JsonObject, Number, Reader, Value
from gms_console.comparison.essence import Essences
from gms_console.comparison.rules import Place, RuleTree

IDENTIFYING = ("_id", "id", "name", "key")
"""Members by which an element is known again; the first that all have and that fit is taken."""

_WEIGHED = 50
"""Members that are looked at to say how much two objects have in common."""

Values = Sequence[Value]


class Elements:
    """Aligns the elements of arrays. `exact` turns False where one was too long for that."""

    def __init__(self, reader: Reader, tree: RuleTree, aligner: Aligner) -> None:
        self._tree = tree
        self._essences = Essences(reader, tree)
        self._aligner = aligner
        self.exact = True

    def align(self, left: Values, right: Values, place: Place | None) -> Alignment:
        """Align two arrays that stand at a place of the rules."""
        names = _identities(left, right)
        if names is not None:
            found = self._aligner.align(*names)
        else:
            at, ignored = self._tree.element(place)
            mine = [None if ignored else self._essences.of(one, at) for one in left]
            theirs = [None if ignored else self._essences.of(one, at) for one in right]
            found = self._aligner.align(mine, theirs, lambda i, j: _alike(mine[i], theirs[j]))
        self.exact &= found.exact
        return found

    def same(self, left: Value, right: Value, place: Place | None) -> bool:
        """Whether two values that stand at a place of the rules differ only in what is ignored."""
        return self._essences.of(left, place) == self._essences.of(right, place)


def _identities(left: Values, right: Values) -> tuple[list[Hashable], list[Hashable]] | None:
    for name in IDENTIFYING:
        mine = _values_of(name, left)
        theirs = _values_of(name, right) if mine is not None else None
        # What GMS made anew on each side identifies nothing.
        if mine and theirs and not set(mine).isdisjoint(theirs):
            return mine, theirs
    return None


def _values_of(name: str, elements: Values) -> list[Hashable] | None:
    """Give the value of a member of each element; None unless each has one of its own."""
    found: list[Hashable] = []
    for one in elements:
        if not isinstance(one, JsonObject):
            return None
        value = next((value for key, value in one.members if key == name), None)
        if not isinstance(value, str | Number):
            return None
        found.append(value)
    return found if len(set(found)) == len(found) else None


def _alike(left: Value, right: Value) -> float:
    """Say from 0 to 1 how much two values have in common that are not the same."""
    if isinstance(left, JsonObject) and isinstance(right, JsonObject):
        mine = left.members[:_WEIGHED]
        theirs = right.members[:_WEIGHED]
        shared = len(set(mine) & set(theirs)) + 0.1 * len(
            {name for name, _ in mine} & {name for name, _ in theirs}
        )
        return shared / (1.1 * max(len(mine), len(theirs), 1))
    if isinstance(left, JsonArray) and isinstance(right, JsonArray):
        first, second = left.elements[:_WEIGHED], right.elements[:_WEIGHED]
        return len(set(first) & set(second)) / max(len(first), len(second), 1)
    return 0.0
