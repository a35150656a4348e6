"""Encodes a Form as multipart, urlencoded, JSON or nothing.

Order and duplicate keys survive; whatever a kind cannot carry is refused, never dropped.
"""

from __future__ import annotations

import json
import mimetypes
import re
import secrets
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from urllib.parse import urlencode

from gms_console.model.form import Form, Row
from gms_console.wire.body import Body, BodyKind, FileContent, Segment
from gms_console.wire.refusal import FormRefusedError, RowProblem

_IndexedRow = tuple[int, Row]
_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
# No \s: it fits CR and LF too, and would let a type end the part's headers.
_CONTENT_TYPE = re.compile(rf"{_NAME}/{_NAME}([ \t]*;[ -~]*)?")


def new_boundary() -> str:
    """Make a boundary that no text a person types will hold by chance."""
    return f"----GmsConsole{secrets.token_hex(12)}"


def resolve_kind(form: Form, kind: BodyKind) -> BodyKind:
    """Say which encoding `auto` stands for with this Form; other kinds stay as they are."""
    if kind is not BodyKind.AUTO:
        return kind
    rows = [row for _, row in form.enabled()]
    if not rows:
        return BodyKind.NONE
    return BodyKind.MULTIPART if any(row.is_file for row in rows) else BodyKind.URLENCODED


def encode(form: Form, kind: BodyKind = BodyKind.AUTO, *, boundary: str | None = None) -> Body:
    """Encode the enabled rows of `form`.

    Raises FormRefusedError, with every problem found, when a row cannot be sent as asked.
    """
    kind = resolve_kind(form, kind)
    rows = list(form.enabled())
    problems = list(_problems(rows, kind))
    if problems:
        raise FormRefusedError(problems)
    encoders: dict[BodyKind, Callable[[], Body]] = {
        BodyKind.MULTIPART: lambda: _multipart(rows, boundary or new_boundary()),
        BodyKind.URLENCODED: lambda: _urlencoded(rows),
        BodyKind.JSON: lambda: _json(rows),
        BodyKind.NONE: lambda: Body(BodyKind.NONE, None),
    }
    return encoders[kind]()


def json_body(document: object) -> Body:
    """Encode a JSON document as it is. Raises TypeError for what JSON cannot carry."""
    content = json.dumps(document, ensure_ascii=False)
    return Body(BodyKind.JSON, "application/json", _joined([content.encode()]))


def guess_content_type(filename: str) -> str:
    """Guess a file's MIME type from its name; `application/octet-stream` when unknown."""
    return mimetypes.guess_type(filename, strict=False)[0] or "application/octet-stream"


def row_content_type(row: Row) -> str | None:
    """Give the Content-Type that this row's part goes out with; None where it has none."""
    if row.content_type:
        return row.content_type
    return guess_content_type(row.sent_filename) if row.is_file else None


# --- what a kind cannot carry ---------------------------------------------------------


def _problems(rows: Iterable[_IndexedRow], kind: BodyKind) -> Iterator[RowProblem]:
    seen: dict[str, int] = {}
    for index, row in rows:
        for message in _row_messages(row, kind):
            yield RowProblem(index, row.key, message)
        if kind is BodyKind.JSON and row.key in seen:
            first = seen[row.key] + 1
            yield RowProblem(
                index, row.key, f"JSON carries a key once, and row {first} has it; use a form kind"
            )
        seen.setdefault(row.key, index)
        if row.file is not None and kind is BodyKind.MULTIPART:
            missing = file_message(row.file)
            if missing is not None:
                yield RowProblem(index, row.key, missing, missing_file=True)


def _row_messages(row: Row, kind: BodyKind) -> Iterator[str]:
    if not row.key:
        yield "the key is empty; type one or switch the row off"
    if kind is BodyKind.NONE:
        yield "no body carries no rows; choose another body kind or switch the row off"
    elif row.is_file and kind is not BodyKind.MULTIPART:
        yield f"a file needs multipart; {kind.value} carries text only"
    if row.is_file and row.value:
        yield "it has a file and a text; keep one of them"
    if not row.is_file and row.filename is not None:
        yield "a text has no file name; clear it, or attach a file"
    if not _is_utf8(row.key + row.value + row.sent_filename):
        yield "it holds half of a surrogate pair, which UTF-8 cannot carry"
    if row.content_type and not _CONTENT_TYPE.fullmatch(row.content_type):
        yield f"{row.content_type!r} is not a content type such as image/png"
    elif row.content_type and kind in {BodyKind.URLENCODED, BodyKind.JSON}:
        yield f"{kind.value} gives no row a content type of its own; clear it or use multipart"


def file_message(path: Path) -> str | None:
    """Say why `path` cannot be sent as a file, or None when it can."""
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            return f"{path} is a folder; choose a file in it"
        if not stat.S_ISREG(found.st_mode):
            return f"{path} is not a regular file"
        with path.open("rb"):
            return None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return f"{reason}: {path}"


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


# --- the encodings --------------------------------------------------------------------


def _urlencoded(rows: Iterable[_IndexedRow]) -> Body:
    pairs = [(row.key, row.value) for _, row in rows]
    content = urlencode(pairs).encode("ascii")
    return Body(BodyKind.URLENCODED, "application/x-www-form-urlencoded", _joined([content]))


def _json(rows: Iterable[_IndexedRow]) -> Body:
    # All values travel as strings, as in the forms.
    return json_body({row.key: row.value for _, row in rows})


def _multipart(rows: Iterable[_IndexedRow], boundary: str) -> Body:
    segments: list[Segment] = []
    for index, row in rows:
        segments.append(_part_head(row, boundary))
        segments.append(row.value.encode() if row.file is None else _file_content(index, row))
        segments.append(b"\r\n")
    segments.append(f"--{boundary}--\r\n".encode())
    return Body(BodyKind.MULTIPART, f"multipart/form-data; boundary={boundary}", _joined(segments))


def _part_head(row: Row, boundary: str) -> bytes:
    disposition = f'form-data; name="{_escaped(row.key)}"'
    if row.is_file:
        disposition += f'; filename="{_escaped(row.sent_filename)}"'
    lines = [f"--{boundary}", f"Content-Disposition: {disposition}"]
    content_type = row_content_type(row)
    if content_type is not None:
        lines.append(f"Content-Type: {content_type}")
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode()


def _escaped(name: str) -> str:
    """Escape a name by the WHATWG rule for multipart/form-data: `"`, CR and LF only."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _file_content(index: int, row: Row) -> FileContent:
    if row.file is None:
        raise TypeError("a text row has no file content")
    try:
        found = row.file.stat()
    except OSError as error:
        problem = RowProblem(index, row.key, f"{error.strerror}: {row.file}", missing_file=True)
        raise FormRefusedError([problem]) from None
    return FileContent(row.file, found.st_size, found.st_mtime_ns, index, row.key)


def _joined(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """Join neighbouring literals, so that each goes out in one write; drop empty ones."""
    joined: list[Segment] = []
    for segment in segments:
        if isinstance(segment, bytes) and joined and isinstance(joined[-1], bytes):
            joined[-1] += segment
        elif segment != b"":
            joined.append(segment)
    return tuple(joined)
