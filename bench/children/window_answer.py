"""A large answer in GMS Console's own window: shown, searched, gone through; prints JSON."""

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

from PySide6.QtCore import Qt, QTimer

from bench.children.heartbeat import EVERY, Heartbeat
from bench.children.memory import peak_mb
from bench.children.painted import Painted
from gms_console.model.exchange import Exchange
from gms_console.ui import launch
from gms_console.workspace import Draft, Workspace, save_workspace

_MOST = 300.0
"""Seconds after which something has failed."""


async def _until(condition: Callable[[], bool]) -> float:
    """Wait until something holds; give the time at which it did."""
    end = time.time() + _MOST
    while not condition():
        if time.time() > end:
            raise TimeoutError
        await asyncio.sleep(0.002)
    return time.time()


async def _work(window: Any) -> int:  # noqa: ANN401 - ui/ is untyped
    console, part = window.console, window.answer_pane.body_part
    await _until(
        lambda: (
            console.services.catalogue is not None and "gms_console.client.attempt" in sys.modules
        )
    )
    await _until(lambda: console.environment is not None and len(console.session.tasks) == 0)
    await asyncio.sleep(1)
    text, find_bar = part.pretty, part.find_bar
    painted = Painted(text.view)
    heart, timer = Heartbeat(), QTimer(window)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(heart.beat)
    memory = peak_mb()
    timer.start(round(EVERY * 1000))
    console.send()
    await _until(lambda: painted.at > 0)
    exchange: Exchange = console.exchange
    arrived = exchange.started.timestamp() + exchange.timing.total / 1000
    figures = {"painted": (painted.at - arrived) * 1000}
    text.show_all()
    ready = await _until(lambda: not text.words() or "All of" in text.words())
    figures["ready"] = (ready - arrived) * 1000
    window.action("find").trigger()
    begun = time.time()
    shown = text.view.toPlainText()
    find_bar.edit.setText(next(one for one in ("record 4711", "words", '"a"') if one[:3] in shown))
    found = await _until(lambda: " of " in find_bar.count_label.text())
    figures["find"] = (found - begun) * 1000
    find_bar.close_bar()
    text.view.jump_to_end(True)
    await _until(lambda: text.view.toPlainText().endswith(("]", "}")))
    timer.stop()
    figures |= {"memory": peak_mb() - memory, "block": heart.longest() * 1000}
    sys.stdout.write(json.dumps(figures) + "\n")
    sys.stdout.flush()
    return 0


def main(url: str) -> int:
    """Send one request to `url`, and look at what comes back."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(base_url=url, create=Draft(service="request-interaction"))
        save_workspace(Path(folder), workspace)
        os.environ["GMS_CONSOLE_HOME"] = folder
        code: int = launch.run_window(_work, Path(folder))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
