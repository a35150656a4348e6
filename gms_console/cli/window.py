"""Opens the window, or says why it cannot be opened."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from gms_console.cli.exits import Exit
from gms_console.cli.output import write_err

_LIBRARY = re.compile(r"\b(lib[\w+.-]*\.so(?:\.\d+)*)(?=:)")

_INSTALL = """\
  Debian, Ubuntu: apt-get install -y libegl1 libgl1 libxkbcommon0 libxkbcommon-x11-0 \
libdbus-1-3 libfontconfig1 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 \
libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xkb1
  Fedora: dnf install mesa-libEGL mesa-libGL libxkbcommon libxkbcommon-x11 dbus-libs \
fontconfig xcb-util-cursor xcb-util-wm xcb-util-image xcb-util-keysyms xcb-util-renderutil"""


def open_window() -> int:
    """Open the window on the last environment."""
    return _launched("open_console")


def open_demo(tour: Path | None) -> int:
    """Open the window on a simulator of its own, or walk the tour and write it to `tour`."""
    return _launched("open_demo", tour)


def open_replay(recording: Path) -> int:
    """Open the window in demo mode with a recording."""
    return _launched("open_replay", recording)


def missing_library(error: ImportError | OSError) -> str | None:
    """Name the shared library that the system lacks, if that is what the error says."""
    match = _LIBRARY.search(str(error))
    return match[1] if match is not None else None


def explain_import_error(error: ImportError | OSError) -> str:
    """Say why the window cannot be opened and what to install."""
    library = missing_library(error)
    if library is not None:
        return (
            f"Error: the window needs {library}, which is not installed on this system.\n"
            f"Install it with the other libraries that windows need:\n{_INSTALL}\n"
            "The commands send, request and simulate work without it."
        )
    if isinstance(error, ModuleNotFoundError) and (error.name or "").startswith("PySide6"):
        return (
            "Error: the window needs PySide6, which is not installed.\n"
            "Install it with: pip install PySide6-Essentials\n"
            "The commands send, request and simulate work without it."
        )
    return f"Error: the window cannot be opened: {error}"


def _launched(name: str, *arguments: Path | None) -> int:
    try:
        open_it: Callable[..., int] = getattr(import_module("gms_console.ui.launch"), name)
    except (ImportError, OSError) as error:
        write_err(explain_import_error(error))
        return Exit.USAGE
    try:
        return open_it(*arguments)
    except ImportError as error:
        write_err(explain_import_error(error))
        return Exit.USAGE
