"""`history`: a history of 100,000 Exchanges is opened, searched and added to."""

from __future__ import annotations

import json
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.table import Table, Target
from bench.timing import Command, python, run

COUNT = 100_000
RUNS = 3
SEARCH = 100.0
OPENS = 1000.0

RARE = ("6500004242", "+15550070000", "999-0", "nowhere")
COMMON = ("agent-ready", "Ann", "request-chat", "gms", "ann agent-ready node1")
HEAD = ("what", "median", "worst")


@dataclass(slots=True)
class _Figures:
    """Times in ms; `block` is the longest of each run."""

    opened: list[float] = field(default_factory=list)
    words: dict[str, list[float]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    loading: list[float] = field(default_factory=list)
    facts: list[float] = field(default_factory=list)
    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    block: list[float] = field(default_factory=list)

    def take_reading(self, done: dict[str, Any]) -> None:
        """Take what a process that read has found."""
        self.opened.append(done["opened"])
        self.facts.append(done["facts"])
        self.loading += done["loading"]
        self.counts = done["counts"]
        for word, times in done["words"].items():
            self.words.setdefault(word, []).extend(times)

    def take_adding(self, done: dict[str, Any]) -> None:
        """Take what a process that added has found."""
        self.ours += done["ours"]
        self.bare += done["bare"]
        self.block.append(done["block"])


def measure(runs: int = RUNS) -> Table:
    """Fill a history once; open and search it, and add to it, in a new process each time."""
    figures = _Figures()
    with tempfile.TemporaryDirectory(prefix="gms-console-bench-") as folder:
        filled = _done(python("bench.children.history_fill", folder, str(COUNT)))
        for _ in range(runs):
            figures.take_reading(
                _done(python("bench.children.history_read", folder, *RARE, *COMMON))
            )
            figures.take_adding(_done(python("bench.children.history_add", folder)))
    searches = [one for times in figures.words.values() for one in times]
    return Table(
        "history",
        (
            f"{COUNT:,} Exchanges, a fifth of them attempts of polls:"
            f" {filled['size'] / 1e6:,.0f} MB on the disk, {filled['size'] / COUNT:,.0f} B each,"
            f" written at {COUNT / filled['seconds']:,.0f} a second; {runs} runs."
        ),
        HEAD,
        _rows(figures),
        [
            Target("a search, median", statistics.median(searches), SEARCH, " ms"),
            Target("the slowest word, its median", _slowest(figures), SEARCH, " ms"),
            Target("the list opens, worst run", max(figures.opened), OPENS, " ms"),
        ],
    )


def _done(command: Command) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(command).output)
    return found


def _slowest(figures: _Figures) -> float:
    return max(statistics.median(times) for times in figures.words.values())


def _rows(figures: _Figures) -> list[tuple[str, str, str]]:
    rows = [_row("from nothing to the list", figures.opened)]
    for word, times in figures.words.items():
        rows.append(_row(f"search “{word}” ({figures.counts[word]:,} rows)", times))
    rows += [
        _row("one Exchange is loaded", figures.loading),
        _row("how much is kept, and the names to filter by", figures.facts),
        _row("one Exchange is added, until it is kept", figures.ours),
        _row("bare SQLite: one row of the same size, with its commit", figures.bare),
        _row("longest block of the loop while adding", figures.block),
    ]
    ratio = statistics.median(a / b for a, b in zip(figures.ours, figures.bare, strict=True))
    rows.append(("adding against bare SQLite", f"{ratio:.1f}x", ""))
    return rows


def _row(what: str, times: Sequence[float]) -> tuple[str, str, str]:
    return what, f"{statistics.median(times):.1f} ms", f"{max(times):.1f} ms"
