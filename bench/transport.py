"""`transport`: progress of an upload, how fast a cancel is, and what faults leave behind."""

from __future__ import annotations

import json
import os
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.children.cancels import LONGEST_MS
from bench.servers import sink, slow_sink
from bench.table import Table, Target
from bench.timing import python, run

SIZE = 200_000_000
PROGRESS_LIMIT = 1.05
CANCEL_LIMIT = 100.0
GROWTH_LIMIT = 2.0
FAULTS = 40
FAULT_ROUNDS = 5
RUNS = 15
_BLOCK = 8_000_000
_HEAD = ("what", "GMS Console", "baseline")


def measure(runs: int = RUNS) -> Table:
    """Measure the three; `runs` are pairs of uploads, and cancels in each phase."""
    upload = _uploads(runs)
    ours, bare = (_child("cancels", client, str(runs)) for client in ("ours", "bare"))
    faults, good = (
        _child("fault_remains", what, str(FAULTS), str(FAULT_ROUNDS)) for what in ("faults", "good")
    )
    line = upload["line"]
    ratio = statistics.median(
        a / b for a, b in zip(upload["watched"], upload["alone"], strict=True)
    )
    worst = max(max(times) for times in ours.values())
    growth = _more(faults, "megabytes")
    left = sum(max(0, _more(faults, what)) for what in ("tasks", "sockets", "threads"))
    return Table(
        "transport",
        (
            f"An upload of {SIZE / 1e6:.0f} MB watched 10 times a second, the baseline the same one"
            f" unwatched; {runs} cancels in each phase, the baseline bare httpx; {FAULT_ROUNDS}"
            f" rounds of {FAULTS} faults after 2 that do not count, the baseline good requests."
        ),
        _HEAD,
        [
            ("upload", *(_seconds(upload[name]) for name in ("watched", "alone"))),
            (
                f"upload on a line that takes {line['seconds']:.1f} s",
                f"{line['values']} values in {line['looks']} looks",
                "",
            ),
            *((f"cancel: {phase}", _times(ours[phase]), _times(bare[phase])) for phase in ours),
            ("memory after the faults", _change(faults, "megabytes"), _change(good, "megabytes")),
            *(
                (f"{what} after the faults", _change(faults, what), _change(good, what))
                for what in ("tasks", "sockets", "threads")
            ),
        ],
        [
            Target("wall time of the upload against the unwatched one", ratio, PROGRESS_LIMIT, "x"),
            Target("looks that saw nothing new", 1 - line["values"] / line["looks"], 0.1, ""),
            Target("cancel until the server sees it, worst", worst, CANCEL_LIMIT, " ms"),
            Target("memory that faults leave behind", growth, GROWTH_LIMIT, " MB"),
            Target("tasks, sockets and threads that faults leave behind", left, 0, ""),
        ],
    )


def _uploads(pairs: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder, sink() as fast, slow_sink() as slow:
        file = Path(folder) / "upload"
        block = os.urandom(_BLOCK)
        with file.open("wb") as stream:
            for _ in range(SIZE // _BLOCK):
                stream.write(block)
        return _child("upload_watched", fast, slow, str(file), str(pairs))


def _child(name: str, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(python(f"bench.children.{name}", *arguments)).output)
    return found


def _seconds(times: Sequence[float]) -> str:
    return f"{statistics.median(times):.3f} s ({min(times):.3f} to {max(times):.3f})"


def _times(times: Sequence[float]) -> str:
    return f"{_milliseconds(statistics.median(times))} (worst {_milliseconds(max(times))})"


def _milliseconds(value: float) -> str:
    """Write a time; the server waited for no longer than a second."""
    return f"over {LONGEST_MS} ms" if value >= LONGEST_MS else f"{value:.1f} ms"


def _more(left: Mapping[str, Any], what: str) -> float:
    return float(left["after"][what] - left["before"][what])


def _change(left: Mapping[str, Any], what: str) -> str:
    before, after = left["before"][what], left["after"][what]
    if what == "megabytes":
        return f"{before:.1f} to {after:.1f} MB"
    return f"{before} to {after}"
