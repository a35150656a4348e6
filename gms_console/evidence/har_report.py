"""HAR 1.2: what was sent and came back, for the tools that read HTTP archives."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TextIO

from gms_console.evidence.har_entry import har_entry, har_json, har_time
from gms_console.evidence.items import (
    CaseItem,
    EvidenceHead,
    EvidenceItem,
    ExchangeItem,
    Masking,
    section_of,
)
from gms_console.evidence.output import ReportFile, Spool
from gms_console.runner.results import RunSummary

_WITHOUT = "Nothing was masked."


class HarReport:
    """Writes entries as they come; the pages, one for each instance, follow them.

    Exactly one of `file` and `stream` is given.
    """

    def __init__(self, file: Path | None, stream: TextIO | None = None) -> None:
        self._target, self._stream = file, stream
        self._out: ReportFile | None = None
        self._pages: Spool | None = None
        self._ids: dict[str, dict[str, str]] = {}
        self._counted = 0
        self._first = True
        self._note = ""

    def begin(self, head: EvidenceHead) -> None:
        """Start the file. Raises OSError."""
        self._out = out = ReportFile(self._target, self._stream)
        self._pages = Spool(out.folder)
        name, version = head.versions[0] if head.versions else ("GMS Console", "")
        self._note = head.note
        log = {
            "version": "1.2",
            "creator": {"name": name, "version": version},
            "_title": head.title,
            "_started": har_time(head.started),
            "_zone": head.zone,
            "_places": [{"name": place, "url": url} for place, url in head.places],
            "_versions": [{"name": one, "version": what} for one, what in head.versions],
        }
        out.write('{"log": ' + har_json(log)[:-1] + ', "entries": [')

    def add(self, item: EvidenceItem) -> None:
        """Write an Exchange; a case that ended lets its pages be forgotten. Raises OSError."""
        if isinstance(item, ExchangeItem):
            entry = har_entry(item, self._page(item))
            self._put("\n" if self._first else ",\n", entry)
            self._first = False
        elif isinstance(item, CaseItem):
            self._ids.pop(section_of(item.result.case), None)

    def end(self, summary: RunSummary | None, masked: tuple[Masking, ...]) -> None:
        """Write the pages and what was masked, and put the file in place. Raises OSError."""
        out, pages = self._open()
        out.write('\n], "pages": [')
        for part in pages.parts():
            out.write_bytes(part)
        pages.close()
        last: dict[str, Any] = {
            "comment": " ".join(filter(None, (self._note, _said(masked)))),
            "_redacted": [
                {
                    "rule": one.rule,
                    "reason": one.reason,
                    "places": one.places,
                    "values": one.values,
                }
                for one in masked
            ],
        }
        if summary is not None and summary.interrupted:
            last["_interrupted"] = True
        out.write("\n], " + har_json(last)[1:-1] + "}}\n")
        out.keep()

    def abandon(self) -> None:
        """Leave nothing behind."""
        if self._out is not None:
            self._out.abandon()
        if self._pages is not None:
            self._pages.close()

    def _page(self, item: ExchangeItem) -> str:
        """Give the page of the item's instance, made when it is first seen."""
        instance = item.exchange.operation.instance_id or item.answer.id or ""
        ids = self._ids.setdefault(item.section, {})
        if instance not in ids:
            self._counted += 1
            ids[instance] = f"page_{self._counted}"
            page = {
                "startedDateTime": har_time(item.exchange.started),
                "id": ids[instance],
                "title": _title(item.section, instance),
                "pageTimings": {"onContentLoad": -1, "onLoad": -1},
            }
            _, pages = self._open()
            pages.write(("\n" if self._counted == 1 else ",\n") + har_json(page))
        return ids[instance]

    def _put(self, before: str, entry: dict[str, Any]) -> None:
        out, _ = self._open()
        out.write(before + har_json(entry))

    def _open(self) -> tuple[ReportFile, Spool]:
        if self._out is None or self._pages is None:
            raise ValueError("the report was not begun")
        return self._out, self._pages


def _title(section: str, instance: str) -> str:
    """Name a page by what it stands under and its instance, which that may name already."""
    if not instance:
        return section or "no instance"
    return section if instance in section else f"{section}: {instance}".removeprefix(": ")


def _said(masked: tuple[Masking, ...]) -> str:
    if not masked:
        return _WITHOUT
    rules = ", ".join(f"{one.rule} ({one.places})" for one in masked)
    return f"Redacted before it was written, with the number of places: {rules}."
