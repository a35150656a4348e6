"""The command line: the second face of the engine."""

from __future__ import annotations

import gc
import sys


def main() -> int:
    """Carry out the command line of this process and give its exit code."""
    if len(sys.argv) == 1:
        # Without arguments there is nothing to parse, and the window is there sooner. It
        # collects garbage by itself once it is open (ui/garbage.py); until then there is none.
        gc.disable()
        from gms_console.cli.output import prepare_streams  # noqa: PLC0415
        from gms_console.cli.window import open_window  # noqa: PLC0415

        prepare_streams()
        return open_window()
    from gms_console.cli.app import run  # noqa: PLC0415 - importing the package costs nothing

    return run()
