"""Two independent readers for each body format, to judge what the client encodes.

All of them give the rows in order and raise ValueError for anything that a careful server would
refuse. `expected_name` says how a name or file name comes back: as it was, but for one loss that
the WHATWG rule itself causes.

How the multipart readers get at names: the libraries' ready-made results are no use, because each
does more than undo the WHATWG escapes. python_multipart's parse_options_header takes `\\"` for an
escaped quote (a name that ends with a backslash swallows the next parameter), turns `\\\\` into
`\\` and cuts Windows paths down to their last part; werkzeug's drops the backslash of `\\x`. So:

* python_multipart splits the body; its raw Content-Disposition goes through a strict pattern here.
* werkzeug splits the body; its raw Content-Disposition goes through werkzeug's own parser with
  every backslash doubled beforehand, since that parser halves them again.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import parse_qsl, unquote_to_bytes

from python_multipart.multipart import MultipartParser, QuerystringParser
from python_multipart.multipart import parse_options_header as pm_options
from werkzeug.datastructures import Headers
from werkzeug.http import parse_options_header as werkzeug_options
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, Preamble

_DISPOSITION = re.compile(rb'form-data; name="([^"\r\n]*)"(?:; filename="([^"\r\n]*)")?')
_Header = TypeVar("_Header", str, bytes)
_HEADER_LIMIT = 1 << 24  # python_multipart's own limit of 4 KiB is for servers


@dataclass(frozen=True)
class ParsedRow:
    """One row as a server understands it."""

    name: str
    value: bytes
    filename: str | None = None
    content_type: str | None = None


def expected_name(original: str) -> str:
    """Return what both multipart readers report for a name or file name.

    WHATWG escapes `"`, CR and LF but not `%`, so an original that already holds one of the three
    escapes looks like the character itself on the wire.
    """
    return original.replace("%22", '"').replace("%0D", "\r").replace("%0A", "\n")


# The readers have no quirks of their own: see the module's docstring.
expected_name_python_multipart = expected_name
expected_name_werkzeug = expected_name


@dataclass
class _Part:
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    data: bytearray = field(default_factory=bytearray)


class _PartCollector:
    """Callbacks for python_multipart's MultipartParser."""

    def __init__(self) -> None:
        self.parts: list[_Part] = []
        self._ended = False
        self._field = b""
        self._value = b""

    def part_begin(self) -> None:
        self.parts.append(_Part())

    def header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def header_end(self) -> None:
        self.parts[-1].headers.append((self._field.lower(), self._value))
        self._field = self._value = b""

    def part_data(self, data: bytes, start: int, end: int) -> None:
        self.parts[-1].data += data[start:end]

    def end(self) -> None:
        self._ended = True

    def has_ended(self) -> bool:
        return self._ended


def multipart_by_python_multipart(body: bytes, content_type: str) -> list[ParsedRow]:
    """Read a multipart body with python_multipart's low-level parser."""
    kind, options = pm_options(content_type)
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise ValueError(f"not multipart/form-data with a boundary: {content_type!r}")
    boundary = options[b"boundary"]
    collector = _PartCollector()
    parser = MultipartParser(
        boundary,
        {
            "on_part_begin": collector.part_begin,
            "on_header_field": collector.header_field,
            "on_header_value": collector.header_value,
            "on_header_end": collector.header_end,
            "on_part_data": collector.part_data,
            "on_end": collector.end,
        },
        max_header_size=_HEADER_LIMIT,
    )
    # The parser skips what precedes the first and follows the last boundary; look for that here.
    last = b"--" + boundary + b"--"
    text = body.removesuffix(b"\r\n")
    if not body.startswith(b"--" + boundary) or not text.endswith(last):
        raise ValueError("the body does not begin and end with its boundary")
    parser.write(text.removesuffix(last))
    if collector.has_ended():
        raise ValueError("something follows the last boundary")
    parser.write(last)
    parser.finalize()
    if not collector.has_ended():
        raise ValueError("the body does not end with its boundary")
    return [_row_from_raw(part) for part in collector.parts]


def _row_from_raw(part: _Part) -> ParsedRow:
    header = _only([value for name, value in part.headers if name == b"content-disposition"])
    match = _DISPOSITION.fullmatch(header)
    if match is None:
        raise ValueError(f"not a WHATWG Content-Disposition: {header!r}")
    kinds = [value.decode() for name, value in part.headers if name == b"content-type"]
    name, filename = match.groups()
    return ParsedRow(
        name=expected_name(name.decode()),
        value=bytes(part.data),
        filename=None if filename is None else expected_name(filename.decode()),
        content_type=_only(kinds) if kinds else None,
    )


def multipart_by_werkzeug(body: bytes, content_type: str) -> list[ParsedRow]:
    """Read a multipart body with werkzeug's sansio decoder."""
    kind, options = werkzeug_options(content_type)
    if kind != "multipart/form-data" or not options.get("boundary"):
        raise ValueError(f"not multipart/form-data with a boundary: {content_type!r}")
    decoder = MultipartDecoder(options["boundary"].encode("latin-1"))
    decoder.receive_data(body)
    decoder.receive_data(None)
    parts: list[tuple[Headers, bytearray]] = []
    # A body that is cut short makes next_event raise ValueError.
    while not isinstance(event := decoder.next_event(), Epilogue):
        match event:
            case Field() | File():
                parts.append((event.headers, bytearray()))
            case Data():
                parts[-1][1].extend(event.data)
            case Preamble() if event.data:
                raise ValueError("something precedes the first boundary")
    if event.data:
        raise ValueError("something follows the last boundary")
    return [_row_from_werkzeug(headers, bytes(data)) for headers, data in parts]


def _row_from_werkzeug(headers: Headers, data: bytes) -> ParsedRow:
    header = _only(headers.getlist("Content-Disposition"))
    kind, options = werkzeug_options(header.replace("\\", "\\\\"))
    if kind != "form-data" or "name" not in options:
        raise ValueError(f"not a form-data Content-Disposition: {header!r}")
    filename = options.get("filename")
    kinds = headers.getlist("Content-Type")
    return ParsedRow(
        name=_undo_line_breaks(options["name"]),
        value=data,
        filename=None if filename is None else _undo_line_breaks(filename),
        content_type=_only(kinds) if kinds else None,
    )


def _undo_line_breaks(value: str) -> str:
    """Undo the two WHATWG escapes that werkzeug leaves (it has done %22 itself)."""
    return value.replace("%0D", "\r").replace("%0A", "\n")


def urlencoded_by_python_multipart(body: bytes) -> list[ParsedRow]:
    """Read an urlencoded body with python_multipart's parser.

    It does not decode; that is done here. A last row without `=` counts as one with an empty
    value, and a last `&` is ignored: the other reader refuses both.
    """
    rows: list[tuple[bytearray, bytearray]] = []

    def name(data: bytes, start: int, end: int) -> None:
        rows[-1][0].extend(data[start:end])

    def value(data: bytes, start: int, end: int) -> None:
        rows[-1][1].extend(data[start:end])

    parser = QuerystringParser(
        {
            "on_field_start": lambda: rows.append((bytearray(), bytearray())),
            "on_field_name": name,
            "on_field_data": value,
        },
        strict_parsing=True,
    )
    parser.write(body)
    parser.finalize()
    return [ParsedRow(_percent_decoded(key).decode(), _percent_decoded(data)) for key, data in rows]


def _percent_decoded(data: bytearray) -> bytes:
    return unquote_to_bytes(bytes(data).replace(b"+", b" "))


def urlencoded_by_urllib(body: bytes) -> list[ParsedRow]:
    """Read an urlencoded body with the standard library (latin-1 keeps the bytes apart)."""
    pairs = parse_qsl(
        body.decode("ascii"), keep_blank_values=True, strict_parsing=True, encoding="latin-1"
    )
    return [
        ParsedRow(name.encode("latin-1").decode(), value.encode("latin-1")) for name, value in pairs
    ]


def _only(values: list[_Header]) -> _Header:
    if len(values) != 1:
        raise ValueError(f"one header expected, not {values!r}")
    return values[0]


MultipartReader = Callable[[bytes, str], list[ParsedRow]]
UrlencodedReader = Callable[[bytes], list[ParsedRow]]

MULTIPART_READERS: tuple[MultipartReader, ...] = (
    multipart_by_python_multipart,
    multipart_by_werkzeug,
)
URLENCODED_READERS: tuple[UrlencodedReader, ...] = (
    urlencoded_by_python_multipart,
    urlencoded_by_urllib,
)
