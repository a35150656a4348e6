"""What is left of a value without what is ignored in it: by that elements of arrays are matched."""

from __future__ import annotations

from gms_console.comparison.document import JsonArray, JsonObject, Reader, Value
from gms_console.comparison.rules import Place, RuleTree

_Spot = tuple[JsonObject | JsonArray, Place | None]


class Essences:
    """Gives values without what the rules ignore. A Reader makes them: equal ones are one."""

    def __init__(self, reader: Reader, tree: RuleTree) -> None:
        self._reader = reader
        self._tree = tree
        self._known: dict[_Spot, Value] = {}

    def of(self, value: Value, place: Place | None) -> Value:
        """Give what is left of a value that stands at a place of the rules."""
        if not self._tree or not isinstance(value, JsonObject | JsonArray):
            return value
        todo: list[_Spot] = [(value, place)]
        while todo:
            spot = todo[-1]
            if spot not in self._known:
                inner, at = spot
                lacking = (
                    self._strip_object(inner, at)
                    if isinstance(inner, JsonObject)
                    else self._strip_array(inner, at)
                )
                if lacking:
                    todo += lacking
                    continue
            todo.pop()
        return self._known[value, place]

    def _strip_object(self, value: JsonObject, place: Place | None) -> list[_Spot]:
        """Strip it if what lies within is known; else give what has to be stripped before."""
        members: list[tuple[str, Value]] = []
        lacking: list[_Spot] = []
        whole = True
        for pair in value.members:
            name, member = pair
            at, ignored = self._tree.member(place, name)
            if ignored:
                whole = False
            elif not isinstance(member, JsonObject | JsonArray):
                members.append(pair)
            elif (member, at) in self._known:
                left = self._known[member, at]
                whole &= left is member
                members.append((name, left))
            else:
                lacking.append((member, at))
        if not lacking:
            self._known[value, place] = value if whole else self._reader.object(members)
        return lacking

    def _strip_array(self, value: JsonArray, place: Place | None) -> list[_Spot]:
        """Do the same with an array."""
        at, ignored = self._tree.element(place)
        if ignored:
            self._known[value, place] = self._reader.array([None] * len(value.elements))
            return []
        inner = [one for one in value.elements if isinstance(one, JsonObject | JsonArray)]
        lacking: list[_Spot] = [(one, at) for one in inner if (one, at) not in self._known]
        if not lacking:
            self._known[value, place] = self._reader.array(
                [
                    self._known[one, at] if isinstance(one, JsonObject | JsonArray) else one
                    for one in value.elements
                ]
            )
        return lacking
