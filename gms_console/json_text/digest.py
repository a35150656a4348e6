"""What a large JSON body says by itself: the small members of its outermost object."""

from __future__ import annotations

import codecs
import json
import mmap
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import IO, Any

from gms_console.json_text.skip import BrokenJsonError, document_start, skip_blanks, skip_value
from gms_console.model.exchange import StoredBody

SMALL = 64 * 1024
"""Bytes of a member that is read; a larger one is passed over."""

_SMALL_TOGETHER = 1024 * 1024
"""Bytes of members that are read together; of what follows only the smallest are."""

_SMALLEST = 1024

_MOST = 1000
"""Members that are read: what has more of them is data, and no answer to be acted on."""

_UTF8 = {"utf-8", "ascii"}
_STEP = 256 * 1024


def digested(stored: StoredBody, charset: str = "utf-8") -> StoredBody:
    """Give a body with what its JSON says; as it is where it is no JSON. Raises OSError.

    `charset` is one that is known. Takes some 10 ms for each MB, in steps that let other threads
    work meanwhile.
    """
    with _mapped(stored, charset) as data:
        start = document_start(data)
        if data[start : start + 1] not in {b"{", b"["}:
            return stored
        try:
            members, end = _document(data, start)
            _expect(data, skip_blanks(data, end), b"")
        except BrokenJsonError as error:
            return replace(stored, broken=str(error))
    return replace(stored, members=members)


@contextmanager
def _mapped(stored: StoredBody, charset: str) -> Iterator[mmap.mmap]:
    """Give the text in UTF-8: in its file, or written anew where it has another charset."""
    with ExitStack() as opened:
        stream: IO[bytes] = opened.enter_context(stored.path.open("rb"))
        if charset not in _UTF8:
            # The file itself has been masked already, and with it what is written here.
            other = opened.enter_context(tempfile.TemporaryFile(dir=stored.path.parent))
            decoder = codecs.getincrementaldecoder(charset)("replace")
            while piece := stream.read(_STEP):
                other.write(decoder.decode(piece).encode("utf-8", "replace"))
            other.write(decoder.decode(b"", final=True).encode("utf-8", "replace"))
            other.flush()
            stream = other
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield data


def _document(data: mmap.mmap, start: int) -> tuple[dict[str, Any] | None, int]:
    """Give the members of an object, or of the only one in an array, and where it ends."""
    if data[start : start + 1] == b"{":
        return _object(data, start)
    first = skip_blanks(data, start + 1)
    if data[first : first + 1] != b"{":
        return None, skip_value(data, start)
    only = skip_blanks(data, skip_value(data, first))
    if data[only : only + 1] == b"]":
        return _object(data, first)[0], only + 1
    return None, skip_value(data, start)


def _object(data: mmap.mmap, start: int) -> tuple[dict[str, Any], int]:
    found: dict[str, Any] = {}
    room = _SMALL_TOGETHER
    place = skip_blanks(data, start + 1)
    if data[place : place + 1] == b"}":
        return found, place + 1
    for key, value in _members(data, place):
        size = value[1] - key[0]
        if size <= SMALL and (size <= room or size <= _SMALLEST) and len(found) < _MOST:
            room -= size
            found[str(_read(data, key))] = _read(data, value)
        place = value[1]
    place = skip_blanks(data, place)
    _expect(data, place, b"}")
    return found, place + 1


_Span = tuple[int, int]


def _members(data: mmap.mmap, place: int) -> Iterator[tuple[_Span, _Span]]:
    """Give where key and value of each member lie, from the first key on."""
    while True:
        key = place, skip_value(data, place)
        _expect(data, key[0], b'"')
        colon = skip_blanks(data, key[1])
        _expect(data, colon, b":")
        begun = skip_blanks(data, colon + 1)
        value = begun, skip_value(data, begun)
        yield key, value
        place = skip_blanks(data, value[1])
        if data[place : place + 1] != b",":
            return
        place = skip_blanks(data, place + 1)


def _expect(data: mmap.mmap, place: int, wanted: bytes) -> None:
    if data[place : place + 1] != wanted:
        what = f"Expected {wanted.decode()}" if wanted else "Extra data"
        raise BrokenJsonError(what, place)


def _read(data: mmap.mmap, span: _Span) -> object:
    try:
        # As the text of a small body is read: what cannot be decoded is no reason to refuse it.
        return json.loads(data[span[0] : span[1]].decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise BrokenJsonError("Broken value", span[0]) from None
