"""Writes figures into the page that shows them, and leaves the rest of it alone."""

from __future__ import annotations

from pathlib import Path

from bench.machine import described
from bench.table import Table
from bench.timing import BenchError


def write(page: Path, table: Table) -> None:
    """Replace the figures of one benchmark. Raises BenchError where they have no place."""
    text = page.read_text("utf-8")
    begin, end = f"<!-- figures: {table.name} -->", f"<!-- end: {table.name} -->"
    before, found, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise BenchError(f"{page} has no place for the figures of {table.name}: {begin} ... {end}")
    block = f"`python -m bench {table.name}` on {described()}.\n\n{table.text()}"
    page.write_text(f"{before}{begin}\n\n{block}\n\n{end}{after}", "utf-8")
