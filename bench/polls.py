"""`polls`: 200 instances polled every second in the window."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Sequence

from bench.children.schedule import Figures, Schedule
from bench.servers import simulator
from bench.table import Table, Target
from bench.timing import Run, python, run

LONGEST_BLOCK = 50.0
RUNS = 3
# Slow enough that no service comes to its end while it is polled.
_SPEED = 0.3
HEAD = (
    "process",
    "attempts each (due)",
    "missed",
    "longest gap",
    "longest block",
    "99 % of blocks below",
    "processor",
)


def measure(runs: int = RUNS) -> Table:
    """Poll in the window and with bare httpx in turn, each round on a simulator of its own."""
    schedule = Schedule()
    ours, bare = compared("window_polls", schedule, runs)
    blocks = [one.longest_block for one in ours]
    return Table(
        "polls",
        (
            f"{schedule.instances} instances, one attempt every {schedule.every:g} s for"
            f" {schedule.seconds:g} s; {runs} pairs, medians and worst."
        ),
        HEAD,
        [
            row("GMS Console's window", ours, schedule),
            row("httpx script without a window", bare, schedule),
        ],
        [
            Target("missed ticks, worst run", max(one.missed for one in ours), 0, ""),
            Target("longest block of the window, worst run", max(blocks), LONGEST_BLOCK, " ms"),
        ],
    )


def compared(
    window: str, schedule: Schedule, runs: int
) -> tuple[Sequence[Figures], Sequence[Figures]]:
    """Poll in a window and with bare httpx in turn, each on a simulator of its own."""
    ours: list[Figures] = []
    bare: list[Figures] = []
    for _ in range(runs):
        for child, figures in ((window, ours), ("bare_polls", bare)):
            with simulator(_SPEED) as url:
                figures.append(_figures(child, url, schedule))
    return ours, bare


def _figures(child: str, url: str, schedule: Schedule) -> Figures:
    command = python(f"bench.children.{child}", url, str(schedule), QT_QPA_PLATFORM="offscreen")
    return _read(run(command))


def _read(done: Run) -> Figures:
    return Figures(**json.loads(done.output))


def row(name: str, figures: Sequence[Figures], schedule: Schedule) -> tuple[str, ...]:
    """Make the row of one process; see HEAD."""

    def worst(figure: Callable[[Figures], float]) -> str:
        values = [figure(one) for one in figures]
        return f"{statistics.median(values):.0f} ms (worst {max(values):.0f})"

    fewest, most = min(one.fewest for one in figures), max(one.most for one in figures)
    return (
        name,
        f"{fewest} to {most} ({schedule.ticks})",
        f"{max(one.missed for one in figures)}",
        worst(lambda one: one.longest_gap),
        worst(lambda one: one.longest_block),
        worst(lambda one: one.block_p99),
        f"{statistics.median(one.cpu for one in figures):.1f} s",
    )
