"""The window of flows on a folder: from the action until its rows are painted; prints JSON."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer

from bench.children.heartbeat import EVERY, Heartbeat
from gms_console.ui import launch
from gms_console.workspace import Workspace, save_workspace

_MOST = 60.0
"""Seconds after which something has failed."""


class _FirstPaint(QObject):
    """Has in `at` when a widget's first paint event came; 0 before."""

    def __init__(self, widget: Any) -> None:  # noqa: ANN401 - ui/ is untyped
        super().__init__(widget)
        self.at = 0.0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Notice the first paint event."""
        del watched
        if event.type() == QEvent.Type.Paint and not self.at:
            self.at = time.perf_counter()
        return False


async def _until(condition: Callable[[], bool]) -> None:
    end = time.perf_counter() + _MOST
    while not condition():
        if time.perf_counter() > end:
            raise TimeoutError
        await asyncio.sleep(0.002)


def _bare(folder: str) -> float:
    """Walk a folder and read the beginning of each file, as little as can be done; in ms."""
    begun = time.perf_counter()
    for place, _, files in os.walk(folder):
        for name in files:
            with open(f"{place}/{name}", "rb", buffering=0) as stream:  # noqa: PTH123 - bare
                stream.read(300)
    return (time.perf_counter() - begun) * 1000


async def _work(window: Any, folder: str, count: int) -> int:  # noqa: ANN401 - ui/ is untyped
    console = window.console
    await _until(lambda: "gms_console.client.attempt" in sys.modules)
    await _until(lambda: console.services.catalogue is not None and not len(console.session.tasks))
    await asyncio.sleep(1)
    begun = time.perf_counter()
    window.action("flows").trigger()
    shown = window.flow_actions.window
    model = shown.explorer.model
    painted = _FirstPaint(shown.centralWidget())
    await _until(lambda: painted.at > 0)
    heart, timer = Heartbeat(), QTimer(window)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(heart.beat)
    timer.start(round(EVERY * 1000))
    files = shown.desk.files
    await _until(lambda: files.loaded and model.rowCount() == count)
    shown.explorer.view.viewport().repaint()
    rows = time.perf_counter()
    await _until(lambda: len(console.session.tasks) == 0)
    heart.beat()
    timer.stop()
    again = time.perf_counter()
    files.look()
    await _until(lambda: len(console.session.tasks) == 0)
    figures = {
        "window": (painted.at - begun) * 1000,
        "rows": (rows - begun) * 1000,
        "again": (time.perf_counter() - again) * 1000,
        "block": heart.longest() * 1000,
        "bare": _bare(folder),
    }
    sys.stdout.write(json.dumps(figures) + "\n")
    sys.stdout.flush()
    return 0


def main(folder: str, count: int) -> int:
    """Open the main window on a new home, and the window of flows on `folder`."""
    with tempfile.TemporaryDirectory() as home:
        workspace = Workspace(base_url="http://127.0.0.1:1/genesys", flows_folder=folder)
        save_workspace(Path(home), workspace)
        os.environ["GMS_CONSOLE_HOME"] = home
        code: int = launch.run_window(lambda window: _work(window, folder, count), Path(home))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
