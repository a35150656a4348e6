"""Decompresses an answer piece by piece, within bounds, and knows whether it came to its end."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_STEP = 256 * 1024
"""Bytes given out at a time, so that a small piece cannot grow to gigabytes at once."""


class DecodingError(Exception):
    """What came is not what its Content-Encoding says, or it ended early."""


class Decoder:
    """Undoes the Content-Encoding of one answer: gzip and deflate, which we ask for.

    An encoding that was not asked for, such as brotli, is left as it came.
    """

    def __init__(self, content_encoding: str) -> None:
        names = [name.strip().lower() for name in content_encoding.split(",")]
        compressed = [name for name in names if name in {"gzip", "x-gzip", "deflate"}]
        self._steps = [_Inflate() for _ in compressed] if len(compressed) == len(names) else []
        self.touched = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Give what a piece of the wire stands for. Raises DecodingError."""
        self.touched = self.touched or bool(data)
        return self._through(data, len(self._steps))

    def _through(self, data: bytes, steps: int) -> Iterator[bytes]:
        """Pass a piece through the last encoding first, as it was applied last."""
        if steps == 0:
            yield data
            return
        for piece in self._steps[steps - 1].feed(data):
            yield from self._through(piece, steps - 1)

    def end(self) -> None:
        """Say that no more comes. Raises DecodingError when more should have."""
        if self.touched and not all(step.finished for step in self._steps):
            raise DecodingError("The compressed answer ended early")


class _Inflate:
    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(_GZIP_OR_ZLIB)
        self._begun = False

    @property
    def finished(self) -> bool:
        return self._inflate.eof

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data and not self._inflate.eof:
            piece = self._step(data)
            data = self._inflate.unconsumed_tail
            if piece:
                yield piece
        while not self._inflate.eof and (piece := self._step(b"")):
            yield piece

    def _step(self, data: bytes) -> bytes:
        try:
            piece = self._inflate.decompress(data, _STEP)
        except zlib.error:
            if self._begun:
                raise DecodingError("The answer's compression is broken") from None
            # Some servers send deflate without the zlib frame around it.
            self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)
            piece = self._raw(data)
        self._begun = self._begun or bool(data)
        return piece

    def _raw(self, data: bytes) -> bytes:
        try:
            return self._inflate.decompress(data, _STEP)
        except zlib.error:
            raise DecodingError("The answer's compression is broken") from None
