"""Writes a file whole or not at all, so that a crash or a full disk leaves the old one."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(file: Path, content: bytes, *, private: bool = False) -> None:
    """Put `content` in the place of a file, in a folder that is there. Raises OSError.

    A file that is there keeps its permissions; `private`: only this user can read it.
    """
    # A name of its own, as another program may be writing the same file now.
    new = file.with_name(f".{file.name}.{os.urandom(4).hex()}")
    try:
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
        with open(handle, "wb") as stream:  # noqa: PTH123 - a handle
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if not private:
            new.chmod(_mode(file))
        new.replace(file)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


_BINARY = getattr(os, "O_BINARY", 0)


def _mode(file: Path) -> int:
    """Give the permissions of a file, or of a new one."""
    try:
        return file.stat().st_mode & 0o777
    except FileNotFoundError:
        return 0o666 & ~_UMASK


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


_UMASK = _umask()
"""Asked once, in the thread that loads this: asking changes it for a moment."""
