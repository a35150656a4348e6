"""How a flow is run: data rows, how often, how many at a time, and the reports it writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

REPORTS = {
    "html": ("HTML report", "HTML page (*.html)"),
    "junit": ("JUnit", "JUnit XML (*.xml)"),
    "har": ("HAR 1.2", "HTTP archive (*.har)"),
    "jsonl": ("JSON lines", "JSON lines (*.jsonl)"),
}
"""The reports that a run can write: their names, and the files that they are kept in."""


def with_suffix(kind: str, file: Path) -> Path:
    """Give the file of a report with the suffix of its kind, unless it has one."""
    if file.suffix or not file.name or file.exists():
        return file
    return file.with_name(f"{file.name}.{REPORTS[kind][1].rpartition('.')[2].rstrip(')')}")


MOST_AT_ONCE = 200
MOST_REPEATS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """`data` is a CSV file, None for none. `reports` has the file of each report by its kind."""

    data: Path | None = None
    repeat: int = 1
    parallel: int = 1
    reports: Mapping[str, Path] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Say what is not as by default; empty where nothing is."""
        parts = []
        if self.data is not None:
            parts.append(f"rows of {self.data.name}")
        if self.repeat > 1:
            parts.append(f"{self.repeat:,} times")
        if self.parallel > 1:
            parts.append(f"{self.parallel} at a time")
        if self.reports:
            names = ", ".join(REPORTS[kind][0] for kind in self.reports)
            parts.append(f"writes {names}")
        return " · ".join(parts)
