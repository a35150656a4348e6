"""The exit codes; scripts of users depend on them."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from gms_console.model.answer import Problem, ProblemKind
from gms_console.model.exchange import FailureKind

if TYPE_CHECKING:
    from gms_console.poll import Poll


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
