"""Forms: what a request carries, and how its body is read into rows."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from python_multipart.multipart import parse_options_header

from gms_console.simulator.web.answers import GmsError
from gms_console.simulator.web.multipart import MultipartReader
from gms_console.simulator.web.uploads import Upload, UploadFolder

TEXT_LIMIT = 16 * 1024 * 1024
"""Bytes of urlencoded or JSON text that are accepted; beyond them the answer is 413."""


@dataclass
class Form:
    """The rows of a request in the order of arrival, duplicates included."""

    rows: list[tuple[str, str | Upload]] = field(default_factory=list)

    def param(self, key: str) -> str | None:
        """Return the text of a service parameter; of duplicates the last one."""
        texts = [value for name, value in self.rows if name == key and isinstance(value, str)]
        return texts[-1] if texts else None

    def flag(self, key: str) -> bool:
        """Return whether a parameter says `true`, in any letter case."""
        return (self.param(key) or "").strip().lower() == "true"

    def user_data(self) -> list[tuple[str, str | Upload]]:
        """Return the rows that are not for the service.

        Keys that begin with `_` are service parameters, everything else and every file is
        user data (reference page, Notes).
        """
        return [
            (key, value)
            for key, value in self.rows
            if isinstance(value, Upload) or not key.startswith("_")
        ]

    def discard(self) -> None:
        """Remove the files that nobody kept."""
        for _, value in self.rows:
            if isinstance(value, Upload) and not value.kept:
                value.remove()


def read_query(query: bytes) -> list[tuple[str, str]]:
    """Read the rows of a query string; bytes that are no UTF-8 become replacement marks."""
    return parse_qsl(query.decode("latin-1"), keep_blank_values=True, errors="replace")


async def read_body(content_type: str, body: AsyncIterator[bytes], files: UploadFolder) -> Form:
    """Read a body by its content type; an empty one is an empty form.

    Raises GmsError: 415 for a body of another type than multipart/form-data,
    application/x-www-form-urlencoded or application/json, 400 for one that does not parse,
    413 for too much text. The body is always read to its end.
    """
    kind, options = parse_options_header(content_type)
    if kind == b"multipart/form-data":
        return await _read_multipart(options.get(b"boundary", b""), body, files)
    if kind == b"application/x-www-form-urlencoded":
        return Form(list(_urlencoded(await _read_text(body), options.get(b"charset"))))
    if kind == b"application/json":
        return Form(list(_json(await _read_text(body))))
    if await _read_text(body):
        raise GmsError(415, f"Unsupported Media Type: [{content_type}]")
    return Form()


async def _read_multipart(boundary: bytes, body: AsyncIterator[bytes], files: UploadFolder) -> Form:
    reader: MultipartReader | None = None
    problem: GmsError | None = None
    form = Form()
    try:
        async for chunk in body:
            if problem is not None or not chunk:
                continue
            try:
                reader = reader or MultipartReader(boundary, files, form.rows)
                reader.write(chunk)
            except GmsError as error:
                problem = error
        if reader is not None and problem is None:
            reader.finish()
    except BaseException:
        form.discard()
        raise
    if problem is not None:
        form.discard()
        raise problem
    return form


async def _read_text(body: AsyncIterator[bytes]) -> bytes:
    text = bytearray()
    too_long = False
    async for chunk in body:
        too_long = too_long or len(text) + len(chunk) > TEXT_LIMIT
        if not too_long:
            text += chunk
    if too_long:
        raise GmsError(413, f"Request body exceeds {TEXT_LIMIT} bytes.")
    return bytes(text)


def _urlencoded(text: bytes, charset: bytes | None) -> list[tuple[str, str]]:
    # Real forms are ASCII; raw bytes beyond it are read in the same charset as %XX.
    encoding = (charset or b"utf-8").decode("latin-1")
    try:
        decoded = text.decode(encoding, "replace")
        return parse_qsl(decoded, keep_blank_values=True, encoding=encoding, errors="replace")
    except (LookupError, ValueError) as error:
        raise GmsError(400, f"Form cannot be read: {error}") from error


def _json(text: bytes) -> list[tuple[str, str]]:
    if not text:
        return []
    try:
        pairs = json.loads(text.decode("utf-8"), object_pairs_hook=_Pairs)
    except (ValueError, RecursionError) as error:
        raise GmsError(400, f"JSON cannot be read: {error}") from error
    if not isinstance(pairs, _Pairs):
        raise GmsError(400, "JSON body must be an object.")
    return [(key, _json_text(value)) for key, value in pairs.items]


class _Pairs:
    """A JSON object that keeps duplicate keys in order."""

    def __init__(self, items: list[tuple[str, object]]) -> None:
        self.items = items


def _json_text(value: object) -> str:
    """Return a JSON value as a form would carry it: text as it is, the rest as JSON."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, default=lambda pairs: dict(pairs.items))
