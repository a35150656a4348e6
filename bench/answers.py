"""`answers`: large answers in the window, against Qt's text widget with the same text."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from bench.servers import answers
from bench.table import Table, Target
from bench.timing import python, run

RUNS = 3
PAINTED, BLOCK, FIND, GROWTH = 300.0, 50.0, 500.0, 150.0
_KINDS = {
    "10": "10 MB of JSON",
    "100": "100 MB of JSON",
    "line": "one line of 50 MB",
    "levels": "10,000 levels",
}
_HEAD = ("what", "first text", "all of it ready", "find", "longest block", "memory on top")


@dataclass(frozen=True, slots=True)
class _Figures:
    """Milliseconds, and megabytes of memory."""

    painted: float
    block: float
    memory: float
    ready: float = 0.0
    find: float = 0.0


def measure(runs: int = RUNS) -> Table:
    """Show each answer in the window; the smallest in a bare text widget too, in turn."""
    ours: dict[str, list[_Figures]] = {kind: [] for kind in _KINDS}
    bare: list[_Figures] = []
    for kind in _KINDS:
        with answers(kind) as url:
            for _ in range(runs):
                ours[kind].append(_figures("window_answer", url))
                if kind == "10":
                    bare.append(_figures("bare_text", kind))
    ten, hundred = ours["10"], ours["100"]
    blocks = [one.block for found in ours.values() for one in found]
    pairs = zip(ten, bare, strict=True)
    ratio = statistics.median(one.painted / other.painted for one, other in pairs)
    return Table(
        "answers",
        (
            "From the last byte of an answer on: until its first text is painted, until all of it"
            f" can be scrolled through, and a search for a text in it; {runs} runs, medians."
        ),
        _HEAD,
        [
            *(_row(f"GMS Console, {name}", ours[kind]) for kind, name in _KINDS.items()),
            _row("QPlainTextEdit with json.dumps, 10 MB", bare),
        ],
        [
            Target("10 MB, first text", _median(ten, "painted"), PAINTED, " ms"),
            Target("10 MB, first text against the bare widget", ratio, 0.2, "x"),
            Target("10 MB, longest block, worst run", max(o.block for o in ten), BLOCK, " ms"),
            Target("10 MB, find", _median(ten, "find"), FIND, " ms"),
            Target("100 MB, memory on top", _median(hundred, "memory"), GROWTH, " MB"),
            Target("longest block of all, worst run", max(blocks), 2 * BLOCK, " ms"),
        ],
    )


def _figures(child: str, argument: str) -> _Figures:
    done = run(python(f"bench.children.{child}", argument, QT_QPA_PLATFORM="offscreen"))
    found = json.loads(done.output.strip().splitlines()[-1])
    return _Figures(**{name: found[name] for name in _Figures.__slots__ if name in found})


def _median(found: Sequence[_Figures], name: str) -> float:
    values: list[float] = [getattr(one, name) for one in found]
    return statistics.median(values)


def _row(what: str, found: Sequence[_Figures]) -> tuple[str, ...]:
    def shown(name: str) -> str:
        value = _median(found, name)
        return f"{value:,.0f} ms" if value else "–"

    worst = max(one.block for one in found)
    return (
        what,
        shown("painted"),
        shown("ready"),
        shown("find"),
        f"{shown('block')} (worst {worst:.0f})",
        f"{_median(found, 'memory'):.0f} MB",
    )
