"""What came of a run, as lines for a person."""

from __future__ import annotations

from collections.abc import Iterator

from gms_console.presentation import milliseconds, seconds_text
from gms_console.runner.results import CaseResult, RunSummary, StepResult, Verdict

_MARKS = {
    Verdict.PASSED: "passed",
    Verdict.FAILED: "FAILED",
    Verdict.NOT_REACHED: "NOT REACHED",
    Verdict.ERROR: "ERROR",
    Verdict.REFUSED: "NOT SENT",
    Verdict.MISSING_FILE: "FILE MISSING",
    Verdict.SKIPPED: "skipped",
    Verdict.INTERRUPTED: "INTERRUPTED",
}
_WIDTH = max(map(len, _MARKS.values()))


def title_line(case_title: str, environment: str) -> str:
    """Name a case and where it runs."""
    return f"{case_title} ({environment})"


def step_lines(result: StepResult) -> Iterator[str]:
    """Say what came of a step: a line of its own, and one for each thing that did not hold."""
    time = "" if result.verdict is Verdict.SKIPPED else f"  {_elapsed(result.elapsed)}"
    yield f"  {_MARKS[result.verdict]:{_WIDTH}}  {result.title}{_outcome(result)}{time}"
    indent = " " * (_WIDTH + 4)
    if not result.passed:
        for line in result.message.splitlines():
            yield f"{indent}{line}"


def case_lines(result: CaseResult, title: str) -> Iterator[str]:
    """Say what came of a case in a line; its failed steps are told apart."""
    yield f"{_MARKS[result.verdict]:{_WIDTH}}  {title}  {_elapsed(result.elapsed)}"


def summary_line(summary: RunSummary) -> str:
    """Say what came of the whole."""
    parts = [
        f"{summary.passed:,} of {summary.cases + summary.not_begun:,} passed",
        _count(summary.steps, "step"),
        _checks(summary),
        _count(summary.requests, "request"),
        _elapsed(summary.elapsed),
    ]
    others = [
        f"{cases:,} {verdict.value}"
        for verdict, cases in summary.verdicts
        if cases and verdict is not Verdict.PASSED
    ]
    if summary.not_begun:
        others.append(f"{summary.not_begun:,} not begun")
    text = "; ".join(parts)
    if others:
        text += f" ({', '.join(others)})"
    return f"Interrupted. {text}" if summary.interrupted else text


def _checks(summary: RunSummary) -> str:
    checks, failed = _count(summary.checks, "check"), summary.failed_checks
    if not failed:
        return checks
    return f"{checks}, {f'{failed:,} of them' if summary.checks > 1 else 'which'} failed"


def _outcome(result: StepResult) -> str:
    if result.poll is None:
        return ""
    attempts = _count(len(result.poll.attempts), "attempt")
    state = result.poll.spans[-1].state if result.poll.spans else "no state"
    return f": {state} after {attempts}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _elapsed(ms: float) -> str:
    return milliseconds(ms) if ms < 60_000 else seconds_text(ms / 1000)
