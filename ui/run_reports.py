"""The reports that a run in the window writes while it goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from gms_console.evidence.heads import head_of
from gms_console.evidence.redaction import Redactor
from gms_console.evidence.run_evidence import RunEvidence
from gms_console.runner.events import RunEvent
from gms_console.runner.plan import RunPlan

from .evidence_choice import KeptChoices
from .evidence_desk import error_text, writer_of
from .run_options import REPORTS
from .sharing import known_secrets

if TYPE_CHECKING:
    from .console import Console


class RunReports:
    """Begins all reports at once, with the rules that evidence was exported by last."""

    def __init__(self, console: Console, plan: RunPlan, files: Mapping[str, Path]) -> None:
        """Raises OSError, with nothing left behind, where one cannot be written."""
        self._kinds: dict[int, str] = {}
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
        places = ((one.environment.title, one.environment.base_url) for one in plan.flows)
        head = head_of(", ".join(one.flow.title for one in plan.flows), places)
        self._evidence: RunEvidence | None = RunEvidence(
            writers, Redactor(rules, known_secrets(console)), head, blocks=False
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
        return "\n".join(
            f"{self._kinds[id(one.writer)]} was not written. {_reason(one.error)}"
            for one in failures
        )


def _reason(error: Exception) -> str:
    return error_text(error) if isinstance(error, OSError) else str(error)
