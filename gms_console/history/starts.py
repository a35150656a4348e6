"""Which starts of the console use a history now, so that each knows which Polls have ended."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

_PREFIX, _SUFFIX = "start-", ".lock"


class Start:
    """One start of the console: a file that is locked for as long as it lives.

    The system takes the lock off also when the console is killed.
    """

    def __init__(self, folder: Path, name: str) -> None:
        """Lock the file. Raises OSError where there can be none."""
        self.name = name
        self._path = folder / f"{_PREFIX}{name}{_SUFFIX}"
        self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        with suppress(OSError):  # some file systems know no locks
            _lock(self._handle)

    def end(self) -> None:
        """Take the lock off, and the file away."""
        os.close(self._handle)
        self._path.unlink(missing_ok=True)


def ended(folder: Path, mine: str) -> bool:
    """Remove the files of starts that have ended without an end; tell whether there was one."""
    found = False
    for path in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
        name = path.name[len(_PREFIX) : -len(_SUFFIX)]
        if name != mine and not lives(folder, name):
            found = True
            with suppress(OSError):
                path.unlink()
    return found


def lives(folder: Path, name: str) -> bool:
    """Whether that start still runs."""
    try:
        handle = os.open(folder / f"{_PREFIX}{name}{_SUFFIX}", os.O_RDWR)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    try:
        _lock(handle)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
