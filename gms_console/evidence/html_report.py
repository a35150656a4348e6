"""The HTML report: one page that is read offline, with all that was sent and received in it."""

from __future__ import annotations

import base64
import shutil
from datetime import tzinfo
from pathlib import Path
from typing import TextIO

from gms_console.evidence.html_charts import clock_text, states_chart
from gms_console.evidence.html_store import PieceStore, Section
from gms_console.evidence.html_templates import Pages, pages
from gms_console.evidence.html_views import beside_name, exchange_view
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
from gms_console.model.exchange import Response
from gms_console.poll import PollOutcome
from gms_console.presentation import milliseconds
from gms_console.runner.results import RunSummary, Verdict

_OPEN_ALL = 3
"""Sections up to which all are open to begin with; of more only those that failed are."""

_OPEN_FAILED = 20

_MANY = 200
"""Sections from which on a browser is given what is in one only when it is opened."""

_MOST_LISTED = 300
"""Sections that the contents list, when there are many: those that failed."""

_KEPT, _KEPT_END = b"<noscript>", b"</noscript>"
"""Around what a browser with scripts takes for plain text; data cannot hold it, being escaped."""

_STEP_END = "</section>\n"
_POLL_END = "</details></section>\n"
_SECTION_END = "</div></details>\n"
_SIGNS = {Verdict.PASSED: ("✓", "good"), Verdict.SKIPPED: ("–", "none")}
_MOST_FAULTS = 5


class HtmlReport:
    """Writes the HTML report to a file, or to a stream.

    A body of more than 64 KiB, or one that is no text, lies beside the report as a file of its
    own; a stream has none beside it, so there the first part has to do.
    """

    def __init__(self, file: Path | None, stream: TextIO | None = None) -> None:
        self._file = file
        self._stream = stream
        self._pages: Pages = pages()
        self._output: ReportFile | None = None
        self._store: PieceStore | None = None
        self._head: EvidenceHead | None = None
        self._sections: dict[str, Section] = {}
        self._exchanges = self._polls = self._problems = 0

    def begin(self, head: EvidenceHead) -> None:
        """Start a report. Raises OSError."""
        self._head = head
        self._output = ReportFile(self._file, self._stream)
        self._store = PieceStore(self._output.folder)

    def add(self, item: EvidenceItem) -> None:
        """Write one item. Raises OSError."""
        if isinstance(item, ExchangeItem):
            self._exchange(item)
        elif isinstance(item, PollItem):
            self._poll(item)
        elif isinstance(item, StepItem):
            self._step(item)
        elif isinstance(item, CaseItem):
            self._case(item)
        else:
            self._screen(item)

    def end(self, summary: RunSummary | None, masked: tuple[Masking, ...]) -> None:
        """Put the pieces in order, and the whole report in its place. Raises OSError."""
        output, store, head = self._output, self._store, self._head
        if output is None or store is None or head is None:
            raise RuntimeError("a report is begun before it is ended")
        sections = self._in_order()
        output.write(self._top(head, summary, sections))
        failed = sum(1 for one in sections if not one.ok)
        for one in sections:
            wanted = not one.ok and failed <= _OPEN_FAILED
            output.write(
                self._pages.render(
                    "section",
                    one=one,
                    open=wanted or len(sections) <= _OPEN_ALL,
                    elapsed="" if one.elapsed is None else milliseconds(one.elapsed),
                )
            )
            self._inside(one, output, store, many=len(sections) > _MANY)
            output.write(_SECTION_END)
        output.write(self._pages.render("end", masked=masked, script=self._pages.script))
        output.keep()
        store.close()

    def _in_order(self) -> list[Section]:
        """Give the sections as they stand in the page: cases by number, however they ended."""
        sections = sorted(self._sections.values(), key=lambda one: one.case)
        for number, one in enumerate(sections, start=1):
            one.number = number
        return sections

    def _inside(
        self, section: Section, output: ReportFile, store: PieceStore, *, many: bool
    ) -> None:
        if many:
            output.write_bytes(_KEPT)
        for piece in section.in_order():
            data = store.bytes_of(piece)
            if many:  # it cannot stand within itself
                data = data.replace(_KEPT, b"").replace(_KEPT_END, b"")
            output.write_bytes(data)
        if many:
            output.write_bytes(_KEPT_END)

    def abandon(self) -> None:
        """Leave nothing behind of a report that will not be finished."""
        if self._output is not None:
            self._output.abandon()
        if self._store is not None:
            self._store.close()

    def _top(self, head: EvidenceHead, summary: RunSummary | None, sections: list[Section]) -> str:
        style_hash, script_hash = self._pages.hashes
        verdicts = () if summary is None else summary.verdicts
        listed = sections
        if len(sections) > _MANY:
            listed = [one for one in sections if not one.ok][:_MOST_LISTED]
        return self._pages.render(
            "head",
            head=head,
            started=head.started.isoformat(sep=" ", timespec="seconds"),
            summary=summary,
            elapsed="" if summary is None else milliseconds(summary.elapsed),
            verdicts=[(one.value, count) for one, count in verdicts if one is not Verdict.PASSED],
            exchanges=self._exchanges,
            polls=self._polls,
            problems=self._problems,
            sections=listed,
            more=len(sections) - len(listed),
            style=self._pages.style,
            style_hash=style_hash,
            script_hash=script_hash,
        )

    def _section(self, title: str) -> Section:
        found = self._sections.get(title)
        if found is None:
            found = self._sections[title] = Section(len(self._sections) + 1, title)
        return found

    def _exchange(self, item: ExchangeItem) -> None:
        self._exchanges += 1
        section = self._section(item.section)
        section.exchanges += 1
        if not item.answer.ok:
            self._problems += 1
            # In a case its steps say what failed: an error may be what was expected.
            section.failed += 0 if section.steps or section.verdict else 1
        beside, words = self._beside(item)
        view = exchange_view(item, self._zone, beside, words)
        piece = self._put("exchange", view=view, number=self._exchanges)
        section.waiting.append((item.poll, piece))

    def _beside(self, item: ExchangeItem) -> tuple[str, str]:
        """Put a large body beside the report; give where, or why it is not there."""
        output, response = self._output, item.exchange.response
        name = beside_name(item, self._exchanges)
        if not name or response is None or output is None:
            return "", ""
        path = output.beside(name)
        if path is None:
            return "", "The rest is not here: a report to a stream has no files beside it."
        _write_body(path, response)
        return f"{output.files_name}/{path.name}", ""

    def _poll(self, item: PollItem) -> None:
        self._polls += 1
        faults = [one.fault for one in item.attempts if one.fault]
        said = list(dict.fromkeys(faults))
        more = f", and {len(said) - _MOST_FAULTS} others" if len(said) > _MOST_FAULTS else ""
        ok = item.outcome in {PollOutcome.REACHED, PollOutcome.ENDED}
        head = self._put(
            "poll",
            poll=item,
            ok=ok,
            number=self._polls,
            elapsed=milliseconds(item.elapsed),
            chart=states_chart(item, self._zone),
            faults=", ".join(said[:_MOST_FAULTS]) + more,
        )
        section = self._section(item.section)
        if not (ok or section.steps or item.outcome == PollOutcome.CANCELLED):
            section.failed += 1
        section.close_poll(item.poll, head, _POLL_END)

    def _step(self, item: StepItem) -> None:
        result = item.result
        section = self._section(section_of(item.case))
        if not section.steps:
            section.failed = 0  # from here on its steps are what counts
        section.case = item.case.number
        section.steps += 1
        skipped = result.verdict is Verdict.SKIPPED
        section.failed += 0 if result.passed or skipped else 1
        sign, tone = _SIGNS.get(result.verdict, ("✗", "bad"))
        head = self._put(
            "step",
            result=result,
            ok=result.passed or skipped,
            sign=sign,
            tone=tone,
            elapsed="" if skipped else milliseconds(result.elapsed),
        )
        section.close_step(head, _STEP_END)

    def _case(self, item: CaseItem) -> None:
        result = item.result
        section = self._section(section_of(result.case))
        section.case = result.case.number
        section.verdict = result.verdict.value
        section.elapsed = result.elapsed
        section.rows = result.case.data

    def _screen(self, item: ScreenItem) -> None:
        data = base64.b64encode(item.png).decode("ascii")
        clock = clock_text(item.at, self._zone)
        piece = self._put("screen", item=item, data=data, clock=clock)
        self._section(item.section).waiting.append(("", piece))

    def _put(self, template: str, **values: object) -> tuple[int, int] | str:
        if self._store is None:
            raise RuntimeError("a report is begun before something is added")
        return self._store.put(self._pages.render(template, **values))

    @property
    def _zone(self) -> tzinfo | None:
        return None if self._head is None else self._head.started.tzinfo


def _write_body(path: Path, response: Response) -> None:
    if response.stored is not None:
        shutil.copyfile(response.stored.path, path)
    else:
        path.write_bytes(response.body)
