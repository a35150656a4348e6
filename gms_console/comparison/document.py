"""JSON documents as values to be compared: equal ones are one object, numbers are as sent."""

from __future__ import annotations

import json
import re
from operator import itemgetter
from typing import Any, cast

from gms_console.comparison.paths import json_string


class Number:
    """A number with all its digits; two of the same text are one object in a Reader."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class JsonObject:
    """An object: its members in order, duplicates too."""

    __slots__ = ("members",)

    def __init__(self, members: tuple[tuple[str, Value], ...]) -> None:
        self.members = members


class JsonArray:
    """An array."""

    __slots__ = ("elements",)

    def __init__(self, elements: tuple[Value, ...]) -> None:
        self.elements = elements


Value = str | bool | None | Number | JsonObject | JsonArray

LONGEST_TEXT = 1000
"""Characters of a value that are shown."""

_BEFORE = 60
"""Characters shown before the place where two long texts part."""

_AT_ONCE = 4 * 1024**2
"""Characters that json may read whatever they are; it takes hardly longer than a painted frame."""

_OBJECT_EVERY = 4096
_STRING_EVERY = 64
"""Characters between two objects or strings on average: json lets other threads work whenever an
object or a number has been read, but not between strings."""

_BLANKS = r"[ \t\n\r]*+"
_STRING = r'"[^"\\\x00-\x1f]*+(?:\\.[^"\\\x00-\x1f]*+)*+"'
_NUMBER = r"-?+(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+"
_SCALAR = _NUMBER + r"|true|false|null|NaN|-?Infinity"
_VALUE = rf"{_BLANKS}(?:({_STRING})|({_SCALAR})|([\[{{]))(?:{_BLANKS}([,}}\]]))?+"
_ELEMENT = re.compile(rf"(){_VALUE}")
_MEMBER = re.compile(rf"{_BLANKS}({_STRING}){_BLANKS}:{_VALUE}")
_EMPTY = re.compile(rf"{_BLANKS}([}}\]])")
_AFTER = re.compile(rf"{_BLANKS}([,}}\]])?+")
_END = re.compile(rf"{_BLANKS}\Z")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


class _Container:
    """An object or array as it is being read; `name` is that of the member that is next."""

    __slots__ = ("is_object", "items", "name")

    def __init__(self, *, is_object: bool) -> None:
        self.is_object = is_object
        self.items: list[Any] = []
        self.name = ""


class NotJsonError(ValueError):
    """A text that is no JSON; the message says where that shows."""


class Reader:
    """Reads documents, in steps that let other threads work meanwhile.

    What is equal in any of them is one and the same object, whatever the order of members; values
    are therefore equal when they are `==`, which costs nothing for objects and arrays.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, Number] = {}
        self._objects: dict[tuple[tuple[str, Value], ...], JsonObject] = {}
        self._arrays: dict[tuple[Value, ...], JsonArray] = {}
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._decoded_object,
            parse_int=self._number,
            parse_float=self._number,
            parse_constant=self._number,
        )

    def read(self, text: str) -> Value:
        """Read a document of any depth. Raises NotJsonError."""
        if _may_be_read_at_once(text):
            try:
                return self._decoded(self._decoder.decode(text))
            except RecursionError:
                pass
            except json.JSONDecodeError as error:
                raise _not_json(text, error.pos) from None
        return self._read(text)

    def names(self) -> frozenset[str]:
        """Give the names of all members that were read."""
        return frozenset(name for shape in self._objects for name, _ in shape)

    def release(self) -> None:
        """Let go of all that was read, step by step: at once, it would hold up other threads.

        What is around others goes first, so that each step frees a single one.
        """
        for known in (self._arrays, self._objects):
            while known:
                known.popitem()

    def object(self, members: list[tuple[str, Value]]) -> JsonObject:
        """Give the object of these members."""
        shape = tuple(sorted(members, key=_NAME))
        known = self._objects.get(shape)
        if known is None:
            known = self._objects[shape] = JsonObject(tuple(members))
        return known

    def array(self, elements: list[Value]) -> JsonArray:
        """Give the array of these elements."""
        shape = tuple(elements)
        known = self._arrays.get(shape)
        if known is None:
            known = self._arrays[shape] = JsonArray(shape)
        return known

    def _number(self, text: str) -> Number:
        known = self._numbers.get(text)
        if known is None:
            known = self._numbers[text] = Number(text)
        return known

    def _decoded_object(self, members: list[tuple[str, Any]]) -> JsonObject:
        for place, (name, value) in enumerate(members):
            if type(value) is list:
                members[place] = name, self._decoded(value)
        return self.object(members)

    def _decoded(self, value: Any) -> Value:  # noqa: ANN401 - what json gives
        """Give the arrays that json has read as lists; it reads none that are nested deeply."""
        if type(value) is list:
            return self.array([self._decoded(one) if type(one) is list else one for one in value])
        return cast("Value", value)

    def _read(self, text: str) -> Value:
        """Read step by step what json cannot, or would hold up other threads with."""
        around: list[_Container] = []
        inner = _Container(is_object=False)  # the root stands alone in an array of no brackets
        place = 0
        while True:
            found = (_MEMBER if inner.is_object else _ELEMENT).match(text, place)
            if found is None:
                place, delimiter = _empty(text, place, around, inner)
            else:
                key, string, scalar, opened, delimiter = found.groups()
                if key:
                    inner.name = _string(key, text, place)
                if opened:
                    around.append(inner)
                    inner = _Container(is_object=opened == "{")
                    place = found.end(4)
                    continue
                value = _string(string, text, place) if string else self._scalar(scalar)
                inner.items.append((inner.name, value) if inner.is_object else value)
                place = found.end()
            if delimiter != "," and around:
                inner, place, delimiter = self._close(text, place, delimiter, around, inner)
            if not around:
                if delimiter is not None or _END.match(text, place) is None:
                    raise _not_json(text, place)
                return cast("Value", inner.items[0])

    def _close(
        self,
        text: str,
        place: int,
        delimiter: str | None,
        around: list[_Container],
        inner: _Container,
    ) -> tuple[_Container, int, str | None]:
        """Close what ends here; give what goes on, from where, and what stands before that."""
        while delimiter != "," and around:
            if delimiter != ("}" if inner.is_object else "]"):
                raise _not_json(text, place)
            value = self.object(inner.items) if inner.is_object else self.array(inner.items)
            inner = around.pop()
            inner.items.append((inner.name, value) if inner.is_object else value)
            after = _AFTER.match(text, place)
            if after is not None:  # it always fits
                delimiter, place = after[1], after.end()
        return inner, place, delimiter

    def _scalar(self, token: str) -> Value:
        return _WORDS[token] if token in _WORDS else self._number(token)


_NAME = itemgetter(0)


def _may_be_read_at_once(text: str) -> bool:
    size = len(text)
    return (
        size <= _AT_ONCE
        or text.count("{") * _OBJECT_EVERY >= size
        or text.count('"') * _STRING_EVERY < 2 * size
    )


def _string(token: str, text: str, place: int) -> str:
    if "\\" not in token:
        return token[1:-1]
    try:
        return str(json.loads(token))
    except ValueError:
        raise _not_json(text, place) from None


def _empty(
    text: str, place: int, around: list[_Container], inner: _Container
) -> tuple[int, str | None]:
    """Give what follows the bracket that opened, where it closes at once."""
    found = _EMPTY.match(text, place) if around and not inner.items else None
    if found is None:
        raise _not_json(text, place)
    return found.end(), found[1]


def _not_json(text: str, place: int) -> NotJsonError:
    line = text.count("\n", 0, place) + 1
    column = place - (text.rfind("\n", 0, place) + 1) + 1
    return NotJsonError(f"not readable from line {line:,}, column {column:,} on")


def value_text(value: Value) -> str:
    """Show a value as it was sent, whole; objects and arrays by how much is in them."""
    if isinstance(value, JsonObject):
        return f"{{{len(value.members)}}}"
    if isinstance(value, JsonArray):
        return f"[{len(value.elements)}]"
    if isinstance(value, Number):
        return value.text
    if isinstance(value, str):
        return json_string(value)
    return {True: "true", False: "false", None: "null"}[value]


def cut(text: str, begin: int = 0) -> str:
    """Shorten a text, which is shown from `begin` on, and say what is left out."""
    if len(text) <= LONGEST_TEXT:
        return text
    before = f"«{begin:,} characters» " if begin else ""
    left = len(text) - begin - LONGEST_TEXT
    after = f" «{left:,} more characters»" if left > 0 else ""
    return f"{before}{text[begin : begin + LONGEST_TEXT]}{after}"


def texts_of(left: str, right: str) -> tuple[str, str]:
    """Shorten two texts to where they part."""
    if len(left) <= LONGEST_TEXT and len(right) <= LONGEST_TEXT:
        return left, right
    begin = max(0, _parting(left, right) - _BEFORE)
    begin = 0 if begin + _BEFORE < LONGEST_TEXT else begin
    return cut(left, min(begin, len(left))), cut(right, min(begin, len(right)))


def _parting(left: str, right: str) -> int:
    """Give how many characters two texts have in common at their beginning."""
    low, high = 0, min(len(left), len(right))
    while low < high:
        middle = (low + high + 1) // 2
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
