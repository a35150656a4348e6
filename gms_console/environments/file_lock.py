"""Keeps other programs from changing a file between reading it and writing it anew."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def file_lock(file: Path) -> Iterator[None]:
    """Hold `file` for this program; another one that asks waits. Blocks, so not for the loop.

    A file of its own beside it is locked, as the file itself is replaced. Where a file system
    knows no locks, as some on a network, this does nothing.
    """
    handle = None
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(file.with_name(f".{file.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if handle is not None:
            with suppress(OSError):
                _lock(handle)
        yield
    finally:
        if handle is not None:
            # The system takes the lock off with it.
            os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX)
