"""What a Comparison found, as rows of the plain tables."""

from __future__ import annotations

from gms_console.comparison import Change, Comparison, PhaseDifference
from gms_console.presentation import milliseconds

from ...models.diff_rows import DiffRow


def line_rows(found: Comparison) -> list[DiffRow]:
    """Give the lines of bodies that are no JSON; the first cell has the sign alone."""
    return [DiffRow(change, ("", left or "", right or "")) for change, left, right in found.lines]


def header_rows(found: Comparison) -> list[DiffRow]:
    """Give the headers of the answers."""
    return [_row(one.change, one.name, one.left, one.right) for one in found.headers]


def sent_rows(found: Comparison) -> list[DiffRow]:
    """Give what was sent; a line of a body has no name."""
    return [_row(one.change, one.key or "line", one.left, one.right) for one in found.sent]


def phase_rows(found: Comparison) -> list[DiffRow]:
    """Give the phases of time, and by how much each is longer or shorter on the right."""
    return [_phase(one) for one in found.phases]


def _row(change: Change, name: str, left: str | None, right: str | None) -> DiffRow:
    return DiffRow(change, (name, left or "–", right or "–"))


def _phase(phase: PhaseDifference) -> DiffRow:
    left, right, more = phase.left, phase.right, ""
    if left is not None and right is not None:
        more = f"{'+' if right >= left else '−'}{milliseconds(abs(right - left))}"
    return DiffRow(Change.SAME, (phase.name, milliseconds(left), milliseconds(right), more))
