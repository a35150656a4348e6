"""Items of evidence made by hand, for what only writes them."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from gms_console.evidence.items import (
    CaseItem,
    EvidenceHead,
    EvidenceItem,
    EvidenceWriter,
    ExchangeItem,
    Masking,
    StepItem,
)
from gms_console.evidence.log_search import log_strings
from gms_console.flow.types import Flow, HttpCheck, Operator, Step, StepKind, ValueCheck
from gms_console.model.answer import read_answer
from gms_console.model.exchange import Exchange, Operation, OperationKind
from gms_console.model.timeline import Attempt, Timeline
from gms_console.poll import PollOutcome
from gms_console.runner.results import (
    Case,
    CaseResult,
    CheckResult,
    PollResult,
    RunSummary,
    StepResult,
    Verdict,
)
from tests.engine.helpers import exchange_with

STARTED = datetime(2026, 3, 1, 10, 0, 0, 123000, tzinfo=timezone(timedelta(hours=1)))
HEAD = EvidenceHead(
    title="Inbound poll",
    started=STARTED,
    zone="Europe/Berlin",
    places=(("qa, node A", "http://gms-a.example:8080/genesys"),),
    versions=(("GMS Console", "0.2.0"), ("Python", "3.12")),
)
MASKED = (Masking(rule="phone numbers", reason="personal data", places=3, values=2),)
ID = "0a1b-2c3d"

CREATE = Step(kind=StepKind.CREATE, name="request-inbound-poll", instance="call")
POLL = Step(
    kind=StepKind.POLL,
    name="status",
    until=(ValueCheck("status", Operator.EQUALS, "agent-ready"),),
)
WAIT = Step(kind=StepKind.WAIT, seconds=0.5)
FLOW = Flow(name="Inbound v2.1", steps=(CREATE, POLL, POLL, WAIT))


def create(**changes: Any) -> Exchange:
    """A create that GMS answered with an id."""
    return replace(exchange_with(json.dumps({"_id": ID}).encode()), **changes)


def status(state: str = "agent-ready", **changes: Any) -> Exchange:
    """A request on that instance."""
    made = exchange_with(json.dumps({"status": state}).encode())
    operation = Operation(kind=OperationKind.REQUEST, instance_id=ID, request="status", poll="p1")
    return replace(made, **{"operation": operation, **changes})


def item(exchange: Exchange, **changes: Any) -> ExchangeItem:
    """The Exchange as an item."""
    answer = read_answer(exchange)
    return ExchangeItem(
        exchange=exchange, answer=answer, log_strings=log_strings(exchange, answer), **changes
    )


def step(index: int, verdict: Verdict = Verdict.PASSED, **changes: Any) -> StepResult:
    """What came of a step of FLOW."""
    return StepResult(
        index=index,
        step=FLOW.steps[index],
        title=FLOW.steps[index].title,
        started=STARTED,
        elapsed=changes.pop("elapsed", 250.0),
        verdict=verdict,
        **changes,
    )


def held(text: str = "http 200") -> CheckResult:
    """A check that held."""
    return CheckResult(check=HttpCheck((200,)), passed=True, text=text, found="200")


def broken(text: str = "http 200", found: str = "500") -> CheckResult:
    """A check that did not hold."""
    return CheckResult(check=HttpCheck((200,)), passed=False, text=text, found=found)


def polled(outcome: PollOutcome = PollOutcome.REACHED, reason: str = "agent-ready") -> PollResult:
    """A poll of two attempts."""
    timeline = Timeline()
    for number, state in enumerate(("queued", "agent-ready"), start=1):
        moment = STARTED.astimezone(UTC) + timedelta(seconds=number)
        timeline.add(
            Attempt(number=number, started=moment, elapsed=5, exchange_id="e", state=state)
        )
    return PollResult(
        outcome=outcome,
        reason=reason,
        attempts=tuple(timeline.attempts),
        spans=tuple(timeline.spans),
    )


def case_of(number: int = 1, **changes: Any) -> Case:
    """FLOW carried out."""
    return Case(number=number, flow=FLOW, **changes)


def case_items(
    case: Case, results: Sequence[StepResult], verdict: Verdict = Verdict.PASSED
) -> list[EvidenceItem]:
    """The items of a case that has ended."""
    failed = sum(1 for one in results if not one.passed)
    ended = CaseResult(
        case=case,
        started=STARTED,
        elapsed=1500.0,
        verdict=verdict,
        steps=len(results),
        failed=failed,
        skipped=0,
    )
    return [*(StepItem(case, one) for one in results), CaseItem(ended)]


def summary(**changes: Any) -> RunSummary:
    """The numbers of a Run."""
    numbers: dict[str, Any] = {
        "started": STARTED,
        "elapsed": 3000.0,
        "cases": 2,
        "passed": 2,
        "steps": 4,
        "checks": 3,
        "failed_checks": 0,
        "requests": 5,
        "verdicts": ((Verdict.PASSED, 2),),
    }
    return RunSummary(**numbers | changes)


def written(
    writer: EvidenceWriter,
    items: Sequence[EvidenceItem],
    *,
    head: EvidenceHead = HEAD,
    ended: RunSummary | None = None,
    masked: tuple[Masking, ...] = (),
) -> None:
    """Have a writer write a whole report."""
    writer.begin(head)
    for one in items:
        writer.add(one)
    writer.end(ended, masked)


def names(folder: Path) -> list[str]:
    """The names of all that is in a folder, hidden ones too."""
    return sorted(one.name for one in folder.iterdir())
