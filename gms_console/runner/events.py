"""What a Run tells while it goes on; listeners stream it to panes, terminals and reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from gms_console.flow.types import Step
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange
from gms_console.poll import Poll
from gms_console.runner.results import Case, CaseResult, RunSummary, StepResult


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A Run begins; `cases` is how many there will be."""

    started: datetime
    cases: int


@dataclass(frozen=True, slots=True)
class CaseStarted:
    """A case begins in an Environment; with `--parallel` others run beside it."""

    case: Case
    environment: Environment


@dataclass(frozen=True, slots=True)
class StepStarted:
    """A step begins; `index` is its place in the Flow."""

    case: Case
    index: int
    step: Step


@dataclass(frozen=True, slots=True)
class ExchangeDone:
    """An Exchange of a step; a poll has one for each attempt, a redirect one for each hop.

    `secrets` are the values that its Environment and its rows hold, which no report may show.
    """

    case: Case
    index: int
    exchange: Exchange
    secrets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PollMoved:
    """A poll of a step has made an attempt, or has started or ended."""

    case: Case
    index: int
    poll: Poll


@dataclass(frozen=True, slots=True)
class StepEnded:
    """A step has ended, or was skipped. `secrets` are as those of an Exchange."""

    case: Case
    result: StepResult
    secrets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseEnded:
    """A case has ended, its clean-up steps too."""

    result: CaseResult


@dataclass(frozen=True, slots=True)
class RunEnded:
    """The Run has ended; nothing follows."""

    summary: RunSummary


RunEvent = (
    RunStarted
    | CaseStarted
    | StepStarted
    | ExchangeDone
    | PollMoved
    | StepEnded
    | CaseEnded
    | RunEnded
)
RunListener = Callable[[RunEvent], None]
"""Called in the loop's thread, in order; it keeps nothing that grows with the Run."""
