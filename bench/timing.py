"""Runs whole processes, one at a time, and takes their time and memory from the system."""

from __future__ import annotations

import atexit
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import attrgetter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class BenchError(Exception):
    """A measured process did not do what it was measured for."""


@dataclass(frozen=True, slots=True)
class Command:
    """What to run. `expect` must be found in what it prints."""

    arguments: Sequence[str]
    variables: Mapping[str, str] = field(default_factory=dict)
    expect: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process: seconds of wall time and of processor, and peak memory in MB."""

    wall: float
    cpu: float
    peak: float
    output: str


def python(module: str, *arguments: str, expect: str = "", **variables: str) -> Command:
    """Make the command that runs a module with this interpreter."""
    return Command((sys.executable, "-m", module, *arguments), variables, expect)


@cache
def _cache() -> str:
    folder = tempfile.TemporaryDirectory(prefix="gms-console-bench-")
    atexit.register(folder.cleanup)
    return folder.name


def environment(command: Command) -> dict[str, str]:
    """Give the environment of a measured process: modules compiled once, into a folder of ours."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": _cache(), **command.variables}


def run(command: Command) -> Run:
    """Run a command to its end. Raises BenchError when it fails."""
    begun = time.perf_counter()
    with subprocess.Popen(
        command.arguments,
        cwd=ROOT,
        env=environment(command),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        output = process.stdout.read() if process.stdout is not None else ""
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode or command.expect not in output:
        shown = " ".join(command.arguments)
        raise BenchError(f"{shown}: exit code {process.returncode}, printed {output[-2000:]!r}")
    return Run(wall, usage.ru_utime + usage.ru_stime, _megabytes(usage.ru_maxrss), output)


def _megabytes(peak: int) -> float:
    # Linux counts in KiB, macOS in bytes.
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def in_turn(commands: Sequence[Command], runs: int) -> list[list[Run]]:
    """Run the commands A B A B ..., after one round that does not count; a list for each."""
    for command in commands:
        run(command)
    rounds = [[run(command) for command in commands] for _ in range(runs)]
    return [list(column) for column in zip(*rounds, strict=True)]


def median(runs: Iterable[Run], figure: Callable[[Run], float]) -> float:
    """Give the median of one figure."""
    return statistics.median(figure(one) for one in runs)


def ratio(ours: Sequence[Run], theirs: Sequence[Run], figure: Callable[[Run], float]) -> float:
    """Give the median of the ratios of a figure, pair by pair: what slows both drops out."""
    return statistics.median(figure(a) / figure(b) for a, b in zip(ours, theirs, strict=True))


wall = attrgetter("wall")
cpu = attrgetter("cpu")
peak = attrgetter("peak")
