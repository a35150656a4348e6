"""Reads pictures that came in answers: by their own first bytes, within limits, in a thread."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

LARGEST = 64 * 1024 * 1024
"""Bytes of a picture that is shown."""

MOST_PIXELS = 100_000_000
"""Pixels of a picture that is read."""

_KEPT_PIXELS = 16_000_000
_OVERVIEW = 2048

_FORMATS: tuple[tuple[bytes, bytes], ...] = (
    (b"\x89PNG\r\n\x1a\n", b"png"),
    (b"\xff\xd8\xff", b"jpeg"),
    (b"GIF87a", b"gif"),
    (b"GIF89a", b"gif"),
    (b"BM", b"bmp"),
)
"""By their first bytes. None of these refers to a file beside it, as an SVG may."""


class PictureError(Exception):
    """A picture that cannot be shown; the text says why."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was read: `size` as it is, `image` at most _KEPT_PIXELS of it.

    `overview` is a copy small enough to be drawn at any size at once.
    """

    kind: str
    size: QSize
    image: QImage
    overview: QImage

    @property
    def is_reduced(self) -> bool:
        """Whether the picture was too large to be kept at its own size."""
        return self.image.size() != self.size


def picture_format(first: bytes) -> bytes:
    """Give the format of a picture by its first bytes; empty for none that is shown."""
    if first[:4] == b"RIFF" and first[8:12] == b"WEBP":
        return b"webp"
    return next((name for mark, name in _FORMATS if first.startswith(mark)), b"")


def read_picture(data: bytes, path: Path | None) -> Picture:
    """Read a picture, of several the first. For a thread. Raises PictureError and OSError."""
    if path is not None:
        data = path.read_bytes()
    name = picture_format(data[:16])
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(name))
    # What is announced as a picture may be anything; only what it looks like is tried.
    reader.setAutoDetectImageFormat(False)
    reader.setAutoTransform(True)
    QImageReader.setAllocationLimit(MOST_PIXELS * 4 // 1024 // 1024 + 1)
    size = reader.size()
    pixels = size.width() * size.height()
    if pixels > MOST_PIXELS:
        raise PictureError(
            f"This picture has {pixels / 1e6:,.0f} megapixels; "
            f"{MOST_PIXELS // 1_000_000} are the most that is shown."
        )
    image = reader.read()
    if image.isNull():
        raise PictureError(f"This picture cannot be read: {reader.errorString()}.")
    whole = image.size()
    image = _at_most(image, _KEPT_PIXELS)
    return Picture(name.decode(), whole, image, _overview(image))


def _at_most(image: QImage, pixels: int) -> QImage:
    count = image.width() * image.height()
    if count <= pixels:
        return image
    factor = (pixels / count) ** 0.5
    return _scaled(image, QSize(int(image.width() * factor), int(image.height() * factor)))


def _overview(image: QImage) -> QImage:
    if max(image.width(), image.height()) <= _OVERVIEW:
        return image
    return _scaled(image, QSize(_OVERVIEW, _OVERVIEW))


def _scaled(image: QImage, size: QSize) -> QImage:
    return image.scaled(
        size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
