"""What a Run shows of its cases, steps and checks, as plain data for the tree of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from gms_console.flow.types import Step, StepKind
from gms_console.poll import Poll
from gms_console.presentation import milliseconds, seconds_text
from gms_console.runner.results import Case, CaseResult, StepResult, Verdict

WAITING, RUNNING = "waiting", "running"
"""What stands in the place of a verdict before there is one."""

_MARKS = {
    Verdict.PASSED: "✓",
    Verdict.FAILED: "✗",
    Verdict.NOT_REACHED: "✗",
    Verdict.ERROR: "!",
    Verdict.REFUSED: "⊘",
    Verdict.MISSING_FILE: "⊘",
    Verdict.SKIPPED: "–",
    Verdict.INTERRUPTED: "■",
}
_GOOD, _BAD, _MUTED, _BUSY = "good", "error", "muted", "busy"


def verdict_text(verdict: Verdict | None, *, running: bool = False) -> str:
    """Write a verdict with its mark; without one, whether it runs or waits."""
    if verdict is None:
        return f"▸ {RUNNING}" if running else f"· {WAITING}"
    return f"{_MARKS[verdict]} {verdict.value}"


def verdict_tone(verdict: Verdict | None, *, running: bool = False) -> str:
    """Give the tone of a verdict: good, error, muted or busy."""
    if verdict is None:
        return _BUSY if running else _MUTED
    if verdict is Verdict.PASSED:
        return _GOOD
    return _MUTED if verdict in {Verdict.SKIPPED, Verdict.INTERRUPTED} else _BAD


@dataclass(eq=False, slots=True)
class Leaf:
    """A line below a step: a check, a captured value, or how its poll ended."""

    serial: int
    row: int
    step: StepNode
    text: str
    verdict: str
    tone: str
    message: str = ""

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """What its columns show."""
        return self.text, self.verdict, "", self.message


@dataclass(eq=False, slots=True)
class StepNode:
    """A step of one case: waiting, running, or ended. Of its Exchange it keeps the id alone."""

    serial: int
    row: int
    case: CaseNode
    step: Step
    title: str
    running: bool = False
    verdict: Verdict | None = None
    elapsed: float | None = None
    message: str = ""
    exchange_id: str = ""
    poll: Poll | None = None
    captured: tuple[tuple[str, str], ...] = ()
    left_out: bool = False
    leaves: list[Leaf] = field(default_factory=list)

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """What its columns show."""
        time = milliseconds(self.elapsed) if self.elapsed is not None else ""
        message = self.message or self._poll_text()
        verdict = verdict_text(self.verdict, running=self.running)
        if self.left_out and self.verdict is None and not self.running:
            verdict = "– not run"
        return self.title, verdict, time, message

    @property
    def tone(self) -> str:
        """The tone of its verdict."""
        return verdict_tone(self.verdict, running=self.running)

    def _poll_text(self) -> str:
        poll = self.poll
        if poll is None:
            return self.step.note
        count = len(poll.timeline.attempts)
        attempts = "1 attempt" if count == 1 else f"{count} attempts"
        state = poll.timeline.state
        return f"{state}, {attempts}" if state else attempts

    def take(self, result: StepResult) -> list[tuple[str, str, str, str]]:
        """Take over what came of it; give the lines below it, not yet numbered."""
        self.running = False
        self.title = result.title
        self.verdict = result.verdict
        self.elapsed = result.elapsed if result.verdict is not Verdict.SKIPPED else None
        self.message = result.message
        self.captured = result.captured
        if result.exchange is not None:
            self.exchange_id = result.exchange.id
        return _lines(result)


@dataclass(eq=False, slots=True)
class CaseNode:
    """A case: one line, and below it its steps while they are kept. `row` is -1 while not shown.

    With `folded` its steps are not shown yet: views lay all rows out anew for each that goes.
    """

    serial: int
    case: Case
    place: str
    row: int = -1
    detailed: bool = True
    folded: bool = False
    verdict: Verdict | None = None
    elapsed: float | None = None
    message: str = ""
    steps: list[StepNode] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether it has ended, and did not pass."""
        return self.verdict is not None and self.verdict is not Verdict.PASSED

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """What its columns show."""
        time = seconds_or_ms(self.elapsed) if self.elapsed is not None else ""
        verdict = verdict_text(self.verdict, running=self.verdict is None)
        said = filter(None, (self._data_text(), self.message))
        return self.case.title, verdict, time, " · ".join(said)

    @property
    def tone(self) -> str:
        """The tone of its verdict."""
        return verdict_tone(self.verdict, running=self.verdict is None)

    def _data_text(self) -> str:
        return ", ".join(f"{name} = {value}" for name, value in self.case.data)

    def note_failure(self, step: StepNode) -> None:
        """Say in the case's own line which of its steps failed first, and why."""
        bad = step.tone == _BAD or step.verdict is Verdict.INTERRUPTED
        if bad and not self.message:
            self.message = f"{step.title}: {step.message or step.verdict}"

    def take(self, result: CaseResult) -> None:
        """Take over what came of it."""
        self.verdict, self.elapsed = result.verdict, result.elapsed


Node = CaseNode | StepNode | Leaf


def seconds_or_ms(elapsed: float) -> str:
    """Write how long something took, in the unit that suits it; `elapsed` is in ms."""
    return milliseconds(elapsed) if elapsed < 60_000 else seconds_text(elapsed / 1000)


def _lines(result: StepResult) -> list[tuple[str, str, str, str]]:
    """Give text, verdict, tone and message of each line below a step."""
    lines: list[tuple[str, str, str, str]] = []
    if result.poll is not None and result.step.kind is StepKind.POLL:
        tone = _GOOD if result.passed else _BAD
        states = " → ".join(span.state for span in result.poll.spans) or "no state seen"
        lines.append((states, result.poll.outcome.value, tone, result.poll.reason))
    for check in result.checks:
        verdict = Verdict.PASSED if check.passed else Verdict.FAILED
        found = f"found {check.found}" if check.found else ""
        lines.append((check.text, verdict_text(verdict), verdict_tone(verdict), found))
    lines.extend((f"{name} = {value}", "captured", _MUTED, "") for name, value in result.captured)
    return lines


def steps_text(steps: Sequence[StepNode]) -> str:
    """Say how many of the steps have ended."""
    done = sum(1 for step in steps if step.verdict is not None)
    return f"{done} of {len(steps)} steps"
