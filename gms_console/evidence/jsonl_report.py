"""JSON lines: one object a line for each thing that happened, as it happened."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

from gms_console.evidence.items import (
    CaseItem,
    EvidenceHead,
    EvidenceItem,
    ExchangeItem,
    Masking,
    PollItem,
    ScreenItem,
    StepItem,
    section_of,
)
from gms_console.evidence.output import ReportFile
from gms_console.exchange_json import Explainer, exchange_json, json_line, states_json
from gms_console.model.timeline import Attempt
from gms_console.problems import explain, load_problems
from gms_console.runner.results import CaseResult, RunSummary, StepResult


class JsonlReport:
    """Writes lines as items come: a stream has each at once, a file is put in place at the end.

    Exactly one of `file` and `stream` is given. Every object has `event`. `explainer` says what
    a problem means.
    """

    def __init__(
        self,
        file: Path | None,
        stream: TextIO | None = None,
        *,
        explainer: Explainer = explain,
    ) -> None:
        self._target, self._stream, self._explainer = file, stream, explainer
        self._out: ReportFile | None = None

    def begin(self, head: EvidenceHead) -> None:
        """Start the file with the line of the run. Raises OSError."""
        self._out = ReportFile(self._target, self._stream, live=True)
        load_problems(None)  # here, as lines may be written in a thread, which imports nothing
        self._put(
            "run-started",
            title=head.title,
            started=head.started.isoformat(),
            zone=head.zone,
            places=[{"name": name, "url": url} for name, url in head.places],
            versions=dict(head.versions),
            note=head.note,
        )

    def add(self, item: EvidenceItem) -> None:
        """Write one item. Raises OSError."""
        if isinstance(item, ExchangeItem):
            self._exchange(item)
        elif isinstance(item, PollItem):
            self._put("poll", **_poll(item))
        elif isinstance(item, StepItem):
            self._put("step", case=section_of(item.case), **_step(item.result))
        elif isinstance(item, CaseItem):
            self._put("case", **_case(item.result))
        else:
            self._put("screen", **_screen(item))

    def end(self, summary: RunSummary | None, masked: tuple[Masking, ...]) -> None:
        """Write the line of the end, and put the file in place. Raises OSError."""
        self._put("run-ended", **_summary(summary), masked=_masked(masked))
        if self._out is not None:
            self._out.keep()

    def abandon(self) -> None:
        """Leave nothing behind; lines that a stream has got stay there."""
        if self._out is not None:
            self._out.abandon()

    def _exchange(self, item: ExchangeItem) -> None:
        fields = {
            "case": item.section,
            "step": item.step,
            "poll": item.poll,
            "attempt": item.attempt,
            "id": item.exchange.id,
            "started": item.exchange.started.isoformat(),
            "environment": item.exchange.environment,
            "node": item.exchange.node,
            "instance": item.exchange.operation.instance_id or item.answer.id,
            "note": item.note,
            "log_search": list(item.log_strings),
            "body_size": item.body_size,
            "body_sha256": item.body_sha256,
            "body_cut": _is_cut(item),
        }
        data = exchange_json(item.exchange, self._explainer, redacted=True)
        try:
            self._put("exchange", **fields, **data)
        except RecursionError:
            # A dialog may be nested as deeply as can just be read; the body still holds it.
            data["answer"]["dialog"] = None
            self._put("exchange", **fields, **data)

    def _put(self, event: str, **fields: Any) -> None:  # noqa: ANN401 - JSON
        if self._out is None:
            raise ValueError("the report was not begun")
        self._out.write(json_line({"event": event, **fields}))


def _is_cut(item: ExchangeItem) -> bool:
    """Whether `body` is only a part of the answer's body."""
    response = item.exchange.response
    return response is not None and (response.stored is not None or not response.complete)


def _poll(item: PollItem) -> dict[str, Any]:
    return {
        "case": item.section,
        "poll": item.poll,
        "title": item.title,
        "instance": item.instance_id,
        "outcome": item.outcome,
        "reason": item.reason,
        "started": item.started.isoformat(),
        "elapsed_ms": round(item.elapsed, 3),
        "attempts": len(item.attempts),
        "faults": _faults(item.attempts),
        "states": states_json(item.spans),
        "note": item.note,
    }


def _faults(attempts: Iterable[Attempt]) -> list[dict[str, Any]]:
    return [
        {"attempt": one.number, "fault": one.fault} for one in attempts if one.fault is not None
    ]


def _step(result: StepResult) -> dict[str, Any]:
    return {
        "index": result.index,
        "kind": result.step.kind.value,
        "title": result.title,
        "started": result.started.isoformat(),
        "elapsed_ms": round(result.elapsed, 3),
        "verdict": result.verdict.value,
        "message": result.message,
        "checks": [
            {"check": one.text, "passed": one.passed, "found": one.found} for one in result.checks
        ],
        "captured": dict(result.captured),
        "instance": result.instance_id,
        "exchange": result.exchange.id if result.exchange is not None else None,
        "poll": result.poll
        and {"outcome": result.poll.outcome.value, "reason": result.poll.reason},
    }


def _case(result: CaseResult) -> dict[str, Any]:
    case = result.case
    return {
        "case": section_of(case),
        "title": case.title,
        "number": case.number,
        "flow": case.flow.title,
        "row": case.row,
        "data": dict(case.data),
        "repetition": case.repetition,
        "started": result.started.isoformat(),
        "elapsed_ms": round(result.elapsed, 3),
        "verdict": result.verdict.value,
        "steps": result.steps,
        "failed": result.failed,
        "skipped": result.skipped,
    }


def _screen(item: ScreenItem) -> dict[str, Any]:
    """Give where a picture belongs; the picture itself is for reports that show it."""
    return {
        "case": item.section,
        "caption": item.caption,
        "at": item.at.isoformat(),
        "size": len(item.png),
    }


def _summary(summary: RunSummary | None) -> dict[str, Any]:
    """Give the numbers of a Run; evidence of a session has none."""
    if summary is None:
        return {}
    return {
        "started": summary.started.isoformat(),
        "elapsed_ms": round(summary.elapsed, 3),
        "ok": summary.ok,
        "interrupted": summary.interrupted,
        "cases": summary.cases,
        "passed": summary.passed,
        "steps": summary.steps,
        "checks": summary.checks,
        "failed_checks": summary.failed_checks,
        "requests": summary.requests,
        "verdicts": {verdict.value: count for verdict, count in summary.verdicts},
    }


def _masked(masked: tuple[Masking, ...]) -> list[dict[str, Any]]:
    return [
        {"rule": one.rule, "reason": one.reason, "places": one.places, "values": one.values}
        for one in masked
    ]
