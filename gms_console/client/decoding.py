"""Decompresses an answer piece by piece, within bounds, and knows whether it came to its end."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

STEP = 256 * 1024
"""Bytes given out at a time, so that a small piece cannot grow to gigabytes at once."""

_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_GZIP_MAGIC = b"\x1f\x8b"
_MOST_LAYERS = 5
_MOST_WORK = 4
"""How often the size that is kept may be worked through, where one layer is within another."""


class DecodingError(Exception):
    """What came is not what its Content-Encoding says, or it ended early.

    `kept` is what came as it came, where nothing of it could be decompressed.
    """

    def __init__(self, text: str, kept: bytes = b"") -> None:
        super().__init__(text)
        self.kept = kept


class Decoder:
    """Undoes the Content-Encoding of one answer: gzip and deflate, which we ask for.

    An encoding that was not asked for, such as brotli, is left as it came. `most` is how many
    bytes are wanted of the answer. `surplus` counts bytes behind the end of what was compressed.
    """

    def __init__(self, content_encoding: str, most: int) -> None:
        names = encodings(content_encoding)
        self._layers = [_Inflate() for _ in names] if is_readable(names) else []
        self._work_left = max(most, STEP) * _MOST_WORK
        self._wire = bytearray()
        self._given = False
        self.touched = False

    @property
    def surplus(self) -> int:
        """Bytes that came behind the end of what was compressed."""
        return sum(layer.surplus for layer in self._layers)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Give what a piece of the wire stands for. Raises DecodingError."""
        if len(self._layers) > _MOST_LAYERS:
            raise DecodingError(
                f"The answer says that it is compressed {len(self._layers):,} times over", data
            )
        self.touched = self.touched or bool(data)
        if self._layers and not self._given:
            self._wire += data[: STEP - len(self._wire)]
        try:
            for piece in self._through(data, len(self._layers)):
                self._given = self._given or bool(piece)
                yield piece
        except zlib.error:
            text = "The answer is not compressed as its Content-Encoding says, or it is damaged"
            raise DecodingError(text, b"" if self._given else bytes(self._wire)) from None

    def _through(self, data: bytes, layers: int) -> Iterator[bytes]:
        """Pass a piece through the last encoding first, as it was applied last."""
        if layers == 0:
            yield data
            return
        self._work_left -= len(data)
        if self._work_left < 0:
            raise DecodingError("The answer takes too long to decompress for what it holds")
        for piece in self._layers[layers - 1].feed(data):
            yield from self._through(piece, layers - 1)

    def end(self) -> None:
        """Say that no more comes. Raises DecodingError when more should have."""
        if self.touched and not all(layer.finished for layer in self._layers):
            kept = b"" if self._given else bytes(self._wire)
            raise DecodingError("The compressed answer ended early", kept)


def encodings(content_encoding: str) -> list[str]:
    """Give the names in a Content-Encoding, in the order in which they were applied."""
    names = (name.strip().lower() for name in content_encoding.split(","))
    return [name for name in names if name not in {"", "identity"}]


def is_readable(names: list[str]) -> bool:
    """Whether all of these encodings can be undone."""
    return set(names) <= {"gzip", "x-gzip", "deflate"}


class _Inflate:
    """One layer. Raises zlib.error for what is not compressed."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(_GZIP_OR_ZLIB)
        self._start = b""
        self._begun = False
        self.surplus = 0

    @property
    def finished(self) -> bool:
        return self._inflate.eof

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._inflate.eof:
                data = self._next_member(data)
                if not data:
                    return
            piece = self._step(data)
            data = self._inflate.unconsumed_tail
            if piece:
                yield piece
            if self._inflate.eof:
                data = self._inflate.unused_data
        while not self._inflate.eof and (piece := self._step(b"")):
            yield piece

    def _next_member(self, data: bytes) -> bytes:
        """Begin the next member of a gzip file, or count what follows the end."""
        data = data.lstrip(b"\0") if self._start == _GZIP_MAGIC else data
        if self._start == _GZIP_MAGIC and data.startswith(_GZIP_MAGIC) and not self.surplus:
            self._inflate = zlib.decompressobj(_GZIP_OR_ZLIB)
            return data
        self.surplus += len(data)
        return b""

    def _step(self, data: bytes) -> bytes:
        try:
            piece = self._inflate.decompress(data, STEP)
        except zlib.error:
            if self._begun:
                raise
            # Some servers send deflate without the zlib frame around it.
            self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)
            piece = self._inflate.decompress(data, STEP)
        self._start = self._start or data[:2]
        self._begun = self._begun or bool(data)
        return piece
