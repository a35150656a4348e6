"""Where the configuration in force comes from, and how an edit of its file comes into force."""

import threading
import time
from importlib.resources import as_file, files
from pathlib import Path

from gms_console.simulator.config.file import ConfigFileError, Configuration, read_config
from gms_console.simulator.config.sections import Sections

FILE_NAME = "simulator.yaml"

CHECK_SECONDS = 0.5
"""The file is looked at no more often than this, in real time."""

_Stamp = tuple[int, int, int] | None


class ConfigSource:
    """The configuration of a file, read again when the file changes. Safe from any thread.

    Without a path it is the configuration that comes with the product, which never changes;
    `use` takes another file. An edit that does not parse leaves the configuration before it in
    force; `error` tells why.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Read the file now.

        Raises ConfigFileError for a file that is wrong; OSError for one that cannot be read.
        """
        self.path = path
        self._lock = threading.Lock()
        self._error = ""
        self._looked = time.monotonic()
        self._stamp = None if path is None else _stamp(path)
        self._found = _packaged() if path is None else read_config(path)

    @property
    def sections(self) -> Sections:
        """The sections in force."""
        self._look()
        return self._found.sections

    @property
    def warnings(self) -> tuple[str, ...]:
        """Remarks on the configuration in force: what will have no effect."""
        self._look()
        return self._found.warnings

    @property
    def error(self) -> str:
        """Why the file as it is now is not in force; empty when it is."""
        self._look()
        return self._error

    def use(self, path: Path | None) -> None:
        """Go by another file from now on, None for the one that comes with the product.

        Raises ConfigFileError and OSError; the configuration before it stays in force then.
        """
        found = _packaged() if path is None else read_config(path)
        with self._lock:
            self.path = path
            self._stamp = None if path is None else _stamp(path)
            self._looked = time.monotonic()
            self._found, self._error = found, ""

    def check(self) -> None:
        """Look at the file now, however short ago it was looked at."""
        if self.path is not None:
            with self._lock:
                self._read_if_changed(self.path)

    def _look(self) -> None:
        if self.path is None or time.monotonic() - self._looked < CHECK_SECONDS:
            return
        with self._lock:
            if time.monotonic() - self._looked >= CHECK_SECONDS:
                self._read_if_changed(self.path)

    def _read_if_changed(self, path: Path) -> None:
        self._looked = time.monotonic()
        stamp = _stamp(path)
        if stamp is not None and stamp == self._stamp:
            return
        try:
            self._found = read_config(path)
            self._error = ""
        except ConfigFileError as error:
            self._error = str(error)
        except OSError as error:
            self._error = f"{path} cannot be read: {error.strerror or error}"
        self._stamp = stamp


def _stamp(path: Path) -> _Stamp:
    """Return what tells one state of a file from the next; None for a file that is not there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _packaged() -> Configuration:
    """Read the configuration that comes with the product; once, as it never changes."""
    global _PACKAGED  # noqa: PLW0603 - the only copy of what never changes
    if _PACKAGED is None:
        with as_file(files("gms_console.assets") / FILE_NAME) as path:
            _PACKAGED = read_config(path)
    return _PACKAGED


_PACKAGED: Configuration | None = None
