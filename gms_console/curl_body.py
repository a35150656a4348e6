"""The body of a request as options of curl: its rows one by one where curl can send them so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from gms_console.model.exchange import SentRequest
from gms_console.model.form import Form, Row
from gms_console.redaction import MASK, Masker, is_credential_name
from gms_console.shell_text import BASH, Shell, in_comment
from gms_console.wire.body import BodyKind
from gms_console.wire.encode import encode, row_content_type
from gms_console.wire.refusal import FormRefusedError

LONGEST_WORD = BASH.longest
"""Bytes of a word that every system takes on a command line; more goes through a pipe."""

_KINDS = {
    "multipart/form-data": BodyKind.MULTIPART,
    "application/x-www-form-urlencoded": BodyKind.URLENCODED,
    "application/json": BodyKind.JSON,
}
_DEFAULT_TYPE = "application/x-www-form-urlencoded"
_BOUNDARY = re.compile(r'boundary="?([^";]+)')
_ROW_TYPE = re.compile(r'[^\s/;,"]{1,127}/[^\s/;,"]{1,127}(; ?[^\s;,="]+=[^\s;,"]+)*')
_QUOTED_MASK = "%2A%2A%2A"


@dataclass(frozen=True, slots=True)
class CurlBody:
    """Options that make the body. `before` is a command whose output curl reads as the body.

    `masked` are the names of rows whose values are masked. `type`: the Content-Type that curl
    sends by itself with these options.
    """

    options: tuple[str, ...] = ()
    before: str = ""
    comments: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()
    type: str = ""

    def makes_type(self, content_type: str) -> bool:
        """Whether curl sends this Content-Type by itself, with a boundary of its own."""
        if self.type.startswith("multipart/"):
            return content_type.lower().startswith(self.type)
        return content_type == self.type


@dataclass(slots=True)
class _Rows:
    """The rows as they may be shown, and what has to be said of them."""

    form: Form
    masked: list[str] = field(default_factory=list)


def body_of(request: SentRequest, masker: Masker, shell: Shell = BASH) -> CurlBody:
    """Give the options for what a request carried; `masker` knows its secrets."""
    headers = {name.lower(): value for name, value in request.headers}
    sent_type = headers.get("content-type", "")
    if not request.body_size:
        # GMS is told so by Content-Length: 0, which curl sends with an empty text only.
        empty = (f"--data-raw {shell.quoted('')}",) if "content-length" in headers else ()
        return CurlBody(empty, type=_DEFAULT_TYPE)
    kind = _KINDS.get(sent_type.partition(";")[0].strip().lower())
    if request.form is None or kind is None:
        return _from_preview(request, masker, shell)
    rows = _masked_rows(request.form, masker)
    boundary = _boundary(request)
    try:
        size = encode(request.form, kind, boundary=boundary).size
    except FormRefusedError:
        size = None  # a file is gone, which its row says
    if kind is BodyKind.MULTIPART and (size in {None, request.body_size} or _has_file(rows.form)):
        return _multipart(request, rows, size, shell)
    if size != request.body_size:
        return _from_preview(request, masker, shell)
    return _raw(_encoded(rows, kind, boundary), shell, rows.masked)


def _boundary(request: SentRequest) -> str | None:
    sent = next((text for name, text in request.headers if name.lower() == "content-type"), "")
    return found[1] if (found := _BOUNDARY.search(sent)) is not None else None


def _has_file(form: Form) -> bool:
    return any(row.is_file for _, row in form.enabled())


def _masked_rows(form: Form, masker: Masker) -> _Rows:
    rows = _Rows(form)
    shown = []
    for row in form:
        value = MASK if row.value and is_credential_name(row.key) else masker.mask(row.value)
        if value != row.value and row.enabled:
            rows.masked.append(row.key)
        shown.append(replace(row, value=value))
    rows.form = Form(tuple(shown))
    return rows


def _encoded(rows: _Rows, kind: BodyKind, boundary: str | None) -> bytes:
    segments = encode(rows.form, kind, boundary=boundary).segments
    data = b"".join(one for one in segments if isinstance(one, bytes))
    if kind is BodyKind.URLENCODED and rows.masked:
        data = data.replace(_QUOTED_MASK.encode(), MASK.encode())
    return data


def _raw(
    data: bytes, shell: Shell, masked: Sequence[str] = (), comments: tuple[str, ...] = ()
) -> CurlBody:
    """Send bytes as they are; a word of a shell holds no zero byte, and not any length."""
    names = tuple(masked)
    if b"\0" not in data and len(data) <= shell.longest:
        options = (f"--data-raw {shell.quoted(data)}",)
        return CurlBody(options, "", comments, names, _DEFAULT_TYPE)
    if not shell.pipes:
        why = f"Put the body of {len(data):,} bytes into body.bin: no word of {shell.name} holds it"
        return CurlBody(("--data-binary @body.bin",), "", (*comments, why), names, _DEFAULT_TYPE)
    before = f"printf %s {shell.quoted(data)}"
    if b"\0" in data:
        escaped = data.replace(b"\\", b"\\\\").replace(b"\0", b"\\0000")
        before = f"printf %b {shell.quoted(escaped)}"
    return CurlBody(("--data-binary @-",), before, comments, names, _DEFAULT_TYPE)


def _from_preview(request: SentRequest, masker: Masker, shell: Shell) -> CurlBody:
    """Send the text that was kept of a body, where that is all of it."""
    text = request.body_preview
    comments: tuple[str, ...] = ()
    if len(text.encode("utf-8", "surrogatepass")) != request.body_size:
        comments = (
            f"The body of {request.body_size:,} bytes is not kept whole, and has to be put in by "
            "hand: it was edited, or carried a credential",
        )
    shown = masker.mask(text)
    masked = ("body",) if MASK in shown else ()
    return _raw(shown.encode("utf-8", "surrogatepass"), shell, masked, comments)


def _multipart(request: SentRequest, rows: _Rows, size: int | None, shell: Shell) -> CurlBody:
    sent = [row for _, row in rows.form.enabled()]
    if not sent or not (_has_file(rows.form) or all(_fits(row, shell) for row in sent)):
        return _raw(_encoded(rows, BodyKind.MULTIPART, _boundary(request)), shell, rows.masked)
    options, comments = [], []
    for row in sent:
        if not _fits(row, shell):
            comments.append(
                f"Left out, as curl cannot send it beside a file: {in_comment(row.key)}"
            )
            continue
        if row.file is not None and not row.file.is_file():
            comments.append(f"This file is no longer there: {in_comment(str(row.file))}")
        options.append(_form_option(row, shell))
    if size not in {None, request.body_size}:
        comments.append(
            f"{request.body_size:,} bytes were sent, and {size:,} would be now: a file has changed"
        )
    return CurlBody(tuple(options), "", tuple(comments), tuple(rows.masked), "multipart/form-data")


def _fits(row: Row, shell: Shell) -> bool:
    """Whether curl can send a row by itself: it takes the name up to the first `=`."""
    short = len(row.value.encode()) <= shell.longest - len(row.key.encode())
    content_type = row_content_type(row)
    readable = content_type is None or _ROW_TYPE.fullmatch(content_type) is not None
    return (
        short
        and readable
        and "=" not in row.key
        and "\0" not in row.key + row.value + row.sent_filename
    )


def _form_option(row: Row, shell: Shell) -> str:
    content_type = row_content_type(row)
    if row.file is None and content_type is None:
        return f"--form-string {shell.quoted(f'{row.key}={row.value}')}"
    if row.file is None:
        return f"--form {shell.quoted(f'{row.key}={_word(row.value)};type={content_type}')}"
    path = str(row.file) if str(row.file) != "-" else "./-"  # a dash alone is what is piped in
    value = f"@{_word(path)};filename={_word(row.sent_filename)};type={content_type}"
    return f"--form {shell.quoted(f'{row.key}={value}')}"


def _word(text: str) -> str:
    """Quote a text as curl reads it within an option."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
