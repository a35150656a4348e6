"""What a benchmark found: rows of figures, and targets that were met or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.timing import Run, cpu, median, peak, ratio, wall


@dataclass(frozen=True, slots=True)
class Target:
    """A promise and what was measured. `limit` is the most that keeps it, or the `least`."""

    what: str
    measured: float
    limit: float
    unit: str
    least: bool = False

    @property
    def met(self) -> bool:
        """Whether the promise was kept."""
        return self.measured >= self.limit if self.least else self.measured <= self.limit

    def line(self) -> str:
        """Say it in one line."""
        verdict = "met" if self.met else "MISSED"
        limit, measured = f"{self.limit:g}{self.unit}", f"{self.measured:.2f}{self.unit}"
        bound = "at least" if self.least else "at most"
        return f"{self.what}: {bound} {limit}, measured {measured}: {verdict}"


@dataclass(frozen=True, slots=True)
class Table:
    """The figures of one benchmark. `head` names the columns; the first is what was run."""

    name: str
    measured: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    targets: Sequence[Target]

    def text(self) -> str:
        """Give it as Markdown, which reads well in a terminal too."""
        widths = [
            max(len(row[i]) for row in (self.head, *self.rows)) for i in range(len(self.head))
        ]
        lines = [self.measured, "", _line(self.head, widths)]
        lines.append(_line(["-" * width for width in widths], widths))
        lines += [_line(row, widths) for row in self.rows]
        return "\n".join([*lines, "", *(f"- {target.line()}" for target in self.targets)])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"


PROCESS_HEAD = (
    "process",
    "wall, median (min to max)",
    "processor",
    "peak memory",
    "ratio",
    "of processor",
)


def process_row(
    name: str, runs: Sequence[Run], baseline: Sequence[Run] | None = None
) -> tuple[str, ...]:
    """Make the row of one process that was run several times; without a baseline it is one."""
    walls = [one.wall for one in runs]
    against = runs if baseline is None else baseline
    return (
        name,
        f"{median(runs, wall):.3f} s ({min(walls):.3f} to {max(walls):.3f})",
        f"{median(runs, cpu):.3f} s",
        f"{median(runs, peak):.0f} MB",
        f"{ratio(runs, against, wall):.2f}",
        f"{ratio(runs, against, cpu):.2f}",
    )
