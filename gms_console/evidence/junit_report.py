"""JUnit XML: what CI servers read of a Run."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

from gms_console.evidence.items import (
    CaseItem,
    EvidenceHead,
    EvidenceItem,
    Masking,
    StepItem,
)
from gms_console.evidence.junit_cases import TestCase, Wrong, place_of, test_cases
from gms_console.evidence.output import ReportFile, Spool
from gms_console.runner.results import Case, RunSummary

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(slots=True)
class _Counts:
    """Numbers that stand on a suite and on the root; `seconds` are those of the suites."""

    tests: int = 0
    failures: int = 0
    errors: int = 0
    skipped: int = 0
    seconds: float = 0.0

    def count(self, wrong: Wrong | None) -> None:
        self.tests += 1
        self.failures += wrong is not None and wrong.element == "failure"
        self.errors += wrong is not None and wrong.element == "error"
        self.skipped += wrong is not None and wrong.element == "skipped"

    def add(self, other: _Counts) -> None:
        self.tests += other.tests
        self.failures += other.failures
        self.errors += other.errors
        self.skipped += other.skipped
        self.seconds += other.seconds

    def attributes(self, seconds: float) -> str:
        return _attributes(
            tests=str(self.tests),
            failures=str(self.failures),
            errors=str(self.errors),
            skipped=str(self.skipped),
            time=f"{seconds:.3f}",
        )


@dataclass(slots=True)
class _Suite:
    """A case under way: its test cases as text, which are few."""

    case: Case
    started: datetime
    counts: _Counts = field(default_factory=_Counts)
    places: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)


class JunitReport:
    """Writes a suite for each case as it ends; the root with the totals comes at the end.

    Exactly one of `file` and `stream` is given.
    """

    def __init__(self, file: Path | None, stream: TextIO | None = None) -> None:
        self._target, self._stream = file, stream
        self._out: ReportFile | None = None
        self._spool: Spool | None = None
        self._head: EvidenceHead | None = None
        self._suites: dict[int, _Suite] = {}
        self._totals = _Counts()

    def begin(self, head: EvidenceHead) -> None:
        """Start the file. Raises OSError."""
        self._head = head
        self._out = ReportFile(self._target, self._stream)
        self._spool = Spool(self._out.folder)

    def add(self, item: EvidenceItem) -> None:
        """Take note of a step; write the suite of a case that ended. Raises OSError."""
        if isinstance(item, StepItem):
            self._step(item)
        elif isinstance(item, CaseItem):
            result = item.result
            suite = self._suites.pop(result.case.number, _Suite(result.case, result.started))
            suite.started = result.started
            suite.counts.seconds = result.elapsed / 1000
            self._write(suite)

    def end(self, summary: RunSummary | None, masked: tuple[Masking, ...]) -> None:  # noqa: ARG002
        """Write the root with the totals, and put the file in place. Raises OSError."""
        for suite in self._suites.values():  # cases that never ended
            self._write(suite)
        self._suites.clear()
        out, spool, head = self._open()
        seconds = self._totals.seconds if summary is None else summary.elapsed / 1000
        named = _attributes(name=head.title, timestamp=_time(head.started))
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        out.write(f"<testsuites{named}{self._totals.attributes(seconds)}>\n")
        for part in spool.parts():
            out.write_bytes(part)
        spool.close()
        out.write("</testsuites>\n")
        out.keep()

    def abandon(self) -> None:
        """Leave nothing behind."""
        if self._out is not None:
            self._out.abandon()
        if self._spool is not None:
            self._spool.close()

    def _step(self, item: StepItem) -> None:
        case, result = item.case, item.result
        suite = self._suites.setdefault(case.number, _Suite(case, result.started))
        if result.exchange is not None:
            suite.places = suite.places or place_of(result.exchange)
        for one in test_cases(case.flow, result):
            suite.counts.count(one.wrong)
            suite.counts.seconds += one.seconds
            suite.texts.append(_test_case(one))

    def _write(self, suite: _Suite) -> None:
        _, spool, _ = self._open()
        self._totals.add(suite.counts)
        case = suite.case
        named = _attributes(
            name=case.title, id=str(case.number - 1), timestamp=_time(suite.started)
        )
        spool.write(f"  <testsuite{named}{suite.counts.attributes(suite.counts.seconds)}>\n")
        spool.write(_properties(suite))
        for text in suite.texts:
            spool.write(text)
        spool.write("  </testsuite>\n")

    def _open(self) -> tuple[ReportFile, Spool, EvidenceHead]:
        if self._out is None or self._spool is None or self._head is None:
            raise ValueError("the report was not begun")
        return self._out, self._spool, self._head


def _properties(suite: _Suite) -> str:
    """Give where the case ran, and the values of its data row."""
    pairs = [(name, value) for name, value in suite.places.items() if value]
    pairs += [(f"row.{name}", value) for name, value in suite.case.data]
    if suite.case.repetitions > 1:
        pairs.append(("repetition", str(suite.case.repetition)))
    if not pairs:
        return ""
    lines = (f"      <property{_attributes(name=name, value=value)}/>\n" for name, value in pairs)
    return f"    <properties>\n{''.join(lines)}    </properties>\n"


def _test_case(case: TestCase) -> str:
    named = _attributes(name=case.name, classname=case.classname, time=f"{case.seconds:.3f}")
    inner = "" if case.wrong is None else _wrong(case.wrong)
    if case.out:
        inner += f"      <system-out>{_text(case.out)}</system-out>\n"
    return (
        f"    <testcase{named}>\n{inner}    </testcase>\n" if inner else f"    <testcase{named}/>\n"
    )


def _wrong(wrong: Wrong) -> str:
    if wrong.element == "skipped":
        return f"      <skipped{_attributes(message=wrong.message)}/>\n"
    named = _attributes(message=wrong.message, type=wrong.kind)
    return f"      <{wrong.element}{named}>{_text(wrong.text)}</{wrong.element}>\n"


def _attributes(**values: str) -> str:
    return "".join(f" {name}={quoteattr(_clean(value))}" for name, value in values.items())


def _text(text: str) -> str:
    return escape(_clean(text))


def _clean(text: str) -> str:
    """Take out the characters that XML cannot hold, however they are escaped."""
    return _NOT_XML.sub("", text)


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
