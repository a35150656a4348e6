"""What came of a Run: of its steps, its cases, and of the whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gms_console.flow.types import Check, Flow, Step
from gms_console.model.exchange import Exchange
from gms_console.model.timeline import Attempt, StateSpan
from gms_console.poll import PollOutcome


class Verdict(StrEnum):
    """How a step ended.

    FAILED: a check, a capture, or an answer with an error. ERROR: transport. REFUSED: it could
    not be sent as asked. NOT_REACHED: a poll that ended without the wanted state.
    """

    PASSED = "passed"
    FAILED = "failed"
    NOT_REACHED = "not reached"
    ERROR = "error"
    REFUSED = "refused"
    MISSING_FILE = "missing file"
    SKIPPED = "skipped"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A Flow with one data row, carried out once. `number` counts from 1 over the whole Run.

    `row` counts from 1 and is None without data; `repetition` counts from 1.
    """

    number: int
    flow: Flow
    data: tuple[tuple[str, str], ...] = ()
    row: int | None = None
    repetition: int = 1
    repetitions: int = 1

    @property
    def title(self) -> str:
        """The flow's title, with the row and the repetition where there are several."""
        parts = [self.flow.title]
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.repetitions > 1:
            parts.append(f"repetition {self.repetition}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """One check, whether it held, and what was found; `text` says what was expected."""

    check: Check
    passed: bool
    text: str
    found: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollResult:
    """How a poll of a step ended: its attempts in order, and the states that they saw.

    `wanted` says what it waited for, how often and how long: a name and a text each.
    """

    outcome: PollOutcome
    reason: str
    wanted: tuple[tuple[str, str], ...] = ()
    attempts: tuple[Attempt, ...] = ()
    spans: tuple[StateSpan, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """What came of one step. `index` is its place in the Flow, from 0; `elapsed` is in ms.

    `title` has its variables put in. `message` says why it did not pass, with a line for each thing
    that did not hold. `exchange` is what the checks looked at; of a poll the last whole one.
    """

    index: int
    step: Step
    title: str
    started: datetime
    elapsed: float
    verdict: Verdict
    message: str = ""
    checks: tuple[CheckResult, ...] = ()
    captured: tuple[tuple[str, str], ...] = ()
    instance_id: str = ""
    exchange: Exchange | None = None
    poll: PollResult | None = None

    @property
    def passed(self) -> bool:
        """Whether all of it held."""
        return self.verdict is Verdict.PASSED


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """What came of a case; `elapsed` is in ms. `verdict` is that of its first failed step.

    Clean-up steps count too. A step that failed with `keep_going` still fails the case.
    """

    case: Case
    started: datetime
    elapsed: float
    verdict: Verdict
    steps: int
    failed: int
    skipped: int

    @property
    def passed(self) -> bool:
        """Whether every step passed."""
        return self.verdict is Verdict.PASSED


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """What came of a whole Run, in numbers; `elapsed` is in ms.

    `verdicts` counts the verdicts of its cases. `requests` counts all that went out. `not_begun`
    are cases that an interrupted Run never came to; they are not among `cases`.
    """

    started: datetime
    elapsed: float
    cases: int
    passed: int
    steps: int
    checks: int
    failed_checks: int
    requests: int
    verdicts: tuple[tuple[Verdict, int], ...] = ()
    interrupted: bool = False
    not_begun: int = 0

    @property
    def ok(self) -> bool:
        """Whether everything passed and nothing was interrupted."""
        return self.passed == self.cases and not self.interrupted
