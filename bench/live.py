"""`live`: 50 live services polled every second, with the timeline of one of them open."""

from __future__ import annotations

from bench.children.schedule import Schedule
from bench.polls import HEAD, LONGEST_BLOCK, compared, row
from bench.table import Table, Target

RUNS = 3
_HISTORY = 2000


def measure(runs: int = RUNS) -> Table:
    """Poll with cards, timeline and tables in sight, and with bare httpx, in turn."""
    schedule = Schedule(instances=50, every=1.0, seconds=20.0, history=_HISTORY)
    ours, bare = compared("window_live", schedule, runs)
    blocks = [one.longest_block for one in ours]
    return Table(
        "live",
        (
            f"{schedule.instances} instances, one attempt every {schedule.every:g} s for"
            f" {schedule.seconds:g} s; cards, timeline and table in sight, the poll that is"
            f" shown with {schedule.history} attempts before; {runs} pairs, medians and worst."
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
