"""The plain way to show JSON: all of it, indented, in Qt's text widget; prints JSON."""

from __future__ import annotations

import json
import sys
import time

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from bench.children.answer_server import BODIES
from bench.children.heartbeat import EVERY, Heartbeat
from bench.children.memory import peak_mb
from bench.children.painted import Painted


def main(body: str) -> int:
    """Show a body, and print what it took."""
    app = QApplication(["bare", "-style", "fusion"])
    data = BODIES[body]()
    view = QPlainTextEdit()
    view.resize(460, 400)
    view.show()
    heart, timer = Heartbeat(), QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(heart.beat)
    figures: dict[str, float] = {}

    def show() -> None:
        figures["memory"] = -peak_mb()
        figures["painted"] = -time.time()
        view.setPlainText(json.dumps(json.loads(data), indent=2))

    painted = Painted(view)
    timer.start(round(EVERY * 1000))
    QTimer.singleShot(300, show)
    painted.noted.connect(app.quit)
    app.exec()
    figures["painted"] = (figures["painted"] + painted.at) * 1000
    figures["memory"] += peak_mb()
    figures["block"] = heart.longest() * 1000
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
