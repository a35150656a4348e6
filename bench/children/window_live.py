"""Many live services polled with cards, timeline and table in sight; prints JSON."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from PySide6.QtWidgets import QTabWidget, QWidget

from bench.children.schedule import Schedule
from bench.children.window_polls import main
from gms_console.model.timeline import Attempt
from gms_console.poll import Poll

_IN_SIGHT = ("stateTimeline", "attemptsTable", "instanceList")
_WAITS = 40
"""Attempts after which the history comes to another state."""


class _Watched:
    """Gives the shown poll a history, and opens what a person who watches it has open."""

    def __init__(self, schedule: Schedule) -> None:
        # Made before the loop is watched: what is measured is to show it.
        count, every = schedule.history, timedelta(seconds=schedule.every)
        self._begun = datetime.now(UTC) - count * every
        self._attempts = [
            Attempt(
                number=number + 1,
                started=self._begun + number * every,
                elapsed=5.0 + number % 17,
                exchange_id="",
                state=f"state-{number // _WAITS % 5}",
                fault="Connection was reset" if number % 50 == 0 else None,
            )
            for number in range(count)
        ]

    def __call__(self, window: Any, poll: Poll) -> None:  # noqa: ANN401 - ui/ is untyped
        window.poll_pane.timeline.show_poll(None)
        poll.started = self._begun
        for attempt in self._attempts:
            poll.timeline.add(attempt)
        window.console.live.poll_changed.emit()
        window.findChild(QTabWidget, "timelineTabs").setCurrentIndex(1)
        hidden = [name for name in _IN_SIGHT if not window.findChild(QWidget, name).isVisible()]
        if hidden or window.console.phone_shown:
            raise RuntimeError(f"not in sight: {hidden or 'the form'}")


if __name__ == "__main__":
    asked = Schedule.parse(sys.argv[2])
    sys.exit(main(sys.argv[1], asked, _Watched(asked)))
