"""`flows`: a create and ten requests for its state, again and again; ours, httpx and newman."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import newman
from bench.children.flow_figures import ROW, SERVICE, STATUSES, Figures
from bench.servers import simulator
from bench.table import Table, Target
from bench.timing import Run, in_turn, peak, python, ratio, run, wall

RUNS = 5
TIMES = 100
"""How often the flow is run in each counted run: 1,100 requests."""

CALLERS = 50
FEW, MANY = 91, 910
"""How often for about 1,000 and for about 10,000 requests."""

HEAD = ("what", "requests a second, median (min to max)", "processor a request", "peak memory")
AGAINST_NEWMAN = 8.0
AGAINST_HTTPX = 0.8
SEND_AGAINST_NEWMAN = 0.4
SEND_MEMORY = 80.0
GROWTH = 1.1


def measure(runs: int = RUNS) -> Table:
    """Measure all in turn, so that what slows one slows the other."""
    program = newman.found()
    with TemporaryDirectory(prefix="gms-console-bench-") as folder, simulator() as url:
        rows, targets = _one_at_a_time(url, runs, program, Path(folder))
        for more_rows, more_targets in (
            _side_by_side(url, runs),
            _memory(url),
            _one_request(url, runs, program, Path(folder)),
        ):
            rows += more_rows
            targets += more_targets
    left_out = "" if program else " newman was not found ($NEWMAN, PATH) and is left out."
    return Table(
        "flows",
        (
            f"A create and {STATUSES} status requests, {TIMES} times, each answer checked for"
            f" HTTP 200; {runs} rounds. The start of the process does not count, but for the"
            f" single requests at the end.{left_out}"
        ),
        HEAD,
        rows,
        targets,
    )


_Part = tuple[list[Sequence[str]], list[Target]]


def _one_at_a_time(url: str, runs: int, program: str, folder: Path) -> _Part:
    collection = newman.write_collection(folder, url)
    ours: list[Figures] = []
    bare: list[Figures] = []
    theirs: list[Figures] = []
    for _ in range(runs):
        ours.append(_child("flow_runner", url, TIMES))
        bare.append(_child("flow_bare", url, TIMES))
        if program:
            theirs.append(newman.measured(program, collection, TIMES))
    rows: list[Sequence[str]] = [_row("GMS Console's runner", ours), _row("httpx loop", bare)]
    targets = [_at_least("requests a second against httpx", ours, bare, AGAINST_HTTPX)]
    if program:
        rows.append(_row("newman", theirs))
        what = "requests a second against newman"
        targets.insert(0, _at_least(what, ours, theirs, AGAINST_NEWMAN))
    return rows, targets


def _side_by_side(url: str, runs: int) -> _Part:
    ours: list[Figures] = []
    bare: list[Figures] = []
    for _ in range(runs):
        ours.append(_child("flow_runner", url, TIMES, CALLERS))
        bare.append(_child("flow_bare", url, TIMES, CALLERS))
    what = f"requests a second, {CALLERS} at a time, against httpx"
    return (
        [
            _row(f"GMS Console's runner, {CALLERS} at a time", ours),
            _row(f"httpx, {CALLERS} callers with a client each", bare),
        ],
        [_at_least(what, ours, bare, AGAINST_HTTPX)],
    )


def _memory(url: str) -> _Part:
    few, many = (_child("flow_runner", url, times) for times in (FEW, MANY))
    return (
        [_row(f"GMS Console's runner, {one.requests:,} requests", [one]) for one in (few, many)],
        [
            Target(
                f"peak memory at {many.requests:,} requests against {few.requests:,}",
                many.peak / few.peak,
                GROWTH,
                "x",
            )
        ],
    )


def _one_request(url: str, runs: int, program: str, folder: Path) -> _Part:
    ours = python("gms_console", "send", SERVICE, "--url", url, "-p", "=".join(ROW), expect="_id")
    commands = [ours]
    if program:
        commands.append(newman.command(program, newman.write_collection(folder, url, 0)))
    measured = in_turn(commands, runs)
    names = ("gms-console send, one process", "newman, one request, one process")
    rows: list[Sequence[str]] = [
        _process_row(name, done) for name, done in zip(names, measured, strict=False)
    ]
    targets = [Target("peak memory of one send", max(map(peak, measured[0])), SEND_MEMORY, " MB")]
    if program:
        against = ratio(measured[0], measured[1], wall)
        targets.append(Target("time of one send against newman", against, SEND_AGAINST_NEWMAN, "x"))
    return rows, targets


def _child(name: str, url: str, times: int, callers: int = 1) -> Figures:
    done = run(python(f"bench.children.{name}", url, str(times), str(callers)))
    return Figures(**json.loads(done.output))


def _at_least(
    what: str, ours: Sequence[Figures], theirs: Sequence[Figures], limit: float
) -> Target:
    pairs = zip(ours, theirs, strict=True)
    against = statistics.median(one.rate / other.rate for one, other in pairs)
    return Target(what, against, limit, "x", least=True)


def _row(name: str, figures: Sequence[Figures]) -> tuple[str, ...]:
    rates = [one.rate for one in figures]
    spread = f" ({min(rates):,.0f} to {max(rates):,.0f})" if len(rates) > 1 else ""
    return (
        name,
        f"{statistics.median(rates):,.0f}{spread}",
        f"{statistics.median(one.cpu / one.requests for one in figures) * 1000:.2f} ms",
        f"{statistics.median(one.peak for one in figures):.0f} MB",
    )


def _process_row(name: str, runs: Sequence[Run]) -> tuple[str, ...]:
    walls = [one.wall for one in runs]
    return (
        name,
        f"{statistics.median(walls):.2f} s each ({min(walls):.2f} to {max(walls):.2f})",
        f"{statistics.median(one.cpu for one in runs):.2f} s",
        f"{statistics.median(one.peak for one in runs):.0f} MB",
    )
