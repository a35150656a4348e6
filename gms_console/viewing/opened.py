"""A body as the Worker's process has it: its text, its views and its tree."""

from __future__ import annotations

import codecs
import contextlib
import mmap
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from io import FileIO
from pathlib import Path

from gms_console.json_text.indent import indented_pieces
from gms_console.json_text.skip import Data, Ends
from gms_console.viewing.errors import ViewingError
from gms_console.viewing.lines import LineIndex
from gms_console.viewing.rows import RowText
from gms_console.viewing.stored_text import StoredText, TextInFile, TextInMemory
from gms_console.viewing.types import View

IN_MEMORY = 1024 * 1024
"""Bytes of a text that is kept in memory; a larger one is in a file."""

_OF_MEMORY = 64 * 1024 * 1024
"""The same of a text that is made of a body in memory: no secret has been masked in that one, and
none must get into a file."""

_STEP = 256 * 1024
_UTF8 = {"utf-8", "ascii"}
_JSON_STARTS = {"{", "["}

Check = Callable[[], None]
"""Is called between steps of what takes long, and may raise to end it."""


class OpenedBody:
    """One body; several threads may ask at once, and each view is made by the first that does."""

    def __init__(self, path: Path | None, data: bytes, charset: str, folder: Path) -> None:
        self._path = path
        self._data = data
        self._charset = charset
        self._folder = folder
        self._lock = threading.RLock()
        self._making = {view: threading.Lock() for view in View}
        self._text: StoredText | None = None
        self._views: dict[View, RowText] = {}
        self._made: list[StoredText] = []
        self._mapped: Data | None = None
        self.ends: Ends = {}
        self.most_in_memory = IN_MEMORY if path is not None else _OF_MEMORY
        self.closed = False

    def view(self, view: View, check: Check) -> RowText:
        """Give a view, made if need be. Raises OSError."""
        with self._making[view]:
            self._not_closed()
            made = self._views.get(view)
            if made is None:
                made = self._raw(check) if view is View.RAW else self._pretty(check)
                self._views[view] = made
            return made

    def document(self, check: Check) -> Data:
        """Give all of it in UTF-8, in memory or mapped. Raises OSError."""
        with self._lock:
            if self._mapped is None:
                self._mapped = _mapped(self._utf8(check))
            return self._mapped

    def relax(self) -> None:
        """Tell the system that what was read of a mapped file need not stay in memory."""
        if isinstance(self._mapped, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            with contextlib.suppress(OSError, ValueError):
                self._mapped.madvise(mmap.MADV_DONTNEED)

    def size(self, check: Check) -> int:
        """Give its bytes in UTF-8. Raises OSError."""
        return self._utf8(check).size

    def close(self) -> None:
        """Let go of it, and delete what was made for it."""
        self.closed = True  # whoever is at work sees it, and stops
        with self._making[View.PRETTY], self._making[View.RAW], self._lock:
            if isinstance(self._mapped, mmap.mmap):
                with contextlib.suppress(BufferError):
                    self._mapped.close()
            for text in self._made:
                text.close()

    def _not_closed(self) -> None:
        if self.closed:
            raise ViewingError("This answer is no longer looked at")

    def _source(self) -> StoredText:
        if self._path is None:
            return TextInMemory(self._data)
        source = TextInFile(self._path, passing=False)
        self._made.append(source)
        return source

    def _utf8(self, check: Check) -> StoredText:
        """Give the body in UTF-8: as it came, or written anew where it has another charset."""
        with self._lock:
            self._not_closed()
            if self._text is None:
                source = self._source()
                if self._charset in _UTF8:
                    self._text = source
                else:
                    self._text = self._written(_decoded(source, self._charset, check), check)[0]
            return self._text

    def _raw(self, check: Check) -> RowText:
        text = self._utf8(check)
        try:
            return RowText(text, _indexed(text, check))
        except UnicodeDecodeError:
            return RowText(*self._written(_decoded(text, "utf-8", check), check))

    def _pretty(self, check: Check) -> RowText:
        text = self._utf8(check)
        pieces = _decoded(text, "utf-8", check)
        start = next((piece for piece in _without_bom(pieces) if piece.strip()), "")
        if start.lstrip()[:1] not in _JSON_STARTS:
            return self.view(View.RAW, check)
        pieces = _without_bom(_decoded(text, "utf-8", check))
        return RowText(*self._written(indented_pieces(pieces), check))

    def _written(self, pieces: Iterator[str], check: Check) -> tuple[StoredText, LineIndex]:
        """Keep a text in UTF-8 where there is room for it, and index it."""
        index = LineIndex()
        kept = bytearray()
        stream = None
        path = Path()
        try:
            for piece in pieces:
                check()
                data = piece.encode("utf-8", "replace")
                index.feed(data)
                kept += data
                if stream is None and len(kept) > self.most_in_memory:
                    handle, name = tempfile.mkstemp(dir=self._folder)
                    path, stream = Path(name), os.fdopen(handle, "wb", buffering=0)
                if stream is not None:
                    _write_all(stream, kept)
            index.finish()
        except BaseException:
            if stream is not None:
                stream.close()
                path.unlink(missing_ok=True)
            raise
        if stream is None:
            return TextInMemory(bytes(kept)), index
        stream.close()
        text = TextInFile(path, passing=True)
        self._made.append(text)
        return text, index


def _write_all(stream: FileIO, kept: bytearray) -> None:
    data = bytes(kept)
    kept.clear()
    view = memoryview(data)
    while view:
        view = view[stream.write(view) or 0 :]


def _mapped(text: StoredText) -> Data:
    if isinstance(text, TextInMemory):
        return text.data
    assert isinstance(text, TextInFile)  # noqa: S101 - there are no others
    if text.size == 0:
        return b""  # which cannot be mapped
    with text.path.open("rb") as stream:
        return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)


def _pieces(text: StoredText, check: Check) -> Iterator[bytes]:
    for start in range(0, text.size, _STEP):
        check()
        yield text.read(start, start + _STEP)


def _decoded(text: StoredText, charset: str, check: Check) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(charset)("replace")
    for data in _pieces(text, check):
        yield decoder.decode(data)
    yield decoder.decode(b"", final=True)


def _without_bom(pieces: Iterator[str]) -> Iterator[str]:
    begun = False
    for piece in pieces:
        if piece and not begun:
            begun = True
            yield piece.removeprefix("\ufeff")
        else:
            yield piece


def _indexed(text: StoredText, check: Check) -> LineIndex:
    """Index a text. Raises UnicodeDecodeError where it is no UTF-8."""
    index = LineIndex()
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    for data in _pieces(text, check):
        if not data.isascii() or decoder.getstate()[0]:
            decoder.decode(data)
        index.feed(data)
    decoder.decode(b"", final=True)
    index.finish()
    return index
