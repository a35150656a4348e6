"""Files for bodies that are too large for memory, named by what is in them."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import weakref
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from gms_console.model.exchange import StoredBody
from gms_console.redaction import Masker, StreamMasker

PART_SUFFIX = ".part"
"""Ends the name of a file that is still being written."""


class BodyFiles:
    """A folder of bodies, each in a file named by its SHA-256; only this user can read it.

    `folder` None: a folder of this start alone, which `close` removes.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._passing = folder is None
        self._end: weakref.finalize[..., BodyFiles] | None = None

    def begin(self, masker: Masker) -> BodyFile:
        """Begin a file; the secrets that `masker` knows do not get into it. Raises OSError."""
        return BodyFile(self.folder(), masker, self.folder)

    def folder(self) -> Path:
        """Give the folder, made if need be. Raises OSError."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="gms-console-"))
            self._end = weakref.finalize(self, shutil.rmtree, self._folder, True)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self._folder

    def forget(self, body: StoredBody) -> None:
        """Delete the file of a body that no Exchange of this start has any more.

        A folder that outlives this start belongs to its owner, who knows what is still needed.
        """
        if self._passing:
            body.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Remove the folder of this start."""
        if self._end is not None:
            self._end()
            self._folder = self._end = None


class BodyFile:
    """One file as it is written. Its methods take time: of the disk, and to hash."""

    def __init__(self, folder: Path, masker: Masker, kept_in: Callable[[], Path]) -> None:
        """`kept_in` gives the folder that it is to be in, once it is whole."""
        self._kept_in = kept_in
        self._masker = StreamMasker(masker)
        self._hash = hashlib.sha256()
        self._size = 0
        handle, name = tempfile.mkstemp(suffix=PART_SUFFIX, dir=folder)
        self._path = Path(name)
        self._stream = os.fdopen(handle, "wb", buffering=0)

    def write(self, data: bytes) -> None:
        """Add to the end. Raises OSError."""
        self._put(self._masker.feed(data))

    def finish(self) -> StoredBody:
        """Close the file and give it its name. Raises OSError."""
        self._put(self._masker.end())
        self._stream.close()
        digest = self._hash.hexdigest()
        path = self._kept_in() / digest
        try:
            if path.parent == self._path.parent:
                self._path.replace(path)
            else:
                shutil.move(self._path, path)
        except OSError:
            # Windows replaces no file that somebody reads; what is in it is the same.
            if not path.is_file() or path.stat().st_size != self._size:
                raise
            with suppress(OSError):
                self._path.unlink(missing_ok=True)
        return StoredBody(path, self._size, digest)

    def discard(self) -> None:
        """Give it up."""
        self._stream.close()
        self._path.unlink(missing_ok=True)

    def _put(self, data: bytes) -> None:
        self._hash.update(data)
        self._size += len(data)
        view = memoryview(data)
        while view:
            view = view[self._stream.write(view) or 0 :]
