"""What evidence is made of and how, as a person chose it; kept in the workspace without secrets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gms_console.evidence.rules import RedactionRules
from gms_console.history import HistoryQuery, HistoryRow

if TYPE_CHECKING:
    from ..flows.run_record import RunRecord

FORMATS = {
    "html": ("HTML report", ".html"),
    "har": ("HAR 1.2", ".har"),
    "jsonl": ("JSON lines", ".jsonl"),
    "junit": ("JUnit", ".xml"),
}
"""The formats of evidence: their names and the suffixes of their files."""

OF_CHECKS = frozenset({"junit"})
"""Formats that tell of checks, which only a run has."""


class ScopeKind(StrEnum):
    """Of what evidence is made."""

    SESSION = "session"
    ROWS = "rows"
    INSTANCE = "instance"
    RUN = "run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is exported. `text` names it for people, `title` is what a report of it is called.

    `rows` are those chosen in the history; else `query` finds what there is. `instance` is the id
    of the one that it is about, empty for all. `run` has what a run told.
    """

    kind: ScopeKind
    text: str
    title: str
    rows: Sequence[HistoryRow] = ()
    query: HistoryQuery = field(default_factory=HistoryQuery)
    instance: str = ""
    run: RunRecord | None = None

    @property
    def trouble(self) -> str:
        """Why there is nothing to export; empty where there is."""
        if self.run is None or not self.run.too_much:
            return ""
        from ..flows.run_record import TOO_MUCH  # noqa: PLC0415 - loaded with the first run

        return TOO_MUCH

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats that it can be written in."""
        return tuple(kind for kind in FORMATS if self.run is not None or kind not in OF_CHECKS)

    @property
    def since(self) -> datetime | None:
        """When it begins."""
        return self.query.since

    def covers(self, moment: datetime) -> bool:
        """Whether a moment is within its time."""
        return self.since is None or moment >= self.since


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceChoice:
    """How evidence of a Scope is written. `file` has no suffix: each format has its own."""

    scope: Scope
    file: Path
    formats: tuple[str, ...] = ("html",)
    title: str = ""
    note: str = ""
    rules: RedactionRules = field(default_factory=RedactionRules)
    screens: bool = False

    @property
    def files(self) -> dict[str, Path]:
        """The file of each format that is written."""
        return {
            kind: self.file.with_name(self.file.name + FORMATS[kind][1]) for kind in self.formats
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptChoices:
    """What the next export begins with."""

    formats: tuple[str, ...] = ("html",)
    rules: RedactionRules = field(default_factory=RedactionRules)
    folder: str = ""

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> KeptChoices:
        """Read what `as_data` gave; what cannot be read is as by default, which masks more."""
        formats = data.get("formats")
        known = [one for one in formats if one in FORMATS] if isinstance(formats, list) else []
        folder = data.get("folder")
        return cls(
            formats=tuple(dict.fromkeys(known)) or ("html",),
            rules=RedactionRules.from_data(data.get("rules")),
            folder=folder if isinstance(folder, str) else "",
        )

    def as_data(self) -> dict[str, Any]:
        """Give what can be written as JSON."""
        return {
            "formats": list(self.formats),
            "rules": self.rules.as_data(),
            "folder": self.folder,
        }

    def of(self, choice: EvidenceChoice) -> KeptChoices:
        """Give what is kept of a choice."""
        return replace(
            self,
            formats=choice.formats,
            rules=choice.rules,
            folder=str(choice.file.parent),
        )


def stem_of(text: str) -> str:
    """Make the name of a file of what is exported; nothing in it needs quoting anywhere."""
    kept = "".join(one if one.isascii() and one.isalnum() else "-" for one in text.lower())
    parts = [part for part in kept.split("-") if part]
    return "-".join(parts)[:60] or "evidence"
