"""The EvidenceDesk: writes what was sent and received for others, redacted, after a preview."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Signal

from gms_console.evidence.heads import head_of
from gms_console.evidence.items import EvidenceHead, EvidenceWriter, ScreenItem
from gms_console.evidence.preview import preview
from gms_console.evidence.redaction import Redactor
from gms_console.evidence.rules import RedactionRules
from gms_console.evidence.session_evidence import SessionTally, in_thread, session_evidence
from gms_console.evidence.session_pieces import ExchangePiece
from gms_console.history import HistoryQuery, HistoryRow
from gms_console.instance import Instance
from gms_console.model.exchange import Exchange

from ..sharing import known_secrets
from .choice import FORMATS, EvidenceChoice, KeptChoices, Scope, ScopeKind
from .sources import now, place_texts, source_of

if TYPE_CHECKING:
    from gms_console.evidence.preview import PreviewRow
    from gms_console.evidence.run_evidence import ReportFailure
    from gms_console.trail import Screen

    from ..console import Console
    from ..flows.run_record import RunRecord

PREVIEWED = 200
"""Exchanges that a preview looks through; the reports mask all of them."""

_WRITERS = {
    "html": ("html_report", "HtmlReport"),
    "har": ("har_report", "HarReport"),
    "jsonl": ("jsonl_report", "JsonlReport"),
    "junit": ("junit_report", "JunitReport"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What would be masked: a row for each different value, and `more` that are not listed.

    `seen` of `total` requests were looked at.
    """

    rows: Sequence[PreviewRow] = ()
    more: int = 0
    seen: int = 0
    total: int = 0
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How an export ended: the files that were written, or why there are none."""

    files: tuple[Path, ...] = ()
    text: str = ""
    trouble: str = ""


class EvidenceDesk(QObject):
    """One export at a time.

    `previewed` brings a Preview, `progressed` how many pieces are done and of how many, `ended`
    an Outcome.
    """

    previewed = Signal(object)
    progressed = Signal(int, int)
    ended = Signal(object)

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._console = console
        self.kept = KeptChoices.from_data(console.evidence_choices)
        self._looking: asyncio.Task[None] | None = None
        self._exporting: asyncio.Task[None] | None = None

    @property
    def exporting(self) -> bool:
        """Whether an export is under way."""
        return self._exporting is not None

    # --- scopes --------------------------------------------------------------------------------

    def session_scope(self) -> Scope:
        """All of this start."""
        since = self._console.started
        return Scope(
            kind=ScopeKind.SESSION,
            text=f"This session, since {since.astimezone():%H:%M}",
            title="Session",
            query=HistoryQuery(since=since),
        )

    def rows_scope(self, rows: Sequence[HistoryRow]) -> Scope:
        """Rows chosen in the history."""
        count = len(rows)
        return Scope(
            kind=ScopeKind.ROWS,
            text=f"{count} chosen row{'' if count == 1 else 's'} of the history",
            title=rows[0].title if count == 1 else "Chosen rows",
            rows=tuple(rows),
        )

    def instance_scope(self, instance: Instance) -> Scope:
        """All of one instance."""
        named = f"{instance.service} {instance.id}".strip()
        return Scope(
            kind=ScopeKind.INSTANCE,
            text=f"The instance {named}",
            title=instance.service or "Instance",
            instance=instance.id,
        )

    def run_scope(self, record: RunRecord) -> Scope:
        """All that a run sent, with what came of its checks."""
        title = ", ".join(one.flow.title for one in record.plan.flows)
        return Scope(kind=ScopeKind.RUN, text=f"The run of “{title}”", title=title, run=record)

    def scopes(self, first: Scope | None = None) -> list[Scope]:
        """Give what can be exported, the one that is asked for first."""
        selected = self._console.live.selected
        found = [first] if first is not None else []
        if selected is not None and (first is None or first.instance != selected.id):
            found.append(self.instance_scope(selected))
        if first is None or first.kind is not ScopeKind.SESSION:
            found.append(self.session_scope())
        return found

    def screens_of(self, scope: Scope) -> list[tuple[Instance, list[Screen]]]:
        """Give the screens of phones that belong to a scope, of instances that are here."""
        found = []
        for instance in self._console.session.instances:
            screens = [one for one in instance.trail.screens if _covers(scope, instance, one)]
            if screens:
                found.append((instance, screens))
        return found

    @property
    def folder(self) -> Path:
        """Where evidence was written last, else the documents of the person."""
        if self.kept.folder and Path(self.kept.folder).is_dir():
            return Path(self.kept.folder)
        kind = QStandardPaths.StandardLocation.DocumentsLocation
        place = Path(QStandardPaths.writableLocation(kind) or Path.home())
        return place if place.is_dir() else Path.home()

    # --- what would be masked --------------------------------------------------------------------

    def look(self, scope: Scope, rules: RedactionRules) -> None:
        """Find out what would be masked; `previewed` follows. The latest question wins."""
        if self._looking is not None:
            self._looking.cancel()
        self._looking = self._console.session.tasks.start(
            self._look(scope, rules), name="preview what is masked", owner=self
        )

    async def _look(self, scope: Scope, rules: RedactionRules) -> None:
        source = source_of(self._console, scope)
        pieces = [one for one in await source.pieces() if isinstance(one, ExchangePiece)]
        found: list[Exchange] = []
        for piece in pieces[:PREVIEWED]:
            exchange = await source.load(piece.exchange_id)
            if exchange is not None:
                found.append(exchange)
        secrets = set(known_secrets(self._console))
        if scope.run is not None:
            secrets |= scope.run.secrets
        try:
            shown = await in_thread(lambda: preview(found, rules, secrets))
        except OSError as error:
            self.previewed.emit(Preview(trouble=error_text(error)))
            return
        self.previewed.emit(
            Preview(rows=shown.rows, more=shown.more, seen=len(found), total=len(pieces))
        )

    def stop_looking(self) -> None:
        """Nobody wants to know any more."""
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None

    # --- writing ---------------------------------------------------------------------------------

    def export(self, choice: EvidenceChoice) -> None:
        """Write evidence; `progressed` and `ended` follow."""
        if self._exporting is not None:
            return
        screens: tuple[ScreenItem, ...] = ()
        if choice.screens:
            from ..phone.pictures import phone_pictures  # noqa: PLC0415 - the phone comes with it

            screens = phone_pictures(self._console, self.screens_of(choice.scope))
        self.kept = self.kept.of(choice)
        self._console.evidence_choices = self.kept.as_data()
        self._exporting = self._console.session.tasks.start(
            self._export(choice, screens), name="export evidence", owner=self
        )

    def cancel(self) -> None:
        """End an export; nothing of it stays."""
        if self._exporting is not None:
            self._exporting.cancel()

    async def _export(self, choice: EvidenceChoice, screens: tuple[ScreenItem, ...]) -> None:
        outcome = Outcome(trouble="Nothing was written: it was cancelled.")
        try:
            outcome = await self._write(choice, screens)
        except OSError as error:
            outcome = Outcome(trouble=f"Nothing was written. {error_text(error)}")
        except Exception as error:
            outcome = Outcome(trouble=f"Nothing was written. {reason_text(error)}")
            raise
        finally:
            self._exporting = None
            self.ended.emit(outcome)

    async def _write(self, choice: EvidenceChoice, screens: tuple[ScreenItem, ...]) -> Outcome:
        files = choice.files
        writers: list[EvidenceWriter] = []
        try:
            writers += (writer_of(kind, file) for kind, file in files.items())
        except OSError:
            for writer in writers:
                writer.abandon()
            raise
        redactor = Redactor(choice.rules, known_secrets(self._console))
        progress = self.progressed.emit
        if choice.scope.run is not None:
            return await self._write_run(choice, choice.scope.run, writers, redactor, screens)
        head, source = await self._head(choice), source_of(self._console, choice.scope)
        tally = await session_evidence(
            source, writers, redactor, head, screens=screens, progress=progress
        )
        return Outcome(files=tuple(files.values()), text=tally_text(tally))

    async def _write_run(
        self,
        choice: EvidenceChoice,
        record: RunRecord,
        writers: list[EvidenceWriter],
        redactor: Redactor,
        screens: tuple[ScreenItem, ...],
    ) -> Outcome:
        """Write what a run's own reports have: its checks, verdicts and rows."""
        from ..flows.run_evidence_export import (  # noqa: PLC0415 - with the first run
            run_head,
            run_tally_text,
            write_run,
        )

        own = tuple(zip(choice.files.items(), writers, strict=True))
        head = run_head(record, choice.title or choice.scope.title, choice.note)
        tally = await write_run(
            record, list(writers), redactor, head, screens, self.progressed.emit
        )
        failed = {id(one.writer) for one in tally.failures}
        names = {id(writer): FORMATS[kind][0] for (kind, _), writer in own}
        trouble = failed_text(tally.failures, names)
        files = tuple(file for (_, file), writer in own if id(writer) not in failed)
        return Outcome(files=files, text=run_tally_text(tally), trouble=trouble)

    async def _head(self, choice: EvidenceChoice) -> EvidenceHead:
        source = source_of(self._console, choice.scope)
        pieces = [one for one in await source.pieces() if isinstance(one, ExchangePiece)]
        pieces.sort(key=lambda one: one.at)
        begun = pieces[0].at.astimezone() if pieces else now()
        places = []
        for piece in pieces[:PREVIEWED]:
            exchange = await source.load(piece.exchange_id)
            places += [exchange] if exchange is not None else []
        head = head_of(choice.title or choice.scope.title, place_texts(places), choice.note)
        return replace(head, started=begun, zone=begun.tzname() or "")


def _covers(scope: Scope, instance: Instance, screen: Screen) -> bool:
    """Whether a screen belongs to a scope: by its instance, else by what brought it and when."""
    if scope.instance:
        return instance.id == scope.instance
    if scope.rows:
        # The row of a create has no instance yet; its answer brought a screen all the same.
        wanted = {row.instance_id for row in scope.rows} | {row.exchange for row in scope.rows}
        return instance.id in wanted or screen.exchange_id in wanted
    if scope.run is not None:
        return scope.run.has(screen.exchange_id)
    return scope.covers(screen.at)


def writer_of(kind: str, file: Path) -> EvidenceWriter:
    """Make the writer of a format. Raises OSError."""
    module, name = _WRITERS[kind]
    writer: EvidenceWriter = getattr(import_module(f"gms_console.evidence.{module}"), name)(file)
    return writer


def error_text(error: OSError) -> str:
    """Say what went wrong with a file."""
    name = f"{error.filename}: " if error.filename else ""
    return f"{name}{error.strerror or error}"


def reason_text(error: Exception) -> str:
    """Say what kept a report from being written; an error of the program by its kind too."""
    if isinstance(error, OSError):
        return error_text(error)
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def failed_text(failures: Sequence[ReportFailure], names: Mapping[int, str]) -> str:
    """Say which reports were not written, and why; `names` are theirs by the ids of writers."""
    return "\n".join(
        f"{names[id(one.writer)]} was not written. {reason_text(one.error)}" for one in failures
    )


def tally_text(tally: SessionTally) -> str:
    """Say what was written."""
    parts = [f"{tally.exchanges:,} request{'' if tally.exchanges == 1 else 's'}"]
    if tally.polls:
        parts.append(f"{tally.polls:,} poll{'' if tally.polls == 1 else 's'}")
    if tally.screens:
        parts.append(f"{tally.screens} picture{'' if tally.screens == 1 else 's'}")
    masked = sum(one.places for one in tally.masked)
    parts.append(f"{masked:,} place{'' if masked == 1 else 's'} masked")
    gone = f" {tally.missing:,} are no longer kept." if tally.missing else ""
    return f"{', '.join(parts)}.{gone}"
