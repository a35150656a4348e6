"""The reports that a run in the window writes while it goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from gms_console.evidence.redaction import Redactor
from gms_console.evidence.run_evidence import RunEvidence
from gms_console.runner.events import RunEvent

from ..evidence.choice import KeptChoices
from ..evidence.desk import failed_text, writer_of
from ..sharing import known_secrets
from .run_evidence_export import run_head
from .run_options import REPORTS
from .run_record import RunRecord

if TYPE_CHECKING:
    from ..console import Console


class RunReports:
    """Begins all reports at once, with the rules that evidence was exported by last."""

    def __init__(self, console: Console, record: RunRecord, files: Mapping[str, Path]) -> None:
        """Raises OSError, with nothing left behind, where one cannot be written."""
        self._kinds: dict[int, str] = {}
        self.written: tuple[Path, ...] = ()
        writers = []
        try:
            for kind, file in files.items():
                writers.append(writer_of(kind, file))
                self._kinds[id(writers[-1])] = REPORTS[kind][0]
        except OSError:
            for writer in writers:
                writer.abandon()
            raise
        rules = KeptChoices.from_data(console.evidence_choices).rules
        self._files = dict(files)
        redactor = Redactor(rules, known_secrets(console))
        self._evidence: RunEvidence | None = RunEvidence(
            writers, redactor, run_head(record), blocks=False
        )

    def tell(self, event: RunEvent) -> None:
        """Hear what the runner tells."""
        if self._evidence is not None:
            self._evidence(event)

    async def room(self) -> None:
        """Wait while more is to be written than may wait, before the next case begins."""
        if self._evidence is not None:
            await self._evidence.room()

    async def end(self) -> str:
        """Wait until all is written; say which reports were not, and why."""
        evidence, self._evidence = self._evidence, None
        if evidence is None:
            return ""
        failures = await asyncio.to_thread(evidence.finish)
        failed = {id(one.writer) for one in failures}
        if evidence.ended:
            kinds = zip(self._kinds, self._files.values(), strict=True)
            self.written = tuple(file for writer, file in kinds if writer not in failed)
        return failed_text(failures, self._kinds)
