"""What `gms-console run` prints while it goes on and at its end."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self

from gms_console.cli.exits import Exit
from gms_console.cli.output import OutputError, printable, write_err, write_out
from gms_console.cli.run_progress import Progress, open_progress
from gms_console.cli.run_text import case_lines, step_lines, summary_line, title_line
from gms_console.redaction import Masker
from gms_console.runner.events import (
    CaseEnded,
    CaseStarted,
    ExchangeDone,
    PollMoved,
    RunEvent,
    StepEnded,
    StepStarted,
)
from gms_console.runner.plan import RunPlan
from gms_console.runner.results import Case, CaseResult, RunSummary, StepResult

if TYPE_CHECKING:
    from gms_console.cli.run import Wanted

_MOST_FAILURES = 100
"""Failures that the JSON object tells of; a report has all of them."""


class RunOutput:
    """Prints each case when it has ended, a lone one step by step; its progress on a terminal.

    Text goes to standard output unless a report does, and then to standard error. `trouble` is why
    standard output took no more; the run and its reports go on without it.
    """

    def __init__(self, wanted: Wanted, plan: RunPlan) -> None:
        self._as_json = wanted.output == "json"
        self._aside = any(file == "-" for _, file in wanted.reports)
        self._lone = plan.size == 1
        self._progress = Progress()
        self._plan = plan
        self._open: dict[int, _OpenCase] = {}
        self._failures: list[dict[str, object]] = []
        self.trouble = ""

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            self._progress = open_progress(self._plan)
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()
        self._progress = Progress()

    def tell(self, event: RunEvent) -> None:
        """Print what an event tells; a RunListener."""
        match event:
            case CaseStarted(case, environment):
                self._open[case.number] = _OpenCase(title_line(case.title, environment.title))
                if self._lone:
                    self._print(self._open[case.number].title)
            case ExchangeDone(case, _, _, secrets):
                self._open[case.number].learn(secrets)
            case StepStarted(case, index, step):
                self._progress.step(case, index, step)
            case PollMoved(case, _, poll):
                self._progress.poll(case, poll)
            case StepEnded(case, result, secrets):
                self._open[case.number].learn(secrets)
                self._step_ended(case, result)
            case CaseEnded(result):
                self._case_ended(result)
            case _:
                pass

    def end(self, summary: RunSummary, code: Exit) -> None:
        """Say what came of the whole."""
        if self._as_json:
            self._write(_json(summary, code, self._failures))
        else:
            self._print(summary_line(summary))

    def _step_ended(self, case: Case, result: StepResult) -> None:
        known = self._open[case.number]
        lines = [known.masker.mask(line) for line in step_lines(result)]
        if self._lone:
            self._print(*lines)
        elif not result.passed:
            known.lines += lines
        if not result.passed and len(self._failures) < _MOST_FAILURES:
            self._failures.append(_failure(case, result, known.masker.mask))

    def _case_ended(self, result: CaseResult) -> None:
        known = self._open.pop(result.case.number)
        if not self._lone:
            self._print(*case_lines(result, known.title), *known.lines)
        self._progress.ended(result)

    def _print(self, *lines: str) -> None:
        if self._as_json:
            return
        stream = sys.stderr if self._aside else sys.stdout
        text = "\n".join(printable(line, stream) for line in lines)
        with self._progress.aside():
            if self._aside:
                write_err(text)
            else:
                self._write(f"{text}\n")

    def _write(self, text: str) -> None:
        if self.trouble:
            return
        try:
            write_out(text)
        except OutputError as error:
            self.trouble = str(error)


class _OpenCase:
    """A case that runs: what is printed of it at its end, and what must not be shown."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.lines: list[str] = []
        self.masker = Masker()
        self._secrets: set[str] = set()

    def learn(self, secrets: tuple[str, ...]) -> None:
        """Take over the secrets of a step; they are mostly those of the one before."""
        if not self._secrets.issuperset(secrets):
            self._secrets.update(secrets)
            self.masker = self.masker.also(secrets)


def _failure(case: Case, result: StepResult, mask: Callable[[str], str]) -> dict[str, object]:
    return {
        "case": case.title,
        "step": result.index + 1,
        "title": mask(result.title),
        "verdict": result.verdict.value,
        "message": mask(result.message),
        "checks": [
            {"check": mask(one.text), "found": mask(one.found)}
            for one in result.checks
            if not one.passed
        ],
    }


def _json(summary: RunSummary, code: Exit, failures: list[dict[str, object]]) -> str:
    data = {
        "started": summary.started.isoformat(),
        "elapsed_ms": round(summary.elapsed, 3),
        "cases": summary.cases,
        "passed": summary.passed,
        "steps": summary.steps,
        "checks": summary.checks,
        "failed_checks": summary.failed_checks,
        "requests": summary.requests,
        "interrupted": summary.interrupted,
        "not_begun": summary.not_begun,
        "verdicts": {verdict.value: cases for verdict, cases in summary.verdicts},
        "failures": failures,
        "exit_code": int(code),
    }
    return json.dumps(data) + "\n"
