"""Words of bash with places for values, and the names of its variables."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from gms_console.exporting.curl_options import IN_FOLDER, OptionPiece
from gms_console.exporting.script import Operand
from gms_console.exporting.texts import Ref, RefKind, Text
from gms_console.shell_text import quoted

# fmt: off
_OWN = frozenset({
    "said", "bad", "here", "poller",
    "work", "result", "finished", "counter", "status", "took", "title", "now", "uuid",
    "folder", "common", "step", "keep", "code", "jar", "times", "body", "answer", "run",
    "send", "request", "poll", "check", "capture", "good", "http", "in_time", "known",
    "fail", "say", "at", "clock", "pause", "form_text", "path_text", "curl_word",
    "json_text", "clean_up", "if", "then", "else", "fi", "do", "done", "case", "esac",
    "for", "while", "until", "function", "select", "in", "time", "coproc",
})
# fmt: on
_ESCAPED = re.compile(r'([\\"$`])')


@dataclass(frozen=True, slots=True)
class Raw:
    """What bash puts in by itself, within double quotes."""

    text: str


Piece = str | Raw

_CODINGS = {
    "form": "form_text",
    "path": "path_text",
    "curl": "curl_word",
    "json": "json_inner",
}
"""The function of the script for each encoding of a value."""

_SECTIONS = {"path_text": "form_text", "json_inner": "json_text"}
"""The part of the script that a function stands in, where that has another name."""


class Identifiers:
    """Gives each name of a flow a variable of bash, no two the same."""

    def __init__(self) -> None:
        self._given: dict[tuple[RefKind, str], str] = {}

    def of(self, ref: Ref) -> str:
        """Give the variable for a place; credentials and the system's keep their names."""
        if ref.kind in {RefKind.SECRET, RefKind.SYSTEM}:
            return ref.name
        return self.named(ref.kind, ref.name)

    def named(self, kind: RefKind, name: str) -> str:
        """Give the variable for a name of that kind."""
        key = (kind, name)
        if key not in self._given:
            base = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "value"
            if kind is RefKind.INSTANCE:
                base = f"id_{base}"
            elif base[0].isdigit() or base in _OWN or base.startswith(("id_", "step_")):
                base = f"var_{base}"
            found, number = base, 1
            while found in self._given.values():
                number += 1
                found = f"{base}_{number}"
            self._given[key] = found
        return self._given[key]


class Words:
    """Writes texts as words; `used` are the functions that they need."""

    def __init__(self, identifiers: Identifiers) -> None:
        self._identifiers = identifiers
        self.used: set[str] = set()

    def word(self, text: Text) -> str:
        """Write a text as one word."""
        return self.option(text)

    def option(self, pieces: Iterable[OptionPiece]) -> str:
        """Write the value of an option of curl as one word."""
        return written(map(self._piece, pieces))

    def _piece(self, piece: OptionPiece) -> Piece:
        if isinstance(piece, str):
            # Before the path of a file.
            return Raw("${folder}/") if piece == IN_FOLDER else piece
        if isinstance(piece, Ref):
            return Raw(self.value(piece))
        value = f'"{self.value(piece.ref)}"'
        function = _CODINGS[piece.coding]
        self.used.add(_SECTIONS.get(function, function))
        return Raw(f"$({function} {value})")

    def value(self, ref: Ref) -> str:
        """Write a place for use within double quotes."""
        if ref.kind is RefKind.NOW:
            self.used.add("moment")
            return f"$(at {ref.offset:g})"
        if ref.kind in {RefKind.UUID, RefKind.COUNTER}:
            self.used.add("moment" if ref.kind is RefKind.UUID else "counter")
            return f"${{{ref.kind.value}}}"
        return f"${{{self._identifiers.of(ref)}}}"

    def json(self, operand: Operand) -> Iterable[Piece]:
        """Write the operand of a check as JSON."""
        if isinstance(operand, tuple):
            if all(isinstance(piece, str) for piece in operand):
                yield json.dumps("".join(map(str, operand)), ensure_ascii=False)
            else:
                self.used.add("json_text")
                yield Raw(f"$(json_text {self.word(operand)})")
        elif isinstance(operand, list):
            yield "["
            for place, one in enumerate(operand):
                yield ", " if place else ""
                yield from self.json(one)
            yield "]"
        elif isinstance(operand, dict):
            yield "{"
            for place, (key, one) in enumerate(operand.items()):
                yield f"{', ' if place else ''}{json.dumps(key, ensure_ascii=False)}: "
                yield from self.json(one)
            yield "}"
        else:
            yield json.dumps(operand)


def written(pieces: Iterable[Piece]) -> str:
    """Join pieces to one word: between double quotes where values are put in."""
    found = [piece for piece in pieces if piece != ""]
    if all(isinstance(piece, str) for piece in found):
        return quoted("".join(map(str, found))) or "''"
    out = ""
    for piece in found:
        if isinstance(piece, Raw):
            out += piece.text
        elif piece.isprintable():
            out += _ESCAPED.sub(r"\\\1", piece)
        else:
            out += f'"{quoted(piece)}"'
    return f'"{out}"'
