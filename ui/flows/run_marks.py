"""What a run says beside the steps of its flow: of one case, or of all of them together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from gms_console.runner.events import CaseStarted, RunEvent, StepEnded, StepStarted
from gms_console.runner.results import Verdict

from ..models.run_nodes import CaseNode, StepNode, verdict_text
from .desk import StepMark

Marks = dict[int, StepMark]
Captured = dict[tuple[int, str], str]

_WORST_FIRST = (
    Verdict.INTERRUPTED,
    Verdict.MISSING_FILE,
    Verdict.REFUSED,
    Verdict.ERROR,
    Verdict.NOT_REACHED,
    Verdict.FAILED,
    Verdict.SKIPPED,
    Verdict.PASSED,
)


class RunMarks:
    """Counts how each step ended, and knows which ones are under way."""

    def __init__(self) -> None:
        self._counts: dict[int, Counter[Verdict]] = {}
        self._under_way: dict[tuple[int, int], bool] = {}
        self._cases = 0
        self._last = -1

    def take(self, event: RunEvent) -> None:
        """Take over what happened."""
        if isinstance(event, CaseStarted):
            self._cases += 1
        elif isinstance(event, StepStarted):
            self._under_way[event.case.number, event.index] = event.step.kind.value == "poll"
        elif isinstance(event, StepEnded):
            index = event.result.index
            self._under_way.pop((event.case.number, index), None)
            self._counts.setdefault(index, Counter())[event.result.verdict] += 1
            self._last = index

    @property
    def paused_text(self) -> str:
        """Say what a pause waits for, or where it stands."""
        if any(self._under_way.values()):
            return "Pausing: the poll under way goes on; the next step waits"
        if self._under_way:
            return "Pausing: the step under way goes on; the next one waits"
        return f"Paused before step {self._last + 2}" if self._cases <= 1 else "Paused"

    def of(self, cases: Sequence[CaseNode], chosen: CaseNode | None) -> tuple[Marks, Captured]:
        """Give marks and captured values: of the case that is chosen, or the only one; else of all.

        Of several the worst verdict of each step is told, and how many cases have it.
        """
        one = chosen if chosen is not None else cases[0] if len(cases) == 1 else None
        if one is not None and one.steps:
            return _of_case(one.steps)
        marks = {index: self._mark(counts) for index, counts in self._counts.items()}
        for _, index in self._under_way:
            if index not in marks:
                marks[index] = StepMark(None)
        return marks, {}

    @staticmethod
    def _mark(counts: Counter[Verdict]) -> StepMark:
        worst = next(one for one in _WORST_FIRST if counts[one])
        text = ", ".join(f"{counts[one]:,} {one.value}" for one in _WORST_FIRST if counts[one])
        count = f"{counts[worst]:,} of {counts.total():,}" if len(counts) > 1 else ""
        return StepMark(worst, f"Over all cases: {text}", count)


def _of_case(steps: Sequence[StepNode]) -> tuple[Marks, Captured]:
    marks = {
        step.row: StepMark(step.verdict, step.message or verdict_text(step.verdict, running=True))
        for step in steps
        if step.verdict is not None or step.running
    }
    return marks, {(step.row, name): value for step in steps for name, value in step.captured}
