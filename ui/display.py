"""Whether there is a display that a window can be seen on."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

from PySide6.QtCore import QLibraryInfo


def has_display() -> bool:
    """Whether a window can be seen: a platform was chosen, or the system has a display.

    Raises ImportError, naming the library, when an X display is there but Qt lacks what it needs.
    """
    if os.environ.get("QT_QPA_PLATFORM"):
        return not os.environ["QT_QPA_PLATFORM"].startswith(("offscreen", "minimal"))
    if sys.platform in {"win32", "darwin"} or os.environ.get("WAYLAND_DISPLAY"):
        return True
    return bool(os.environ.get("DISPLAY")) and _x_can_be_used()


def _x_can_be_used() -> bool:
    """Ask the X server first: Qt ends the whole program when it cannot be reached."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return False
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    reached = not xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    if reached:
        _check_qt_for_x()
    return reached


def _check_qt_for_x() -> None:
    """Load what Qt will load for X; it ends the whole program where a library is missing."""
    plugins = QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)
    plugin = Path(plugins) / "platforms" / "libqxcb.so"
    if not plugin.is_file():
        return
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        raise ImportError(str(error)) from error
