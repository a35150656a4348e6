"""Masks bodies by what they are: JSON, urlencoded rows, multipart, or any text."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from gms_console.evidence.json_redaction import JsonRedactor, redacted_json
from gms_console.evidence.text_redaction import TextRedactor
from gms_console.model.exchange import HeaderList
from gms_console.model.reading import charset_in, known_charset
from gms_console.redaction import StreamMasker

_CUT = re.compile(r"\n«[\d,]+ more bytes not shown»\Z")
"""How a preview ends that does not show all."""

_LAST_VALUE = re.compile(r"[^\s,;&\"'<>{}\[\]=]{1,512}\Z|[+(]?\d[\d ().\-/]{0,30}\Z")
_BOUNDARY = re.compile(r"boundary=\"?([^\";,]+)", re.IGNORECASE)
_NAME = re.compile(r'(?<![\w*])name="([^"]*)"', re.IGNORECASE)
_FILENAME = re.compile(r'(filename=")([^"]*)(")', re.IGNORECASE)
_BINARY_TYPE = re.compile(
    r"image/(?!svg)|audio/|video/|font/|application/(pdf|zip|gzip)", re.IGNORECASE
)
_WIDE = ("utf-16", "utf-32")
_PIECE = 256 * 1024
_BREAK = re.compile(r"[\n&>}](?=[^\n&>}]*\Z)")


def redacted_preview(preview: str, headers: HeaderList, redactor: TextRedactor) -> str:
    """Mask the body of a request as its preview shows it; a value that is cut goes with the cut."""
    kind = _content_type(headers)
    cut = _CUT.search(preview)
    text, rest = (preview, "") if cut is None else (preview[: cut.start()], cut[0])
    if cut is not None:
        text = without_last_value(text)
    boundary = _BOUNDARY.search(kind) if "multipart" in kind.lower() else None
    if boundary is not None:
        with redactor.within(text):
            known = redactor.names.known
            masked = _parts(text, boundary[1], redactor)
            if redactor.names.known != known:
                masked = _parts(masked, boundary[1], redactor)
            return masked + rest
    return redacted_text(text, kind, redactor) + rest


def redacted_text(text: str, kind: str, redactor: TextRedactor) -> str:
    """Mask a text by its Content-Type, or by what it begins with.

    What a key said of a value at its end holds at its begin too.
    """
    known = redactor.names.known
    masked = _redacted_once(text, kind, redactor)
    return masked if redactor.names.known == known else _redacted_once(masked, kind, redactor)


def _redacted_once(text: str, kind: str, redactor: TextRedactor) -> str:
    with redactor.within(text):
        if text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}:
            return redacted_json(text, redactor)
        if "urlencoded" in kind.lower():
            return redactor.pairs(text)
        return redactor.text(text)


def redacted_bytes(body: bytes, headers: HeaderList, redactor: TextRedactor, *, cut: bool) -> bytes:
    """Mask the body of an answer; what needs no mask stays as it came, byte by byte.

    `cut`: it is the beginning of a longer one, and may end in the middle of a value.
    """
    kind = _content_type(headers)
    if not body or is_binary(body, kind):
        return redactor.masker.mask_bytes(body)
    charset = charset_of_body(body, kind)
    errors = "surrogateescape" if charset in {"utf-8", "ascii"} else "replace"
    text = body.decode(charset, errors)
    kept = without_last_value(text) if cut else text
    masked = redacted_text(kept, kind, redactor)
    same = masked == text
    return redactor.masker.mask_bytes(body if same else masked.encode(charset, errors))


def redacted_file(file: Path, headers: HeaderList, redactor: TextRedactor) -> Iterator[bytes]:
    """Mask a body that is in a file, piece by piece. Raises OSError."""
    kind = _content_type(headers)
    masker = StreamMasker(redactor.masker)
    with file.open("rb") as stream:
        first = stream.read(_PIECE)
        pieces = _read(first, stream.read)
        if is_binary(first, kind):
            for piece in pieces:
                yield masker.feed(piece)
            yield masker.end()
            return
        charset = charset_of_body(first, kind)
        encoder = codecs.getincrementalencoder(charset)("replace")  # one mark at the begin
        for text in _masked_texts(_decoded(pieces, charset), redactor):
            yield masker.feed(encoder.encode(text))
        yield masker.end()


def is_binary(body: bytes, kind: str) -> bool:
    """Whether a body is no text."""
    if _BINARY_TYPE.match(kind):
        return True
    if "octet-stream" in kind.lower():
        return not _reads_as_text(body[:1024])
    return b"\0" in body[:1024] and not charset_of_body(body, kind).startswith(_WIDE)


def charset_of_body(body: bytes, kind: str) -> str:
    """Give the charset that the Content-Type names, or else the mark at the begin of the body."""
    named = charset_in(kind)
    if not named and body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return known_charset(named or "utf-8")


def _reads_as_text(begin: bytes) -> bool:
    """Whether bytes of no named type are text, as JSON that a proxy has put no type to."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(begin)
    except UnicodeDecodeError:
        return False
    return all(one.isprintable() or one in "\t\r\n\f\ufeff\u00a0" for one in text)


def without_last_value(text: str) -> str:
    """Leave out what may be the first half of a value, where a text was cut."""
    found = _LAST_VALUE.search(text, max(0, len(text) - 512))
    return text[: found.start()] if found is not None else text


def _parts(text: str, boundary: str, redactor: TextRedactor) -> str:
    """Mask the parts of a multipart body, each value by the name of its part."""
    return f"--{boundary}".join(_part(part, redactor) for part in text.split(f"--{boundary}"))


def _part(part: str, redactor: TextRedactor) -> str:
    head, blank, value = part.partition("\r\n\r\n")
    if not blank:
        return redactor.secrets(part)
    name = _NAME.search(head)
    head = _FILENAME.sub(lambda one: f"{one[1]}{redactor.words(one[2])}{one[3]}", head)
    end = "\r\n" if value.endswith("\r\n") else ""
    value = value.removesuffix(end) if end else value
    if value.lstrip()[:1] in {"{", "["} and redactor.rules.of_key(name[1] if name else "") is None:
        value = redacted_json(value, redactor)
    else:
        value = redactor.value(name[1] if name else "", value)
    return f"{redactor.secrets(head)}{blank}{redactor.secrets(value)}{end}"


def _masked_texts(pieces: Iterator[str], redactor: TextRedactor) -> Iterator[str]:
    first = next(pieces, "")
    if first.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}:
        scanner = JsonRedactor(redactor)
        yield scanner.feed(first)
        for piece in pieces:
            yield scanner.feed(piece)
        yield scanner.finish()
        return
    held = first
    for piece in pieces:
        held += piece
        found = _BREAK.search(held)
        cut = found.end() if found is not None else 0
        if cut == 0 and len(held) > 4 * _PIECE:
            cut = len(held) - _PIECE  # one word without an end: no number or address is so long
        yield redactor.text(held[:cut])
        held = held[cut:]
    yield redactor.text(held)


def _read(first: bytes, read: Callable[[int], bytes]) -> Iterator[bytes]:
    piece = first
    while piece:
        yield piece
        piece = read(_PIECE)


def _decoded(pieces: Iterator[bytes], charset: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(charset)("replace")
    for piece in pieces:
        yield decoder.decode(piece)
    yield decoder.decode(b"", final=True)


def _content_type(headers: HeaderList) -> str:
    return next((value for name, value in headers if name.lower() == "content-type"), "")
