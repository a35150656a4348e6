"""GMS Console's window as the command `gms-console` opens it, up to its first paint."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

# In the order of the command itself, in which Qt comes last.
import gms_console.cli.output
import gms_console.cli.window
from gms_console.ui import launch

_main_window = launch.MainWindow


def _watched(console: Any, folder: Path | None) -> Any:  # noqa: ANN401 - ui/ is untyped from here
    from bench.children.first_paint import FirstPaint  # noqa: PLC0415 - it imports Qt

    window = _main_window(console, folder)
    FirstPaint(window.centralWidget())
    return window


if __name__ == "__main__":
    launch.MainWindow = _watched
    # Offscreen counts as no display, with which the console would not open.
    launch.has_display = lambda: True
    sys.argv[1:] = []
    sys.exit(gms_console.cli.main())
