"""Writes evidence of a run that has ended, with all that reports have which it writes itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from gms_console.evidence.heads import head_of
from gms_console.evidence.items import EvidenceHead, EvidenceWriter, Masking, ScreenItem
from gms_console.evidence.redaction import Redactor
from gms_console.evidence.run_evidence import ReportFailure, RunEvidence
from gms_console.evidence.session_evidence import in_thread
from gms_console.runner.events import CaseEnded, CaseStarted, ExchangeDone, StepEnded
from gms_console.runner.results import Case

from .run_record import RunRecord

_Picture = tuple[Case, ScreenItem]

_BETWEEN = 100
"""Events between two looks at whether there is room, and at how far it has come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTally:
    """What was written of a run, and what could not be."""

    cases: int
    exchanges: int
    checks: int
    screens: int
    masked: tuple[Masking, ...]
    failures: tuple[ReportFailure, ...]


def run_head(record: RunRecord, title: str = "", note: str = "") -> EvidenceHead:
    """Give the head of a report of a run."""
    plan, begun = record.plan, record.begun
    places = ((one.environment.title, one.environment.base_url) for one in plan.flows)
    head = head_of(title or ", ".join(one.flow.title for one in plan.flows), places, note)
    return replace(head, started=begun, zone=begun.tzname() or "")


async def write_run(
    record: RunRecord,
    writers: Sequence[EvidenceWriter],
    redactor: Redactor,
    head: EvidenceHead,
    screens: Sequence[ScreenItem],
    progress: Callable[[int, int], None],
) -> RunTally:
    """Write the reports of a run; one that is cancelled leaves none. Raises OSError."""
    evidence = RunEvidence(writers, redactor, head, blocks=False)
    events, done = record.events, False
    pictures = _by_case(record, screens)
    try:
        for place, event in enumerate(events):
            if place % _BETWEEN == 0:
                progress(place, len(events))
                await evidence.room()
            if isinstance(event, CaseEnded):
                for case, screen in pictures.get(event.result.case.number, ()):
                    evidence.picture(case, screen)
            evidence(event)
        done = True
    finally:
        # Without its end the run is no run: all reports are given up.
        if not done:
            with suppress(Exception):
                await in_thread(evidence.finish)
    failures = await in_thread(evidence.finish)
    progress(len(events), len(events))
    return RunTally(
        cases=sum(isinstance(one, CaseStarted) for one in events),
        exchanges=sum(isinstance(one, ExchangeDone) for one in events),
        checks=sum(len(one.result.checks) for one in events if isinstance(one, StepEnded)),
        screens=sum(map(len, pictures.values())),
        masked=evidence.masked,
        failures=failures,
    )


def _by_case(record: RunRecord, screens: Sequence[ScreenItem]) -> dict[int, list[_Picture]]:
    found: dict[int, list[_Picture]] = {}
    for screen in screens:
        case = record.case_of(screen.section)
        if case is not None:
            found.setdefault(case.number, []).append((case, screen))
    return found


def run_tally_text(tally: RunTally) -> str:
    """Say what was written."""
    parts = [
        _counted(tally.exchanges, "request"),
        _counted(tally.cases, "case"),
        _counted(tally.checks, "check"),
    ]
    if tally.screens:
        parts.append(_counted(tally.screens, "picture"))
    masked = sum(one.places for one in tally.masked)
    return f"{', '.join(parts)}, {_counted(masked, 'place')} masked."


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
