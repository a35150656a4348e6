"""Many instances polled in GMS Console's own window; prints what came of it as JSON."""

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
from bench.children.schedule import SERVICE, Figures, Schedule
from gms_console.poll import Poll, PollPlan
from gms_console.ui import launch
from gms_console.wire.request import prepare_create
from gms_console.workspace import PollSettings, Workspace, save_workspace

Shown = Callable[[Any, Poll], None]
"""Gets the window and the poll that it shows, just started. ui/ is untyped from here."""


async def _work(window: Any, schedule: Schedule, shown: Shown) -> int:  # noqa: ANN401 - as Shown
    console = window.console
    # What follows the first paint is not the polls' doing.
    while console.services.catalogue is None or "gms_console.client.attempt" not in sys.modules:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    prepared = prepare_create(console.environment, SERVICE)
    for _ in range(schedule.instances):
        created = await console.session.create(console.environment, prepared)
        if created.instance is None:
            raise RuntimeError(f"no instance: {created.answer}")
    instances = list(console.session.instances)
    console.live.select(instances[-1])
    await asyncio.sleep(1)

    heart = Heartbeat()
    timer = QTimer(window)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(heart.beat)
    timer.start(round(EVERY * 1000))
    processor = time.process_time()
    # As the window's "Start polling" does. Each start is an event of its own, as a click would
    # be; all come within a fraction of the first second.
    plan = PollPlan(every=schedule.every)
    begun, polls = [], []
    for instance in instances:
        begun.append(time.time())
        polls.append(console.session.start_poll(instance, plan))
        if instance is console.live.selected:
            shown(window, polls[-1])
        await asyncio.sleep(0)
    await asyncio.sleep(schedule.seconds)
    processor = time.process_time() - processor
    timer.stop()
    starts = [_starts(poll, own) for poll, own in zip(polls, begun, strict=True)]
    figures = Figures.of(schedule, begun, starts, heart, processor)
    sys.stdout.write(json.dumps(figures.as_dict()) + "\n")
    sys.stdout.flush()
    return 0


def _starts(poll: Poll, begun: float) -> list[float]:
    if poll.outcome is not None:
        raise RuntimeError(f"a poll ended by itself: {poll.reason}")
    starts = [attempt.started.timestamp() for attempt in poll.timeline.attempts]
    return [one for one in starts if one >= begun]


def main(url: str, schedule: Schedule, shown: Shown = lambda *_: None) -> int:
    """Poll at `url` as the schedule says; `shown` may prepare what is in sight."""
    with tempfile.TemporaryDirectory() as folder:
        settings = PollSettings(every=schedule.every, until="", within=0.0)
        save_workspace(Path(folder), Workspace(base_url=url, poll=settings))
        os.environ["GMS_CONSOLE_HOME"] = folder
        code: int = launch.run_window(lambda window: _work(window, schedule, shown), Path(folder))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Schedule.parse(sys.argv[2])))
