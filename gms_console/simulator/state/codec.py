"""What lives in the world as JSON, and back.

Data classes are written by the names of their fields and read by their annotations, so that a
file outlives a class that moves or gets another name; a field that is new takes its default, one
that is gone is passed over. What `repr` leaves out of a data class is no state.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from gms_console.simulator.web.uploads import Upload

T = TypeVar("T")

FILE = "file"
"""The key by which stored files are told from other objects."""


class StateError(Exception):
    """Stored data that cannot be read back."""


class Codec:
    """Writes and reads values; `keep` and `find` know where the content of files is."""

    def __init__(
        self, keep: Callable[[Upload], str], find: Callable[[str, str, str], Upload]
    ) -> None:
        self._keep = keep
        self._find = find

    def encode(self, value: object) -> Any:  # noqa: ANN401 - JSON
        """Return a value as JSON has it."""
        if value is None or isinstance(value, bool | int):
            return value
        if isinstance(value, str):
            return str(value)
        if isinstance(value, float):
            return value if math.isfinite(value) else str(value)
        if isinstance(value, Mapping):
            return {key: self.encode(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [self.encode(each) for each in value]
        return self._encode_object(value)

    def _encode_object(self, value: object) -> Any:  # noqa: ANN401 - JSON
        if isinstance(value, datetime):
            return value.isoformat()
        if isinstance(value, Upload):
            return {FILE: self._keep(value), "name": value.filename, "type": value.content_type}
        if not is_dataclass(value) or isinstance(value, type):
            raise TypeError(f"{type(value).__name__} has no place in a state file")
        names = _stored_names(type(value))
        return {name: self.encode(getattr(value, name)) for name in names}

    def decode(self, kind: type[T], stored: object) -> T:
        """Return the value of a type; raises StateError for what is none."""
        try:
            found: T = self._decode(kind, stored)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise StateError(f"{getattr(kind, '__name__', kind)}: {error}") from error
        return found

    def _decode(self, kind: Any, stored: Any) -> Any:  # noqa: ANN401 - as annotated
        origin = get_origin(kind)
        if origin in (Union, UnionType):
            return self._decode_one_of(get_args(kind), stored)
        if origin is list:
            return [self._decode(get_args(kind)[0], each) for each in _a(list, stored)]
        if origin is tuple:
            return self._decode_tuple(get_args(kind), _a(list, stored))
        if isinstance(origin, type) and issubclass(origin, Mapping):
            value = get_args(kind)[1]
            return {key: self._decode(value, each) for key, each in _a(dict, stored).items()}
        if is_dataclass(kind):
            return self._decode_fields(kind, _a(dict, stored))
        if kind is Upload:
            return self._find(stored[FILE], stored["name"], stored["type"])
        return _decode_plain(kind, stored)

    def _decode_tuple(self, kinds: tuple[Any, ...], stored: list[Any]) -> tuple[Any, ...]:
        if kinds[-1] is ...:
            kinds = kinds[:1] * len(stored)
        return tuple(self._decode(*pair) for pair in zip(kinds, stored, strict=True))

    def _decode_one_of(self, kinds: tuple[Any, ...], stored: Any) -> Any:  # noqa: ANN401
        if stored is None and NoneType in kinds:
            return None
        is_file = isinstance(stored, dict) and FILE in stored
        rest = [each for each in kinds if each is not NoneType and (each is Upload) == is_file]
        return self._decode(rest[0] if rest else kinds[0], stored)

    def _decode_fields(self, kind: Any, stored: dict[str, object]) -> Any:  # noqa: ANN401
        given = {}
        for each, hint in _stored_fields(kind):
            if each.name in stored:
                given[each.name] = self._decode(hint, stored[each.name])
            elif each.default is MISSING and each.default_factory is MISSING:
                raise StateError(f"{kind.__name__} without {each.name}")
        return kind(**given)


def _a(kind: type[T], stored: object) -> T:
    if not isinstance(stored, kind):
        raise TypeError(f"a {type(stored).__name__} in place of a {kind.__name__}")
    return stored


def _decode_plain(kind: Any, stored: Any) -> Any:  # noqa: ANN401 - as annotated
    if kind is float:
        return float(stored)
    if kind is datetime:
        return datetime.fromisoformat(stored)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(stored)
    return _a(kind, stored)


@cache
def _stored_names(kind: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind) if each.repr)


@cache
def _stored_fields(kind: type) -> tuple[tuple[Field[Any], Any], ...]:
    hints = get_type_hints(kind)
    return tuple((each, hints[each.name]) for each in fields(kind) if each.repr)
