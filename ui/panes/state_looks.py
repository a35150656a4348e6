"""How states look: a colour by what the catalogue says of them, and a pattern beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

from PySide6.QtCore import Qt

from ..theme import state_grounds

if TYPE_CHECKING:
    from gms_console.catalogue import ServiceKind

UNKNOWN = ""
"""The tone of states that the catalogue does not know."""

_PATTERNS = {
    "waiting": Qt.BrushStyle.BDiagPattern,
    "busy": Qt.BrushStyle.SolidPattern,
    "good": Qt.BrushStyle.SolidPattern,
    "bad": Qt.BrushStyle.DiagCrossPattern,
    UNKNOWN: Qt.BrushStyle.Dense6Pattern,
}
_MARKS = {"good": "✓ ", "bad": "✕ "}


@dataclass(frozen=True, slots=True)
class StateLook:
    """The ground that a state's name stands on in white, the pattern upon it, and a mark."""

    tone: str
    ground: str
    pattern: Qt.BrushStyle
    mark: str = ""


class StateLooks:
    """The looks of the states of one kind of service; one that is not known has its own, too."""

    def __init__(self, kind: ServiceKind | None = None) -> None:
        self.kind = kind
        self._places: dict[str, tuple[str, int]] = {}
        counts: dict[str, int] = {}
        for state in kind.states if kind is not None else ():
            tone = state.tone.value
            self._places[state.name] = (tone, counts.get(tone, 0))
            counts[tone] = counts.get(tone, 0) + 1

    def look(self, state: str) -> StateLook:
        """Give the look of a state, always the same for the same name."""
        tone, place = self._places.get(state) or self._new(state)
        grounds = state_grounds(tone)
        ground = grounds[place % len(grounds)]
        return StateLook(tone, ground, _PATTERNS[tone], _MARKS.get(tone, ""))

    def _new(self, state: str) -> tuple[str, int]:
        """Give a state that is not known the colour of its name, unless that is taken."""
        count = len(state_grounds(UNKNOWN))
        taken = {place for tone, place in self._places.values() if tone == UNKNOWN}
        first = crc32(state.encode()) % count
        free = [(first + step) % count for step in range(count)]
        found = (UNKNOWN, next((place for place in free if place not in taken), first))
        self._places[state] = found
        return found
