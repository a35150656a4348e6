"""`flow_folder`: the window of flows opens on a folder of 3,000 flow files, and on an empty one."""

from __future__ import annotations

import json
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.table import Table, Target
from bench.timing import python, run

COUNT = 3_000
FOLDERS = 30
RUNS = 5
OPENS = 1000.0
BLOCK = 100.0

HEAD = ("what", "median", "worst")
_WHATS = {
    "window": "window on the screen",
    "rows": "all rows listed and painted",
    "again": "the folder is looked at again",
    "block": "longest block of the loop once the window is on the screen",
}
_FLOW = """\
# Kept by the test team, {place}.
gms: 1
name: Callback {number} of the night run
vars: {{phone: "6504669999"}}
steps:
  - create: request-inbound-poll
    as: call
    form:
      - {{key: _phone_number, value: "{{{{phone}}}}"}}
    expect:
      - {{http: 200}}
  - poll: status
    on: call
    until: {{path: status, equals: agent-ready}}
"""


def measure(runs: int = RUNS) -> Table:
    """Open the window of flows on both folders in turn, in a new process each time."""
    full: list[dict[str, float]] = []
    empty: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory(prefix="gms-console-bench-") as home:
        many, none = Path(home, "many"), Path(home, "none")
        none.mkdir()
        size = _fill(many)
        for _ in range(runs):
            empty.append(_done(none, 0))
            full.append(_done(many, COUNT))
    return Table(
        "flow_folder",
        (
            f"{COUNT:,} flow files in {FOLDERS} folders, {size / COUNT:,.0f} B each, in the cache"
            f" of the system; from the action that opens the window of flows; {runs} runs."
        ),
        HEAD,
        [
            *(_row(f"{COUNT:,} flows: {text}", full, key) for key, text in _WHATS.items()),
            *(_row(f"empty folder: {text}", empty, key) for key, text in _WHATS.items()),
            _row("bare: os.walk, and 300 bytes of each file", full, "bare"),
        ],
        [
            Target("all rows, median", statistics.median(_of(full, "rows")), OPENS, " ms"),
            Target("a block, median", statistics.median(_of(full, "block")), BLOCK, " ms"),
        ],
    )


def _fill(folder: Path) -> int:
    size = 0
    for number in range(COUNT):
        file = folder / f"sprint-{number % FOLDERS:02}" / f"call-{number:04}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        text = _FLOW.format(place=file.parent.name, number=number)
        size += file.write_text(text, "utf-8")
    return size


def _done(folder: Path, count: int) -> dict[str, float]:
    command = python(
        "bench.children.window_flows", str(folder), str(count), QT_QPA_PLATFORM="offscreen"
    )
    found: dict[str, Any] = json.loads(run(command).output)
    return {key: float(value) for key, value in found.items()}


def _of(done: Sequence[dict[str, float]], key: str) -> list[float]:
    return [one[key] for one in done]


def _row(what: str, done: Sequence[dict[str, float]], key: str) -> tuple[str, str, str]:
    times = _of(done, key)
    return what, f"{statistics.median(times):.1f} ms", f"{max(times):.1f} ms"
