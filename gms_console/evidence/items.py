"""What a piece of evidence is made of; writers of all formats take these, one by one.

Items come redacted: a writer writes what it gets.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from gms_console.model.answer import Answer
from gms_console.model.exchange import Exchange
from gms_console.model.timeline import Attempt, StateSpan
from gms_console.runner.results import Case, CaseResult, RunSummary, StepResult


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceHead:
    """What stands at the top: of what, when, where, and with which versions.

    `started` knows its zone, that of the person who made it; `zone` names it. `places` are the
    Environments and nodes that were sent to, as people call them, with their base URLs.
    `versions` are pairs such as (`GMS Console`, `0.2.0`).
    """

    title: str
    started: datetime
    zone: str
    places: tuple[tuple[str, str], ...] = ()
    versions: tuple[tuple[str, str], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """A file that was sent in a row; what is known of it is read when the evidence is made.

    `size` is in bytes as it was sent, `sha256` (hex) that of the file as it is now; both are None
    where they are not known. `trouble` says that it has changed since, or is gone.
    """

    key: str
    name: str
    content_type: str = ""
    size: int | None = None
    sha256: str | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeItem:
    """One Exchange. `section` is the case or the instance that it stands under, `step` its step.

    `attempt` counts from 1 within the poll `poll`, and is None for a request of its own.
    `log_strings` are what to search the logs of GMS for. `files` are those that were sent, in the
    order of the rows. `body_size` and `body_sha256` (hex) are those of the answer's body before
    it was redacted; None and empty where no answer came.
    """

    exchange: Exchange
    answer: Answer
    section: str = ""
    step: str = ""
    poll: str = ""
    attempt: int | None = None
    note: str = ""
    log_strings: tuple[str, ...] = ()
    files: tuple[SentFile, ...] = ()
    body_size: int | None = None
    body_sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollItem:
    """A poll as one thing; its Exchanges are items of their own, before this one.

    `wanted` says what it waited for, how often and how long: a name and a text each.
    """

    title: str
    section: str
    poll: str
    instance_id: str
    outcome: str
    reason: str
    started: datetime
    elapsed: float
    attempts: tuple[Attempt, ...] = ()
    spans: tuple[StateSpan, ...] = ()
    note: str = ""
    wanted: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenItem:
    """A picture of the phone: PNG bytes. It shows what a redaction cannot reach."""

    png: bytes = field(repr=False)
    caption: str
    at: datetime
    section: str = ""


@dataclass(frozen=True, slots=True)
class StepItem:
    """A step has ended; its Exchanges and its PollItem were items before."""

    case: Case
    result: StepResult


@dataclass(frozen=True, slots=True)
class CaseItem:
    """A case has ended."""

    result: CaseResult


EvidenceItem = ExchangeItem | PollItem | ScreenItem | StepItem | CaseItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Masking:
    """What was masked and why: a line of the report. `values` counts different ones."""

    rule: str
    reason: str
    places: int
    values: int


class EvidenceWriter(Protocol):
    """Writes one format, streaming: memory does not grow with the number of items."""

    def begin(self, head: EvidenceHead) -> None:
        """Start a report. Raises OSError."""

    def add(self, item: EvidenceItem) -> None:
        """Write one item. Raises OSError."""

    def end(self, summary: RunSummary | None, masked: tuple[Masking, ...]) -> None:
        """Finish, and put the whole report in its place; `summary` is that of a Run."""

    def abandon(self) -> None:
        """Leave nothing behind of a report that will not be finished."""


def section_of(case: Case) -> str:
    """Give the section that a case's Exchanges and polls stand under; each case has its own."""
    return f"{case.number}. {case.title}"
