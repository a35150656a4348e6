"""Where a report is written to: aside first, and whole into its place at the end.

A report that is broken off, and a disk that fills up, leave the one from before as it was.
"""

from __future__ import annotations

import codecs
import contextlib
import errno
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TextIO, cast

_IN_MEMORY = 1 << 20
_CHUNK = 1 << 16
_LONGEST_NAME = 80
_MARK = ".gms-console-report"
"""Lies in a folder of files beside a report and names it: only such a folder is ever replaced."""


class Spool:
    """Text that is kept aside, on disk when it is long, until its place in a report is known."""

    def __init__(self, folder: Path | None = None) -> None:
        self._file = _spooled(folder)

    def write(self, text: str) -> None:
        """Add text. Raises OSError."""
        self._file.write(_bytes(text))

    def parts(self) -> Iterator[bytes]:
        """Give all that was written, part by part."""
        self._file.seek(0)
        while part := self._file.read(_CHUNK):
            yield part
        self._file.seek(0, os.SEEK_END)

    def close(self) -> None:
        """Forget it."""
        self._file.close()


class ReportFile:
    """Takes the text of a report: for a file, or for a stream such as standard output.

    Exactly one of the two is given. `live` lets a stream have each piece at once; otherwise it
    gets the whole at `keep`. Text goes out as UTF-8 with the line ends that it has. Folders that
    are missing are made. Raises OSError, here and from each method.
    """

    def __init__(
        self, file: Path | None, stream: TextIO | None = None, *, live: bool = False
    ) -> None:
        if (file is None) == (stream is None):
            raise ValueError("a report needs a file or a stream")
        self._live = live and stream is not None
        self._stream = stream
        # A part that comes back from the spool may end within a character.
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._device = file is not None and _is_device(file)
        # A link stays one: the report takes the place of what it leads to.
        self._file = file
        if file is not None and not self._device:
            self._file = Path(os.path.realpath(file))
        self._made: list[Path] = []
        self._aside: Path | None = None
        self._folder: Path | None = None
        self._folder_name = ""
        self._names: set[str] = set()
        self._done = False
        try:
            self._spool = self._open()
        except OSError:
            self._remove_folders()
            raise

    @property
    def files_name(self) -> str:
        """The name of the folder with the files beside, as the report links to it."""
        return self._folder_name

    @property
    def folder(self) -> Path | None:
        """The folder that the report will lie in; None for a stream."""
        return None if self._file is None or self._device else self._file.parent

    def write(self, text: str) -> None:
        """Add text; characters that UTF-8 cannot carry become question marks."""
        self.write_bytes(_bytes(text))

    def write_bytes(self, part: bytes) -> None:
        """Add text that is UTF-8 already."""
        if self._live:
            self._to_stream(part)
        else:
            self._spool.write(part)

    def beside(self, name: str) -> Path | None:
        """Give where to write a file that lies beside the report; None for a stream.

        The path's own name is `name` made safe and different from the others; a report links to
        it as `files_name/` and that name. What lies there comes into place with the report.
        """
        if self._file is None or self._device:
            return None
        if self._folder is None:
            self._folder_name = _free_folder(self._file)
            folder = self._file.with_name(f".{self._folder_name}.{os.urandom(4).hex()}")
            folder.mkdir()
            self._folder = folder
            (folder / _MARK).write_text(self._file.name, encoding="utf-8")
        return self._folder / self._different(_safe(name))

    def keep(self) -> None:
        """Put the whole report in its place, with the files beside it."""
        if self._done:
            return
        try:
            self._put()
        except BaseException:
            self.abandon()
            raise
        self._done = True

    def abandon(self) -> None:
        """Leave nothing behind; without effect on a report that was kept."""
        if self._done:
            return
        self._done = True
        self._spool.close()
        if self._aside is not None:
            self._aside.unlink(missing_ok=True)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._remove_folders()

    def _open(self) -> BinaryIO:
        file = self._file
        if file is None or self._device:
            if file is not None and file.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(file))
            return _spooled()
        self._make_folders(file.parent)
        self._aside = file.with_name(f".{file.name}.{os.urandom(4).hex()}")
        return self._aside.open("xb")

    def _make_folders(self, folder: Path) -> None:
        missing = [one for one in (folder, *folder.parents) if not one.exists()]
        for one in reversed(missing):
            one.mkdir(exist_ok=True)
            self._made.append(one)

    def _remove_folders(self) -> None:
        """Remove the folders that were made for this report, where nothing else lies in them."""
        with contextlib.suppress(OSError):
            for folder in reversed(self._made):
                folder.rmdir()

    def _put(self) -> None:
        if self._aside is None or self._file is None:
            self._pass_on()
            return
        self._spool.flush()
        os.fsync(self._spool.fileno())
        self._spool.close()
        if self._file.exists():
            self._aside.chmod(self._file.stat().st_mode & 0o777)
        with _replaced_folder(self._file, self._folder, self._folder_name):
            self._aside.replace(self._file)

    def _pass_on(self) -> None:
        """Give a stream, or a file that is not replaced, the whole."""
        self._spool.seek(0)
        if self._stream is None:
            assert self._file is not None  # noqa: S101 - one of the two is given
            with self._file.open("wb") as out:
                shutil.copyfileobj(self._spool, out, _CHUNK)
        else:
            while part := self._spool.read(_CHUNK):
                self._to_stream(part)
        self._spool.close()

    def _to_stream(self, part: bytes) -> None:
        """Write bytes to the stream, past its own encoding where it has bytes below."""
        assert self._stream is not None  # noqa: S101 - asked before
        self._stream.flush()
        below = getattr(self._stream, "buffer", None)
        if below is None:
            self._stream.write(self._decoder.decode(part))
        else:
            below.write(part)
        self._stream.flush()

    def _different(self, name: str) -> str:
        """Give a name that no other file beside has, upper and lower case being one."""
        path = Path(name)
        number = 1
        while name.casefold() in self._names:
            number += 1
            name = f"{path.stem}-{number}{path.suffix}"
        self._names.add(name.casefold())
        return name


def _is_device(file: Path) -> bool:
    """Whether a file cannot be replaced by another one, such as /dev/stdout or a pipe."""
    if file.is_absolute() and file.parts[1:2] in {("dev",), ("proc",)}:
        return True
    return file.exists() and not file.is_file()


def _spooled(folder: Path | None = None) -> BinaryIO:
    """Open a file without a name, which is in memory as long as it is small."""
    where = None if folder is None else str(folder)
    return cast(
        "BinaryIO",
        tempfile.SpooledTemporaryFile(_IN_MEMORY, "w+b", dir=where),
    )


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _safe(name: str) -> str:
    """Give a name that every file system takes and that leads nowhere else."""
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix) > 10:
        stem, suffix = name, ""
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", stem)[:_LONGEST_NAME].strip("-") or "file"
    suffix = re.sub(r"[^A-Za-z0-9]+", "", suffix)
    return f"{stem}.{suffix}" if suffix else stem


def _free_folder(file: Path) -> str:
    """Give the name for the folder of files: one that is free, or that of the report before."""
    number = 1
    name = f"{file.stem}-files"
    while file.with_name(name).exists() and not _is_of(file.with_name(name), file):
        number += 1
        name = f"{file.stem}-files-{number}"
    return name


def _is_of(folder: Path, file: Path) -> bool:
    """Whether a folder holds the files of an earlier report of this name."""
    try:
        return (folder / _MARK).read_text(encoding="utf-8") == file.name
    except (OSError, UnicodeDecodeError):
        return False


@contextlib.contextmanager
def _replaced_folder(file: Path, new: Path | None, name: str) -> Iterator[None]:
    """Put the folder of files in place, and the one from before back when the rest fails."""
    place = file.with_name(name or f"{file.stem}-files")
    before = None
    if place.exists() and _is_of(place, file):
        before = place.with_name(f".{place.name}.{os.urandom(4).hex()}")
        place.rename(before)
    try:
        if new is not None:
            new.rename(place)
        yield
    except BaseException:
        if new is not None and place.exists():
            shutil.rmtree(place, ignore_errors=True)
        if before is not None:
            before.rename(place)
        raise
    if before is not None:
        shutil.rmtree(before, ignore_errors=True)
