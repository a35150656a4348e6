"""Writes the evidence of a Run while it goes on: listens to it, redacts once, feeds the writers."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from gms_console.evidence.exchange_items import exchange_item
from gms_console.evidence.held_bodies import HeldBodies
from gms_console.evidence.items import (
    CaseItem,
    EvidenceHead,
    EvidenceItem,
    EvidenceWriter,
    Masking,
    PollItem,
    ScreenItem,
    StepItem,
    section_of,
)
from gms_console.evidence.redaction import Redactor
from gms_console.evidence.run_redaction import RunRedactor
from gms_console.model.reading import charset_of, known_charset
from gms_console.redaction import secrets_of
from gms_console.runner.events import (
    CaseEnded,
    CaseStarted,
    ExchangeDone,
    RunEnded,
    RunEvent,
    StepEnded,
    StepStarted,
)
from gms_console.runner.results import Case, CaseResult, RunSummary, StepResult

_WAITING = 500
"""Events that may wait to be written; then the Run waits, so that memory stays flat."""

_LOOK_SECONDS = 0.02
"""How often a Run that waits for room looks whether there is some."""


@dataclass(frozen=True, slots=True)
class ReportFailure:
    """A report that could not be written, and why; the others were written all the same."""

    writer: EvidenceWriter
    error: Exception


@dataclass(frozen=True, slots=True)
class _Picture:
    """A picture of a phone, and the case that it belongs to."""

    case: Case
    item: ScreenItem


class RunEvidence:
    """A RunListener that writes reports; one that fails does not end the others.

    Redacting and writing go on in a thread of its own. After the Run `finish` waits for it.
    With `blocks`, an event waits while too many do; without, as in a window, whose loop must not
    stand still, a Run awaits `room` before each case.
    """

    def __init__(
        self,
        writers: Sequence[EvidenceWriter],
        redactor: Redactor,
        head: EvidenceHead,
        *,
        blocks: bool = True,
    ) -> None:
        """Begin all reports; raises OSError, and leaves nothing behind, when one cannot begin."""
        self._writing = _Writing(list(writers), redactor)
        self._writing.begin(head)
        self._held = HeldBodies()
        self._queue: queue.Queue[RunEvent | _Picture | None] = queue.Queue(
            _WAITING if blocks else 0
        )
        self._thread = threading.Thread(target=self._write, name="run evidence", daemon=True)
        self._thread.start()

    def __call__(self, event: RunEvent) -> None:
        """Take an event; returns at once, unless it blocks while more wait than may."""
        if not isinstance(event, _WRITTEN) or not self._thread.is_alive():
            return
        if isinstance(event, ExchangeDone) and event.exchange.response is not None:
            # A codec is imported when it is first asked for, which is not for another thread.
            known_charset(charset_of(event.exchange.response))
            event = replace(event, exchange=self._held.hold(event.exchange))
        self._queue.put(event)

    def picture(self, case: Case, item: ScreenItem) -> None:
        """Take a picture of a phone of a case, before the Run ends."""
        if self._thread.is_alive():
            self._queue.put(_Picture(case, item))

    async def room(self) -> None:
        """Wait until fewer events wait to be written than may; the loop goes on meanwhile."""
        # Looked at from time to time: the thread has no loop, and may end by an error.
        while self._queue.qsize() >= _WAITING and self._thread.is_alive():  # noqa: ASYNC110
            await asyncio.sleep(_LOOK_SECONDS)

    def finish(self) -> tuple[ReportFailure, ...]:
        """Wait until all is written, and tell which reports failed; blocks.

        Without the end of the Run, all reports are abandoned.
        """
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join()
        return tuple(self._writing.failures)

    @property
    def ended(self) -> bool:
        """Whether it heard of the end of the Run; else all reports are abandoned."""
        return self._writing.ended

    @property
    def masked(self) -> tuple[Masking, ...]:
        """What was masked, once it is finished."""
        return self._writing.masked

    def _write(self) -> None:
        try:
            while (event := self._queue.get()) is not None:
                self._writing.take(event)
                if isinstance(event, ExchangeDone):
                    self._held.release(event.exchange)
        finally:
            self._writing.close()
            self._held.close()


_WRITTEN = (CaseStarted, StepStarted, ExchangeDone, StepEnded, CaseEnded, RunEnded)


class _Writing:
    """Turns events into items and hands them to the writers that have not failed."""

    def __init__(self, writers: list[EvidenceWriter], redactor: Redactor) -> None:
        self._writers = writers
        self._redactor = redactor
        self._run = RunRedactor(redactor)
        self._steps: dict[int, str] = {}
        self._attempts: dict[tuple[int, str], int] = {}
        self.failures: list[ReportFailure] = []
        self.ended = False
        self.masked: tuple[Masking, ...] = ()

    def begin(self, head: EvidenceHead) -> None:
        """Begin all reports, or none. Raises OSError."""
        text = self._redactor.text
        # One without a name is called by its URL.
        places = tuple(
            (text(name, "base URL") if name == url else name, text(url, "base URL"))
            for name, url in head.places
        )
        head = replace(
            head, title=text(head.title, "title"), note=text(head.note, "note"), places=places
        )
        try:
            for writer in self._writers:
                writer.begin(head)
        except BaseException:
            for writer in self._writers:
                writer.abandon()
            raise

    def take(self, event: RunEvent | _Picture) -> None:
        """Write what an event brings, or a picture."""
        if not self._writers:
            return
        try:
            items = self._items(event)
        except Exception as error:  # noqa: BLE001 - what is not redacted is not written
            for writer in tuple(self._writers):
                self._give_up(writer, error)
            return
        for item in items:
            self._add(item)
        if isinstance(event, RunEnded):
            self._end(event.summary)

    def close(self) -> None:
        """Abandon what the Run did not end."""
        for writer in self._writers:
            with suppress(OSError):
                writer.abandon()
        self._writers.clear()
        self._redactor.close()

    def _items(self, event: RunEvent | _Picture) -> list[EvidenceItem]:
        if isinstance(event, _Picture):
            return [self._screen(event)]
        if isinstance(event, CaseStarted):
            self._redactor.also(secrets_of(event.environment))
            self._run.case(event.case)  # its row names the values first
        elif isinstance(event, StepStarted):
            self._steps[event.case.number] = event.step.title
        elif isinstance(event, ExchangeDone):
            return [self._exchange(event)]
        elif isinstance(event, StepEnded):
            return self._step(event)
        elif isinstance(event, CaseEnded):
            return [CaseItem(self._case_end(event))]
        return []

    def _exchange(self, event: ExchangeDone) -> EvidenceItem:
        self._redactor.also(event.secrets)
        exchange = event.exchange
        poll = exchange.operation.poll
        key = event.case.number, poll
        attempt = None
        if poll:
            # A redirect goes on with the attempt that it belongs to.
            more = 0 if exchange.redirected_from is not None else 1
            attempt = self._attempts[key] = self._attempts.get(key, 0) + more
        return exchange_item(
            exchange,
            self._redactor,
            section=section_of(self._run.case(event.case)),
            step=self._redactor.text(self._steps.get(event.case.number, "")),
            poll=poll,
            attempt=attempt,
        )

    def _screen(self, picture: _Picture) -> EvidenceItem:
        caption = self._redactor.text(picture.item.caption)
        section = section_of(self._run.case(picture.case))
        return replace(picture.item, caption=caption, section=section)

    def _step(self, event: StepEnded) -> list[EvidenceItem]:
        self._redactor.also(event.secrets)
        case = self._run.case(event.case)
        result = self._run.step(event.result)
        number = event.case.number
        for key in [one for one in self._attempts if one[0] == number]:
            del self._attempts[key]
        items: list[EvidenceItem] = []
        if result.poll is not None:
            items.append(_poll(result, section_of(case)))
        items.append(StepItem(case, result))
        return items

    def _case_end(self, event: CaseEnded) -> CaseResult:
        self._steps.pop(event.result.case.number, None)
        return self._run.end(event.result)

    def _add(self, item: EvidenceItem) -> None:
        for writer in tuple(self._writers):
            try:
                writer.add(item)
            except Exception as error:  # noqa: BLE001 - the others go on
                self._give_up(writer, error)

    def _end(self, summary: RunSummary) -> None:
        self.masked, self.ended = self._redactor.tally(), True
        for writer in tuple(self._writers):
            try:
                writer.end(summary, self.masked)
            except Exception as error:  # noqa: BLE001 - the others go on
                self._give_up(writer, error)
        self._writers.clear()

    def _give_up(self, writer: EvidenceWriter, error: Exception) -> None:
        self._writers.remove(writer)
        with suppress(OSError):
            writer.abandon()
        self.failures.append(ReportFailure(writer, error))


def _poll(result: StepResult, section: str) -> PollItem:
    """Make the item of a poll; its id is in the Exchange that it ended with."""
    assert result.poll is not None  # noqa: S101 - asked before
    exchange = result.exchange
    return PollItem(
        title=result.title,
        section=section,
        poll="" if exchange is None else exchange.operation.poll,
        instance_id=result.instance_id,
        outcome=result.poll.outcome.value,
        reason=result.poll.reason,
        started=result.started,
        elapsed=result.elapsed,
        attempts=result.poll.attempts,
        spans=result.poll.spans,
        wanted=result.poll.wanted,
    )
