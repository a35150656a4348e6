"""Reports are fed while a Run goes on; one that fails does not take the others with it."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from gms_console.evidence.items import (
    CaseItem,
    EvidenceHead,
    EvidenceItem,
    ExchangeItem,
    Masking,
    PollItem,
    StepItem,
)
from gms_console.evidence.redaction import Redactor
from gms_console.evidence.run_evidence import RunEvidence
from gms_console.flow.types import Flow, Operator, ValueCheck
from gms_console.model.environment import Environment
from gms_console.model.form import Form
from gms_console.runner.events import (
    CaseEnded,
    CaseStarted,
    ExchangeDone,
    RunEnded,
    RunEvent,
    RunStarted,
    StepEnded,
    StepStarted,
)
from gms_console.runner.results import Case, CaseResult, CheckResult, RunSummary, Verdict
from tests.engine.evidence_items import CREATE, HEAD, STARTED, create, polled, status, step, summary

PHONE = "+16504669999"
PLACE = Environment.parse("http://gms.example:8080", name="qa")


@dataclass
class Kept:
    """A writer that keeps what it gets, and fails when it is told to."""

    fails_at: int | None = None
    begins: bool = True
    items: list[EvidenceItem] = field(default_factory=list)
    ended: bool = False
    abandoned: bool = False
    head: EvidenceHead | None = None
    masked: tuple[Masking, ...] = ()
    threads: set[str] = field(default_factory=set)

    def begin(self, head: EvidenceHead) -> None:
        if not self.begins:
            raise PermissionError(13, "Permission denied", "report.html")
        self.head = head

    def add(self, item: EvidenceItem) -> None:
        if len(self.items) == self.fails_at:
            raise OSError(28, "No space left on device")
        self.threads.add(threading.current_thread().name)
        self.items.append(item)

    def end(self, summary: RunSummary | None, masked: tuple[Masking, ...]) -> None:
        assert summary is not None
        self.ended, self.masked = True, masked

    def abandon(self) -> None:
        self.abandoned = not self.ended


def case() -> Case:
    flow = Flow(
        name=f"Call {PHONE}",
        vars=(("phone", PHONE),),
        steps=(replace(CREATE, form=Form.of(("_phone_number", PHONE))),),
        file=Path("/home/ada/call.yaml"),
    )
    return Case(number=1, flow=flow, data=(("phone", PHONE), ("city", "Wien")), row=1)


def events(*, end: bool = True) -> list[RunEvent]:
    """A run of one create that fails a check, and one poll of two attempts."""
    one = case()
    made = create()
    made = replace(made, request=replace(made.request, form=Form.of(("_phone_number", PHONE))))
    check = CheckResult(
        check=ValueCheck("_customer_number", Operator.EQUALS, PHONE),
        passed=False,
        text=f"_customer_number equals {PHONE}",
        found="6504669999",
    )
    failed = step(
        0, Verdict.FAILED, checks=(check,), captured=(("number", PHONE),), exchange=made,
        message=f"_customer_number is not {PHONE}",
    )  # fmt: skip
    first, second = status("queued"), status()
    told: list[RunEvent] = [
        RunStarted(STARTED, 1),
        CaseStarted(one, PLACE),
        StepStarted(one, 0, one.flow.steps[0]),
        ExchangeDone(one, 0, made),
        StepEnded(one, failed),
        StepStarted(one, 1, step(1).step),
        ExchangeDone(one, 1, first),
        ExchangeDone(one, 1, replace(second, redirected_from=first)),
        ExchangeDone(one, 1, status()),
        StepEnded(one, step(1, poll=polled(), exchange=second)),
        CaseEnded(
            CaseResult(
                case=one, started=STARTED, elapsed=9.0, verdict=Verdict.FAILED,
                steps=2, failed=1, skipped=0,
            )
        ),
    ]  # fmt: skip
    return [*told, RunEnded(summary())] if end else told


def told(writers: Sequence[Kept], happened: Sequence[RunEvent]) -> RunEvidence:
    evidence = RunEvidence(writers, Redactor(), replace(HEAD, note=f"Call {PHONE}"))
    for event in happened:
        evidence(event)
    return evidence


def test_items_come_in_order_and_redacted() -> None:
    writer = Kept()
    evidence = told([writer], events())
    assert evidence.finish() == ()
    assert writer.ended
    assert PHONE not in repr((writer.items, writer.head))
    assert "6504669999" not in repr(writer.items)
    kinds = [type(item) for item in writer.items]
    assert kinds == [
        ExchangeItem, StepItem,
        ExchangeItem, ExchangeItem, ExchangeItem, PollItem, StepItem,
        CaseItem,
    ]  # fmt: skip
    exchanges = [item for item in writer.items if isinstance(item, ExchangeItem)]
    assert [item.attempt for item in exchanges] == [None, 1, 1, 2]
    assert {item.section for item in exchanges} == {"1. Call [phone-1], row 1"}
    assert writer.head is not None
    assert writer.head.note == "Call [phone-1]"
    assert evidence.masked == writer.masked
    assert [one.values for one in writer.masked] == [1]


def test_the_result_of_a_step_is_redacted_as_its_exchange_is() -> None:
    writer = Kept()
    told([writer], events()).finish()
    first = next(item for item in writer.items if isinstance(item, StepItem))
    assert first.result.message == "_customer_number is not [phone-1]"
    assert first.result.captured == (("number", "[phone-1]"),)
    assert first.result.checks[0].text == "_customer_number equals [phone-1]"
    assert first.result.checks[0].found == "[phone-1]"
    assert first.case.data == (("phone", "[phone-1]"), ("city", "Wien"))
    assert first.case.flow.vars == (("phone", "[phone-1]"),)
    assert first.case.flow.file == Path("call.yaml")
    exchange = next(item for item in writer.items if isinstance(item, ExchangeItem))
    assert first.result.exchange is exchange.exchange


def test_names_of_files_and_paths_of_checks_are_masked_too() -> None:
    path = f"calls[?number == '{PHONE}'].state"
    only = replace(
        CREATE,
        expect=(ValueCheck(path, Operator.EQUALS, "done"),),
        until=(ValueCheck(path, Operator.EXISTS, True),),
        capture=(("state", path),),
    )
    flow = Flow(steps=(only,), file=Path(f"/home/ada/call {PHONE}.yaml"))
    one = Case(number=1, flow=flow)
    writer = Kept()
    told([writer], [CaseStarted(one, PLACE), StepEnded(one, replace(step(0), step=only))]).finish()
    (item,) = writer.items
    assert isinstance(item, StepItem)
    assert (item.case.title, item.case.flow.file) == ("call [phone-1]", Path("call [phone-1].yaml"))
    (until,) = item.result.step.until
    assert until.path == "calls[?number == '[phone-1]'].state"
    assert PHONE not in repr(item)


def test_one_report_that_fails_does_not_end_the_others() -> None:
    good, full = Kept(), Kept(fails_at=2)
    evidence = told([full, good], events())
    (failure,) = evidence.finish()
    assert failure.writer is full
    assert isinstance(failure.error, OSError)
    assert full.abandoned
    assert not full.ended
    assert good.ended
    assert len(good.items) == 8


def test_a_report_that_cannot_begin_is_told_before_anything_is_sent() -> None:
    first, second = Kept(), Kept(begins=False)
    with pytest.raises(PermissionError):
        RunEvidence([first, second], Redactor(), HEAD)
    assert first.abandoned
    assert second.abandoned


def test_a_run_without_an_end_leaves_no_report() -> None:
    writer = Kept()
    assert told([writer], events(end=False)).finish() == ()
    assert writer.abandoned
    assert len(writer.items) == 8


def test_writing_goes_on_beside_the_run() -> None:
    writer = Kept()
    evidence = told([writer], events())
    evidence.finish()
    assert evidence.finish() == ()
    assert writer.threads == {"run evidence"}
