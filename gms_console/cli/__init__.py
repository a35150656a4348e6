"""The command line: the second face of the engine."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_INTERRUPTED = 130


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
    with ctrl_c_ends():
        from gms_console.cli.app import run  # noqa: PLC0415 - importing the package costs nothing
    code = run()
    if code == _INTERRUPTED:
        # The process ends: who presses it once more changes nothing.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    return code


@contextmanager
def ctrl_c_ends() -> Iterator[None]:
    """Have Ctrl+C end the process quietly while modules are loaded: nothing has begun yet."""
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, lambda *_: os._exit(_INTERRUPTED))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
