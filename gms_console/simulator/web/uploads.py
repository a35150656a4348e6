"""Files that came in a form: small ones in memory, large ones on disk."""

import contextlib
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

MEMORY_LIMIT = 1024 * 1024
"""Bytes of one file that stay in memory; beyond them the file moves to disk."""

CHUNK = 64 * 1024

_SENDABLE = re.compile(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?")


class Upload:
    """One file of a form: written once while it arrives, then read as often as wanted.

    `kept` says that a storage holds it; what nobody keeps is removed after the request.
    """

    def __init__(self, filename: str, content_type: str, spill: Path) -> None:
        self.filename = filename
        self.content_type = content_type
        self.kept = False
        self.size = 0
        self._spill = spill
        self._memory = bytearray()
        self._handle: BinaryIO | None = None
        self._on_disk = False

    @property
    def on_disk(self) -> bool:
        """Whether the content lies in the temporary folder and not in memory."""
        return self._on_disk

    def write(self, data: bytes) -> None:
        """Add bytes at the end; raises OSError when the disk refuses them."""
        self.size += len(data)
        if self._handle is None and self.size > MEMORY_LIMIT:
            self._handle = self._spill.open("wb")
            self._on_disk = True
            self._handle.write(self._memory)
            self._memory = bytearray()
        if self._handle is None:
            self._memory += data
        else:
            self._handle.write(data)

    def finish(self) -> None:
        """Close the file on disk after the last byte."""
        if self._handle is not None:
            self._handle.close()
            self._handle = None

    def chunks(self) -> Iterator[bytes]:
        """Yield the content in pieces of 64 KiB; raises OSError when the file is gone."""
        if not self._on_disk:
            yield bytes(self._memory)
            return
        with self._spill.open("rb") as handle:
            while chunk := handle.read(CHUNK):
                yield chunk

    def remove(self) -> None:
        """Forget the content, on disk too."""
        self.finish()
        self._memory = bytearray()
        if self._on_disk:
            # Windows refuses while an answer still reads the file; the folder goes at the end.
            with contextlib.suppress(OSError):
                self._spill.unlink(missing_ok=True)


class UploadFolder:
    """Names the files of uploads inside one temporary folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)

    def new(self, filename: str, content_type: str) -> Upload:
        """Return an empty upload that moves into the folder once it is large.

        A content type that no header can carry back becomes application/octet-stream.
        """
        if not _SENDABLE.fullmatch(content_type):
            content_type = "application/octet-stream"
        return Upload(filename, content_type, self._folder / f"upload-{next(self._numbers)}.bin")
