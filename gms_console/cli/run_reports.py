"""The reports of a run: opened before anything is sent, fed by its events."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gms_console.runner.events import RunEvent
from gms_console.runner.plan import RunPlan

if TYPE_CHECKING:
    from gms_console.cli.run import Wanted
    from gms_console.evidence.items import EvidenceWriter
    from gms_console.evidence.run_evidence import RunEvidence


class ReportError(Exception):
    """A report that cannot be written where it is wanted; the text says why."""


class Reports:
    """Writes the wanted reports; without any, nothing of them is loaded."""

    def __init__(self, wanted: Wanted, plan: RunPlan) -> None:
        """Open all of them. Raises ReportError; none is left behind then."""
        self._files: dict[int, str] = {}
        self._evidence: RunEvidence | None = None
        if wanted.reports:
            self._evidence = self._open(wanted, plan)

    def tell(self, event: RunEvent) -> None:
        """Take an event; a RunListener."""
        if self._evidence is not None:
            self._evidence(event)

    def finish(self) -> tuple[str, ...]:
        """Wait until all are written; say which could not be, and why."""
        if self._evidence is None:
            return ()
        return tuple(
            f"{self._files[id(failure.writer)]} was not written: {_reason(failure.error)}"
            for failure in self._evidence.finish()
        )

    def _open(self, wanted: Wanted, plan: RunPlan) -> RunEvidence:
        from gms_console.evidence.heads import head_of  # noqa: PLC0415 - as the class says
        from gms_console.evidence.redaction import Redactor  # noqa: PLC0415
        from gms_console.evidence.rules import RedactionRules, Rule  # noqa: PLC0415
        from gms_console.evidence.run_evidence import RunEvidence  # noqa: PLC0415

        named = {"phone-numbers": Rule.PHONES, "e-mail-addresses": Rule.EMAILS}
        rules = RedactionRules(frozenset(named[name] for name in wanted.unmasked), wanted.mask_keys)
        places = tuple((one.environment.title, one.environment.base_url) for one in plan.flows)
        titles = list(dict.fromkeys(one.flow.title for one in plan.flows))
        title = titles[0] if len(titles) == 1 else f"Run of {len(titles)} flows"
        try:
            writers = [self._writer(kind, file) for kind, file in wanted.reports]
            return RunEvidence(writers, Redactor(rules), head_of(title, places))
        except OSError as error:
            raise ReportError(f"{error.filename or 'The report'}: {_reason(error)}") from None

    def _writer(self, kind: str, file: str) -> EvidenceWriter:
        writer = _opened(kind, file)
        self._files[id(writer)] = "The report" if file == "-" else file
        return writer


def _opened(kind: str, file: str) -> EvidenceWriter:
    path, stream = (None, sys.stdout) if file == "-" else (Path(file), None)
    match kind:
        case "html":
            from gms_console.evidence.html_report import HtmlReport  # noqa: PLC0415 - Jinja2

            return HtmlReport(path, stream)
        case "junit":
            from gms_console.evidence.junit_report import JunitReport  # noqa: PLC0415 - on demand

            return JunitReport(path, stream)
        case "har":
            from gms_console.evidence.har_report import HarReport  # noqa: PLC0415 - on demand

            return HarReport(path, stream)
        case _:
            from gms_console.evidence.jsonl_report import JsonlReport  # noqa: PLC0415 - on demand

            return JsonlReport(path, stream)


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
