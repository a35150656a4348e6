"""Texts as expressions of PowerShell, with places for values."""

from __future__ import annotations

import json
from collections.abc import Iterable

from gms_console.exporting.curl_options import IN_FOLDER, OptionPiece
from gms_console.exporting.script import Operand
from gms_console.exporting.texts import Ref, RefKind
from gms_console.shell_text import powershell_literal


def expression(pieces: Iterable[OptionPiece]) -> str:
    """Write pieces as one expression: literals and values, added up."""
    found: list[str] = []
    for piece in _merged(pieces):
        if isinstance(piece, str):
            found.append("$folder + '/'" if piece == IN_FOLDER else powershell_literal(piece))
        elif isinstance(piece, Ref):
            found.append(_value(piece))
        else:
            found.append(f"({_CODINGS[piece.coding]} {_value(piece.ref)})")
    if not found:
        return "''"
    whole = " + ".join(found)
    return whole if len(found) == 1 and " + " not in whole else f"({whole})"


def _merged(pieces: Iterable[OptionPiece]) -> list[OptionPiece]:
    """Join neighbouring literals."""
    merged: list[OptionPiece] = []
    for piece in pieces:
        before = merged[-1] if merged else None
        if isinstance(piece, str) and isinstance(before, str) and IN_FOLDER not in {piece, before}:
            merged[-1] = before + piece
        elif piece != "":
            merged.append(piece)
    return merged


def operand(value: Operand) -> str:
    """Write the operand of a check."""
    if isinstance(value, tuple):
        return expression(value)
    if isinstance(value, list):
        return f"@({', '.join(map(operand, value))})"
    if isinstance(value, dict):
        return powershell_literal(json.dumps(sorted(value)))
    if value is None or isinstance(value, bool):
        return "$null" if value is None else f"${str(value).lower()}"
    return repr(value)


def path_literal(steps: list[str | int]) -> str:
    """Write the steps of a path as an array."""
    shown = (str(one) if isinstance(one, int) else powershell_literal(one) for one in steps)
    return f"@({', '.join(shown)})"


_CODINGS = {"form": "FormText", "path": "PathText", "curl": "CurlText", "json": "JsonText"}


def _value(ref: Ref) -> str:
    name = powershell_literal(ref.name)
    return {
        RefKind.VARIABLE: f"$v[{name}]",
        RefKind.INSTANCE: f"(Id {name})",
        RefKind.SECRET: f"(Needed {name})",
        RefKind.SYSTEM: f"(Needed {name})",
        RefKind.UUID: "$script:uuid",
        RefKind.NOW: f"(At {ref.offset:g})",
        RefKind.COUNTER: "([string]$script:counter)",
    }[ref.kind]
