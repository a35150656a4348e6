"""`start`: from the start of the process to the first painted window."""

from __future__ import annotations

import tempfile

from bench.table import PROCESS_HEAD, Table, Target, process_row
from bench.timing import in_turn, python, ratio, wall

LIMIT = 2.0
RUNS = 9


def measure(runs: int = RUNS) -> Table:
    """Open the console's window and an empty one in turn; each process ends once it is painted."""
    with tempfile.TemporaryDirectory() as home:
        ours, bare = in_turn(
            [
                python(
                    "bench.children.console_window",
                    QT_QPA_PLATFORM="offscreen",
                    GMS_CONSOLE_HOME=home,
                ),
                python("bench.children.bare_window", QT_QPA_PLATFORM="offscreen"),
            ],
            runs,
        )
    return Table(
        "start",
        f"Process start to first painted window, offscreen, first start; {runs} pairs.",
        PROCESS_HEAD,
        [
            process_row("gms-console", ours, bare),
            process_row("empty QMainWindow", bare),
        ],
        [Target("wall time against an empty window", ratio(ours, bare, wall), LIMIT, "x")],
    )
