"""Passes over JSON values without reading them: where one ends, and what is broken on the way.

Works on bytes or on a mapped file, in steps short enough that other threads get their turn.
Brackets and quotes are followed; numbers and words between them are not checked.
"""

from __future__ import annotations

import mmap
import re
import time

Data = bytes | mmap.mmap

Ends = dict[int, int]
"""Where objects and arrays end, by where they begin: what was found on the way, kept for later."""

_REMEMBERED = 1024
"""Bytes of an object or array whose end is worth being kept."""

STEP = 256 * 1024
"""Bytes that one step of an expression looks at, while which no other thread runs."""

_LEAST_STEP = 4 * 1024

_PAUSE = 0.0002
"""Seconds between two steps, for another thread to get its turn without having to ask for it."""

_PRECISE = 64 * 1024
"""Bytes of a container that are gone through bracket by bracket before it is taken for large."""

_DEEPEST = 64
"""Levels within one step that are taken out at once; what is deeper is gone through."""

_BOM = b"\xef\xbb\xbf"
_QUOTE = ord('"')
_CLOSERS = {ord("{"): ord("}"), ord("["): ord("]")}

_TO_CLOSERS = bytes.maketrans(b"{[", b"}]")
_NO_MARKS = bytes(set(range(256)) - set(b'{}[]"'))

_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_FLAT = rb'(?:[^"\[\]{}]++|' + _STRING + rb")*+"
_BLANKS = re.compile(rb"[ \t\r\n]*+")
_SCALAR = re.compile(rb'[^ \t\r\n,:\[\]{}"]*+')
_REST_OF_STRING = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_BETWEEN_BRACKETS = re.compile(
    rb'(?:[^"\[\]{}]++|' + _STRING + rb"|\{" + _FLAT + rb"\}|\[" + _FLAT + rb"\])*+", re.DOTALL
)
"""Also passes over objects and arrays that have none within: most of them are such."""


class BrokenJsonError(ValueError):
    """Text that is no JSON; `place` is the byte where that shows."""

    def __init__(self, text: str, place: int) -> None:
        super().__init__(f"{text} at byte {place:,}")
        self.place = place


def document_start(data: Data) -> int:
    """Give the place of the outermost value, behind blanks and a byte order mark."""
    return skip_blanks(data, len(_BOM) if data[: len(_BOM)] == _BOM else 0)


def skip_blanks(data: Data, place: int) -> int:
    """Give the place of what follows blanks and line ends, at most the end of the data."""
    return _end(_BLANKS, data, place, len(data))


def skip_value(data: Data, place: int, ends: Ends | None = None) -> int:
    """Give the end of the value that begins at `place`. Raises BrokenJsonError."""
    first = data[place] if place < len(data) else 0
    if first == _QUOTE:
        return skip_string(data, place)
    if first in _CLOSERS:
        return skip_container(data, place, ends)
    end = _end(_SCALAR, data, place, len(data))
    if end == place:
        raise BrokenJsonError("Expected a value", place)
    return end


def skip_string(data: Data, place: int) -> int:
    """Give the end of the string whose opening quote is at `place`. Raises BrokenJsonError."""
    start, place = place, place + 1
    while True:
        end = _end(_REST_OF_STRING, data, place, min(place + STEP, len(data)))
        if end < len(data) and data[end] == _QUOTE:
            return end + 1
        # It stands before a backslash whose other half is in the next step, or at the end.
        if end == place:
            raise BrokenJsonError("Unterminated string starting", start)
        place = end
        time.sleep(_PAUSE)


def skip_container(data: Data, place: int, ends: Ends | None = None) -> int:
    """Give the end of the object or array that opens at `place`. Raises BrokenJsonError."""
    ends = {} if ends is None else ends
    if place in ends:
        return ends[place]
    start, size = place, len(data)
    awaited = bytearray()
    opened: list[int] = []
    in_bulk = place + _PRECISE
    while place < size:
        if place > in_bulk:
            passed = _skip_in_bulk(data, place, awaited)
            if passed > place:
                opened.clear()  # what is open now began somewhere on the way
            place = passed
            in_bulk = place + _PRECISE
        byte = data[place] if place < size else 0
        if byte in _CLOSERS:
            awaited.append(_CLOSERS[byte])
            opened.append(place)
            place += 1
        elif byte == _QUOTE:
            place = skip_string(data, place)
        elif awaited and byte == awaited[-1]:
            awaited.pop()
            place += 1
            _remember(ends, opened.pop() if opened else start if not awaited else place, place)
        elif byte in _CLOSERS.values():
            raise BrokenJsonError(f"Unexpected {chr(byte)}", place)
        if not awaited:
            return place
        place = _end(_BETWEEN_BRACKETS, data, place, min(place + STEP, size))
    raise BrokenJsonError(f"{chr(data[start])} is never closed", start)


def _remember(ends: Ends, start: int, end: int) -> None:
    if end - start > _REMEMBERED:
        ends[start] = end


def _skip_in_bulk(data: Data, place: int, awaited: bytearray) -> int:
    """Pass over whole steps in which the container does not end, from outside of any string.

    Steps get smaller towards its end, so that little is left to be gone through by brackets.
    """
    size = STEP
    while place < len(data) and size >= _LEAST_STEP:
        end = _skip_step(data[place : place + size], awaited)
        place += end
        time.sleep(_PAUSE)
        if end == 0:
            size //= 4
    return place


def _skip_step(step: bytes, awaited: bytearray) -> int:
    """Pass over a step, or nothing of it.

    Brackets that belong together are taken out of it pair by pair; what is left closes what was
    open before it, and opens what goes on after it.
    """
    end = len(step)
    if b"\\" in step:
        step = step.replace(b"\\\\", b"__").replace(b'\\"', b"__")
    marks = step.translate(None, _NO_MARKS)
    if marks.count(b'"') % 2:  # back to the quote of a string that goes on
        end = step.rfind(b'"')
        marks = marks[: marks.rfind(b'"')]
    # Two quotes side by side change nothing about what is in a string.
    left = _unpaired(b"".join(marks.replace(b'""', b"").split(b'"')[::2]))
    closing = len(left) - len(left.lstrip(b"]}"))
    fits = closing < len(awaited) and awaited.endswith(left[:closing][::-1])
    if not fits or left[closing:].strip(b"[{"):
        return 0
    del awaited[len(awaited) - closing :]
    awaited += left[closing:].translate(_TO_CLOSERS)
    return end


def _unpaired(brackets: bytes) -> bytes:
    for _ in range(_DEEPEST):
        size = len(brackets)
        brackets = brackets.replace(b"{}", b"").replace(b"[]", b"")
        if len(brackets) == size:
            break
    return brackets


def _end(pattern: re.Pattern[bytes], data: Data, place: int, most: int) -> int:
    found = pattern.match(data, place, most)
    return place if found is None else found.end()
