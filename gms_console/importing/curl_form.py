"""The values of `--form`, read by the rules of curl."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath

from gms_console.importing.bodies import other_type, shortened, utf8
from gms_console.importing.calls import Notes
from gms_console.model.form import Row

_PARAMETERS = ("type", "filename", "headers", "encoder")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_TYPES = {
    ".gif": "image/gif",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".htm": "text/html",
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".xml": "application/xml",
}
"""What curl says of a file by the end of its name."""


def form_rows(option: str, where: str, notes: Notes, *, plain: bool) -> Iterator[Row]:
    """Make the rows of `name=value`; `plain` as --form-string has it, without any signs."""
    name, sign, value = option.partition("=")
    name = utf8(name, where, notes)
    if not sign or not name:
        notes.add(f"{where}: {shortened(option)} is no part of a form, which is name=value")
        return
    if plain:
        yield Row(key=name, value=utf8(value, where, notes))
    elif value.startswith("@"):
        yield from _files(name, value[1:], where, notes)
    elif value.startswith("<"):
        notes.add(
            f"{where}: {shortened(name)} is the text of the file {shortened(value[1:])}, which is "
            "not read; put it in by hand"
        )
    elif value.startswith("(") or value == ")":
        notes.add(f"{where}: {shortened(name)} groups parts, which a form of GMS does not have")
    else:
        yield from _text(name, value, where, notes)


def _text(name: str, value: str, where: str, notes: Notes) -> Iterator[Row]:
    word, parameters = _parsed(value, where, notes)
    if "filename" in parameters:
        notes.add(f"{where}: {shortened(name)} is a text with a file name; it is left out")
        return
    _tell(name, parameters, where, notes)
    yield Row(key=name, value=utf8(word, where, notes), content_type=parameters.get("type"))


def _files(name: str, value: str, where: str, notes: Notes) -> Iterator[Row]:
    files = list(_parted(value, ","))
    if len(files) > 1:
        notes.add(
            f"{where}: {shortened(name)} is {len(files)} files in one part; each is a row now"
        )
    for file in files:
        path, parameters = _parsed(file, where, notes)
        if path in {"", "-"}:
            notes.add(f"{where}: {shortened(name)} is read from standard input; choose a file")
            continue
        _tell(name, parameters, where, notes)
        path = utf8(path, where, notes).replace("\0", "")
        base = (PureWindowsPath if "\\" in path else PurePosixPath)(path).name
        sent = parameters.get("filename", base)
        yield Row(
            key=name,
            file=Path(path),
            filename=None if sent == Path(path).name else utf8(sent, where, notes),
            content_type=other_type(parameters.get("type") or _guess(sent, base), sent),
        )


def _guess(*names: str) -> str:
    """Guess the type of a file as curl does: by the name that is sent, else by its own."""
    ends = (kind for name in names for end, kind in _TYPES.items() if name.lower().endswith(end))
    return next(ends, "application/octet-stream")


def _tell(name: str, parameters: dict[str, str], where: str, notes: Notes) -> None:
    for sort in ("headers", "encoder"):
        if sort in parameters:
            notes.add(f"{where}: {sort} of {shortened(name)} are left out: a row has none")


def _parsed(value: str, where: str, notes: Notes) -> tuple[str, dict[str, str]]:
    """Give the value itself, and what stands after it behind semicolons."""
    first, *rest = _parted(value, ";")
    parameters: dict[str, str] = {}
    last = ""
    for piece in rest:
        known, sign, text = piece.strip().partition("=")
        if sign and known.lower() in _PARAMETERS:
            last = known.lower()
            parameters[last] = _word(text)
        elif last == "type":
            parameters["type"] += f";{piece}"  # its own parameter, such as charset
        else:
            notes.add(f"{where}: curl does not read {shortened(piece)} after a semicolon")
    if "type" in parameters:
        parameters["type"] = parameters["type"].strip()
    return _word(first.lstrip(" \t\n\v\f\r")), parameters


def _word(text: str) -> str:
    found = _QUOTED.fullmatch(text.strip())
    return text if found is None else re.sub(r'\\(["\\])', r"\1", found[1])


def _parted(text: str, sign: str) -> Iterator[str]:
    """Part a text at a sign, but not within quotes that begin a value."""
    start = at = 0
    while at < len(text):
        if text[at] == '"' and (not text[start:at].strip() or text[at - 1] == "="):
            quoted = _QUOTED.match(text, at)
            at = quoted.end() if quoted is not None else at + 1
            continue
        if text[at] == sign:
            yield text[start:at]
            start = at + 1
        at += 1
    yield text[start:]
