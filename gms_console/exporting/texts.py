"""Texts of a Flow as scripts take them: pieces that stand fast, and places for values."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

# As gms_console.variables reads them.
_PLACE = re.compile(r"\{\{\{\{|\{\{([^{}\r\n]*)\}\}")


class RefKind(StrEnum):
    """Where the value of a place comes from when the script runs.

    VARIABLE: of the flow, or captured. INSTANCE: the id of a created service. SECRET and SYSTEM:
    an environment variable of the machine, the first of which has to be set before.
    """

    VARIABLE = "variable"
    INSTANCE = "instance"
    SECRET = "secret"  # noqa: S105 - a kind
    SYSTEM = "system"
    UUID = "uuid"
    NOW = "now"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True)
class Ref:
    """A place for a value. `offset` is in seconds, for NOW alone."""

    kind: RefKind
    name: str = ""
    offset: float = 0.0


Text = tuple[str | Ref, ...]
"""Pieces in order; an empty text has none."""


def parse(raw: str, find: Callable[[str], Text]) -> Text:
    """Take a text apart; `find` gives what stands for a name between `{{` and `}}`."""
    pieces: list[str | Ref] = []
    last = 0
    for match in _PLACE.finditer(raw):
        pieces.append(raw[last : match.start()])
        pieces += ("{{",) if match[1] is None else find(match[1].strip())
        last = match.end()
    pieces.append(raw[last:])
    return joined(tuple(pieces))


def joined(text: Text) -> Text:
    """Join neighbouring literals, and leave empty ones out."""
    pieces: list[str | Ref] = []
    for piece in text:
        if isinstance(piece, str) and pieces and isinstance(before := pieces[-1], str):
            pieces[-1] = before + piece
        elif piece != "":
            pieces.append(piece)
    return tuple(pieces)


def literal(text: Text) -> str | None:
    """Give a text that has no places; None where it has any."""
    if any(isinstance(piece, Ref) for piece in text):
        return None
    return "".join(piece for piece in text if isinstance(piece, str))


def refs(text: Text) -> tuple[Ref, ...]:
    """Give the places of a text, in order."""
    return tuple(piece for piece in text if isinstance(piece, Ref))


def readable(text: Text) -> str:
    """Write a text for comments and names, its places as in a Flow."""
    return "".join(
        piece if isinstance(piece, str) else "{{" + (piece.name or piece.kind.value) + "}}"
        for piece in text
    )
