"""From the text of a body to the rows that make it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import unquote_to_bytes

from gms_console.importing.calls import Notes
from gms_console.importing.marks import shown
from gms_console.model.form import Form, Row
from gms_console.wire.body import BodyKind
from gms_console.wire.encode import guess_content_type

URLENCODED = "application/x-www-form-urlencoded"

_PARAMETER = re.compile(r';\s*([\w*-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)')
_HEAD_END = re.compile(r"\r?\n\r?\n")
_BARE_MARK = re.compile("(:\\s*)(\ufdd0[^\ufdd1]*\ufdd1)(?=\\s*[,}])")
_SHORT = 60

Content = tuple[Form, BodyKind]


def read_body(text: str, content_type: str, where: str, notes: Notes) -> Content:
    """Make rows of a body; what rows cannot hold is noted, and then there are none."""
    if not text:
        return Form(), BodyKind.NONE
    media = content_type.partition(";")[0].strip().lower()
    if media == "multipart/form-data":
        return _multipart(text, content_type, where, notes)
    if media in {"", URLENCODED}:
        if text.lstrip().startswith("{") and isinstance(_loaded(text), list):
            notes.add(f"{where}: the body is JSON that was sent as urlencoded; it goes out as JSON")
            return read_json(text, where, notes)
        return read_urlencoded(text, where, notes), BodyKind.URLENCODED
    if media == "application/json" or media.endswith("+json"):
        return read_json(text, where, notes)
    notes.add(f"{where}: the body is {media or 'of no type'}, and a flow sends rows; it has none")
    return Form(), BodyKind.NONE


def read_urlencoded(text: str, where: str, notes: Notes) -> Form:
    """Make rows of `a=b&c=d`, in order."""
    rows = []
    for pair in text.split("&"):
        if not pair:
            continue
        key, sign, value = pair.partition("=")
        name = percent_decoded(key, where, notes)
        if not name:
            notes.add(f"{where}: a value has no name, and no row can hold it: {shortened(pair)}")
            continue
        if not sign:
            notes.add(f"{where}: {shortened(name)} had no =, and is sent with one")
        rows.append(Row(key=name, value=percent_decoded(value, where, notes)))
    return Form(tuple(rows))


def percent_decoded(text: str, where: str, notes: Notes, *, plus: bool = True) -> str:
    """Decode %XX, and + as a blank; bytes that are no UTF-8 are noted."""
    data = text.encode("utf-8", "surrogateescape")
    return utf8(unquote_to_bytes(data.replace(b"+", b" ") if plus else data), where, notes)


def utf8(data: bytes | str, where: str, notes: Notes) -> str:
    """Give bytes as text; those that are no UTF-8 are noted, and lost."""
    if isinstance(data, str):
        data = data.encode("utf-8", "surrogateescape")
    try:
        return data.decode()
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
        notes.add(f"{where}: bytes that are no UTF-8 are lost in {shortened(text)}")
        return text


def shortened(text: str) -> str:
    """Quote a text for a message, its beginning where it is long."""
    text = shown(text)
    return repr(text if len(text) <= _SHORT else f"{text[:_SHORT]}…")


# --- JSON -----------------------------------------------------------------------------


class _Number(str):
    """A number as it was written."""

    __slots__ = ()


class _Pairs(list[tuple[str, object]]):
    """An object, with keys that are there twice."""

    __slots__ = ()


def _loaded(text: str) -> object:
    """Give the value of a JSON text: an object as pairs, a number as written; None for no JSON."""
    try:
        found: object = json.loads(
            text,
            object_pairs_hook=_Pairs,
            parse_float=_Number,
            parse_int=_Number,
            parse_constant=_Number,
        )
    except (ValueError, RecursionError):
        return None
    return found


def read_json(text: str, where: str, notes: Notes) -> Content:
    """Make rows of a JSON object; all values of rows go out as texts, and that is noted."""
    found = _loaded(text)
    if found is None:
        # A variable without quotes, as some collections have it for numbers.
        found = _loaded(_BARE_MARK.sub(r'\1"\2"', text))
    if not isinstance(found, _Pairs):
        kind = "broken JSON" if found is None else "JSON that is no object"
        notes.add(f"{where}: the body is {kind}, and a flow sends rows; it has none")
        return Form(), BodyKind.NONE
    rows: dict[str, Row] = {}
    for key, value in found:
        if key in rows:
            notes.add(f"{where}: JSON has {shortened(key)} twice; the last one is kept")
        row = _json_row(key, value, where, notes)
        if row is not None:
            rows[key] = row
    return Form(tuple(rows.values())), BodyKind.JSON


def _json_row(key: str, value: object, where: str, notes: Notes) -> Row | None:
    if not key:
        notes.add(f"{where}: a value of the JSON has an empty name, and no row can hold it")
        return None
    if isinstance(value, bool | _Number):
        text = str(value).lower() if isinstance(value, bool) else str(value)
        sort = "boolean" if isinstance(value, bool) else "number"
        notes.add(f'{where}: {shortened(key)} was the {sort} {text}, and is sent as "{text}"')
        return Row(key=key, value=text)
    if isinstance(value, str):
        return Row(key=key, value=value)
    kind = "null" if value is None else "an object" if isinstance(value, _Pairs) else "a list"
    notes.add(f"{where}: {shortened(key)} is {kind}, and a row holds text; it is left out")
    return None


# --- multipart ------------------------------------------------------------------------


def _multipart(text: str, content_type: str, where: str, notes: Notes) -> Content:
    boundary = dict(_parameters(content_type)).get("boundary", "")
    if not boundary:
        notes.add(f"{where}: multipart without a boundary; the parts of its body cannot be told")
        return Form(), BodyKind.NONE
    delimiter = re.compile(rf"(?:^|\r?\n)--{re.escape(boundary)}(?:--)?[ \t]*(?=\r?\n|$)")
    pieces = delimiter.split(text)
    rows = [_part(piece, where, notes) for piece in pieces[1:] if piece.strip()]
    if len(pieces) < 2:
        notes.add(f"{where}: no part of the multipart body could be read; it has no rows")
    return Form(tuple(row for row in rows if row is not None)), BodyKind.MULTIPART


def _part(piece: str, where: str, notes: Notes) -> Row | None:
    piece = re.sub(r"\A\r?\n", "", piece)
    end = _HEAD_END.search(piece)
    head, value = (piece, "") if end is None else (piece[: end.start()], piece[end.end() :])
    headers = {
        name.strip().lower(): text.strip()
        for name, _, text in (line.partition(":") for line in head.splitlines())
    }
    parameters = dict(_parameters(headers.get("content-disposition", "")))
    name = utf8(_unescaped(parameters.get("name", "")), where, notes)
    if not name:
        notes.add(f"{where}: a part of the multipart body has no name, and is left out")
        return None
    content_type = headers.get("content-type") or None
    filename = _filename(parameters)
    if filename is None:
        return Row(key=name, value=utf8(value, where, notes), content_type=content_type)
    return file_row(name, utf8(filename, where, notes), content_type, where, notes)


def _parameters(header: str) -> Iterator[tuple[str, str]]:
    for found in _PARAMETER.finditer(f";{header.partition(';')[2]}"):
        value = found[2].strip()
        if value.startswith('"'):
            value = re.sub(r'\\(["\\])', r"\1", value[1:-1])
        yield found[1].lower(), value


def _filename(parameters: dict[str, str]) -> str | None:
    extended = parameters.get("filename*", "")
    if extended.lower().startswith("utf-8'"):
        return unquote_to_bytes(extended.split("'", 2)[-1]).decode("utf-8", "surrogateescape")
    plain = parameters.get("filename")
    return None if plain is None else _unescaped(plain)


def _unescaped(name: str) -> str:
    """Undo what browsers do to names in multipart."""
    return name.replace("%22", '"').replace("%0D", "\r").replace("%0A", "\n")


def file_row(key: str, filename: str, content_type: str | None, where: str, notes: Notes) -> Row:
    """Make a row of a file that only its name is known of; note where to put it."""
    base = PurePosixPath(filename.replace("\\", "/").replace("\0", "")).name
    name = base if base not in {"", ".", ".."} else "file"
    notes.add(f"{where}: put the file {shortened(name)} of {shortened(key)} beside the flow")
    return Row(
        key=key,
        file=Path(name),
        filename=None if filename == name else filename,
        content_type=other_type(content_type, filename),
    )


def other_type(content_type: str | None, filename: str) -> str | None:
    """Give the type of a file's row, None where the console would send just that by itself."""
    return None if content_type == guess_content_type(filename) else content_type
