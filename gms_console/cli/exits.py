"""The exit codes; scripts of users depend on them."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from gms_console.model.answer import Problem, ProblemKind
from gms_console.model.exchange import FailureKind

if TYPE_CHECKING:
    from gms_console.poll import Poll
    from gms_console.runner.results import RunSummary


class Exit(IntEnum):
    """How a command ended."""

    OK = 0
    GMS_ERROR = 1
    USAGE = 2
    TRANSPORT = 3
    NOT_REACHED = 4
    MISSING_FILE = 5
    INTERRUPTED = 130


def exit_of(problem: Problem | None) -> Exit:
    """Give the exit code of one exchange."""
    if problem is None:
        return Exit.OK
    if problem.kind is not ProblemKind.TRANSPORT:
        return Exit.GMS_ERROR
    if problem.failure is FailureKind.CANCELLED:
        return Exit.INTERRUPTED
    return Exit.MISSING_FILE if problem.failure is FailureKind.FILE else Exit.TRANSPORT


def exit_of_poll(poll: Poll) -> Exit:
    """Give the exit code of a poll that has ended."""
    from gms_console.poll import PollOutcome  # noqa: PLC0415 - it brings in httpx

    last = poll.last_answer.problem if poll.last_answer is not None else None
    by_outcome = {
        PollOutcome.REACHED: Exit.OK,
        PollOutcome.REFUSED: Exit.GMS_ERROR,
        PollOutcome.TOO_MANY_ERRORS: exit_of(last),
        PollOutcome.CANCELLED: Exit.INTERRUPTED,
    }
    return (
        Exit.NOT_REACHED if poll.outcome is None else by_outcome.get(poll.outcome, Exit.NOT_REACHED)
    )


def exit_of_run(summary: RunSummary) -> Exit:
    """Give the exit code of a run.

    Where cases failed in several ways, the one that says most of the others comes first: what was
    never sent, then transport, then a poll, then a check.
    """
    from gms_console.runner.results import Verdict  # noqa: PLC0415 - it brings in httpx

    if summary.interrupted:
        return Exit.INTERRUPTED
    by_verdict = {
        Verdict.INTERRUPTED: Exit.INTERRUPTED,
        Verdict.MISSING_FILE: Exit.MISSING_FILE,
        Verdict.REFUSED: Exit.USAGE,
        Verdict.ERROR: Exit.TRANSPORT,
        Verdict.NOT_REACHED: Exit.NOT_REACHED,
    }
    verdicts = {verdict for verdict, cases in summary.verdicts if cases}
    found = next((code for verdict, code in by_verdict.items() if verdict in verdicts), None)
    if found is not None:
        return found
    return Exit.OK if summary.ok else Exit.GMS_ERROR
