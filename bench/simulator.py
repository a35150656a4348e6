"""`simulator`: how long the simulator takes to answer while 1,000 instances live in it."""

from __future__ import annotations

import json
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

from bench import servers
from bench.children.open_loop import Figures, Plan
from bench.table import Table, Target
from bench.timing import python, run

ANSWER_TIME = 20.0
RUNS = 3
# Slow enough that what was created lives as long as it is asked.
_SPEED = 0.05
_HEAD = ("process", "half of the answers within", "99 %", "the slowest", "failed", "asked late by")


def measure(runs: int = RUNS) -> Table:
    """Ask the simulator and a bare server in turn, each a process of its own."""
    plan = Plan()
    sides: Sequence[tuple[str, Callable[[], AbstractContextManager[str]], Plan]] = (
        ("the simulator", lambda: servers.simulator(_SPEED), plan),
        ("with a state file, and looked at twice a second", _kept, replace(plan, look=True)),
        ("bare starlette on uvicorn", servers.bare_service, plan),
    )
    found: list[list[Figures]] = [[] for _ in sides]
    for _ in range(runs):
        for (_name, serve, asked), figures in zip(sides, found, strict=True):
            with serve() as url:
                done = run(python("bench.children.open_loop", url, str(asked)))
            figures.append(Figures(**json.loads(done.output)))
    ours, kept, _bare = found
    return Table(
        "simulator",
        (
            f"{plan.instances:,} live instances, half of them callbacks, then {plan.rate} requests"
            f" a second for {plan.seconds:g} s, sent when they are due; {runs} rounds, medians and"
            " worst. Times count from when a request was due."
        ),
        _HEAD,
        [_row(name, figures) for (name, _, _), figures in zip(sides, found, strict=True)],
        [
            Target("99 % of the answers, worst run", _worst(ours), ANSWER_TIME, " ms"),
            Target("the same with state and looks, worst run", _worst(kept), ANSWER_TIME, " ms"),
            Target("failed requests", sum(one.failed for one in (*ours, *kept)), 0, ""),
        ],
    )


@contextmanager
def _kept() -> Iterator[str]:
    with (
        tempfile.TemporaryDirectory(prefix="gms-console-bench-") as folder,
        servers.simulator(_SPEED, "--state", str(Path(folder) / "state.db")) as url,
    ):
        yield url


def _worst(figures: Sequence[Figures]) -> float:
    return max(one.p99 for one in figures)


def _row(name: str, figures: Sequence[Figures]) -> tuple[str, ...]:
    def shown(figure: Callable[[Figures], float]) -> str:
        values = [figure(one) for one in figures]
        return f"{statistics.median(values):.1f} ms (worst {max(values):.1f})"

    return (
        name,
        shown(lambda one: one.p50),
        shown(lambda one: one.p99),
        shown(lambda one: one.worst),
        f"{sum(one.failed for one in figures)}",
        f"{statistics.median(one.late for one in figures):.1f} ms",
    )
