"""Answers of any size for tests of the window, and what one sees of them."""

import json
import time

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gms_console.ui.panes.answer.text_view import TextView
from gms_console.ui.window import MainWindow
from tests.support.wire_server import WireServer
from tests.window.answers import answered, open_view, view_of

PATIENCE_MS = 20_000
"""How long the Worker may take on a machine that does much else."""


def rows_of_json(count: int) -> bytes:
    """Make an array of that many objects, on one line; `needle 4711` is in one of them."""
    return json.dumps(
        [{"id": number, "name": f"needle {number}", "text": "x" * 60} for number in range(count)]
    ).encode()


TEN_MB = rows_of_json(100_000)
"""All of it is on one line."""


def text_view(window: MainWindow, title: str) -> TextView:
    """Bring a text of the body to the front by the mouse."""
    open_view(window, title)
    view = view_of(window, title)
    assert isinstance(view, TextView)
    assert view.isVisible()
    return view


def size_text(window: MainWindow) -> str:
    """Give what the bar says of how much is shown; empty while there is none."""
    found = window.findChildren(QLabel, "bodySizeLabel")
    return found[0].text() if found and found[0].isVisible() else ""


def all_is_ready(window: MainWindow, qtbot: QtBot) -> None:
    """Wait until all of a large body can be scrolled through."""
    qtbot.waitUntil(lambda: size_text(window).startswith("All of "), timeout=PATIENCE_MS)


def all_of_it(
    window: MainWindow, wire: WireServer, qtbot: QtBot, body: bytes, title: str = "Pretty"
) -> TextView:
    """Send the form, have this body as the answer, and wait until all of it is ready."""
    answered(window, wire, qtbot, body)
    view = text_view(window, title)
    all_is_ready(window, qtbot)
    return view


class Watch:
    """Measures how long the window's own thread is busy between two beats of a timer."""

    def __init__(self) -> None:
        self._timer = QTimer(interval=5)
        self._timer.timeout.connect(self._beat)
        self._begun = time.thread_time()
        self.longest = 0.0
        self._timer.start()

    def _beat(self) -> None:
        # The thread's own time: others work on this machine as well.
        now = time.thread_time()
        self.longest = max(self.longest, now - self._begun)
        self._begun = now

    def stop(self) -> float:
        """Give the longest time in seconds."""
        self._beat()
        self._timer.stop()
        return self.longest
