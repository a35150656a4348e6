"""JSON of other tools, gone through with the way to each value kept for messages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from gms_console.importing.types import UnreadableImportError

_MISSING = object()
_PLAIN = re.compile(r"[A-Za-z_]\w*")
_KINDS = {dict: "an object", list: "a list", str: "a text", bool: "a boolean", type(None): "null"}


@dataclass(frozen=True, slots=True)
class Tree:
    """A value of a JSON document, and the way to it, such as `$.log.entries[2]`."""

    value: Any
    path: str = "$"

    @property
    def is_missing(self) -> bool:
        """Whether there is none, or null."""
        return self.value is _MISSING or self.value is None

    @property
    def is_text(self) -> bool:
        """Whether it is a text."""
        return isinstance(self.value, str)

    def member(self, name: str) -> Tree:
        """Give a member that has to be there. Raises UnreadableImportError."""
        found = self.optional(name)
        if found.value is _MISSING:
            raise UnreadableImportError(f"{self.path}: found no {name!r}, expected one")
        return found

    def optional(self, name: str) -> Tree:
        """Give a member, or one that is missing."""
        step = f".{name}" if _PLAIN.fullmatch(name) else f"[{name!r}]"
        if self.is_missing:
            return Tree(_MISSING, f"{self.path}{step}")
        if not isinstance(self.value, dict):
            raise self._wrong("an object")
        return Tree(self.value.get(name, _MISSING), f"{self.path}{step}")

    def items(self) -> list[Tree]:
        """Give the items of a list. Raises UnreadableImportError where it is none."""
        if not isinstance(self.value, list):
            raise self._wrong("a list")
        return [Tree(one, f"{self.path}[{place}]") for place, one in enumerate(self.value)]

    def items_or_none(self) -> list[Tree]:
        """Give the items of a list, none where there is no list."""
        return [] if self.is_missing else self.items()

    def text(self) -> str:
        """Give a text; numbers and booleans as they are written. Raises UnreadableImportError."""
        if isinstance(self.value, str):
            return self.value
        if isinstance(self.value, bool):
            return str(self.value).lower()
        if isinstance(self.value, int | float):
            return str(self.value)
        raise self._wrong("a text")

    def text_or(self, default: str) -> str:
        """Give a text, or a default where there is none."""
        return default if self.is_missing else self.text()

    def _wrong(self, expected: str) -> UnreadableImportError:
        found = _KINDS.get(type(self.value), "a number")
        if self.value is _MISSING:
            found = "nothing"
        return UnreadableImportError(f"{self.path}: found {found}, expected {expected}")
