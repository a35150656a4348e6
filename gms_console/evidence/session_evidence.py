"""Evidence of what was done by hand: a session's Exchanges, or rows chosen from the history.

Everything is loaded, redacted and written piece by piece, in the order in which it began.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from gms_console.evidence.exchange_items import exchange_item
from gms_console.evidence.items import (
    EvidenceHead,
    EvidenceItem,
    EvidenceWriter,
    Masking,
    PollItem,
    ScreenItem,
)
from gms_console.evidence.session_pieces import (
    EvidenceSource,
    ExchangePiece,
    Piece,
    PollPiece,
)
from gms_console.model.answer import read_answer
from gms_console.model.exchange import Exchange, OperationKind
from gms_console.model.reading import charset_of, known_charset
from gms_console.model.timeline import Timeline

if TYPE_CHECKING:
    from gms_console.evidence.redaction import Redactor

_T = TypeVar("_T")

EvidenceProgress = Callable[[int, int], None]
"""Told how many pieces are written, and of how many; called in the loop's thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionTally:
    """What was written. `missing` counts what the history does not keep any more."""

    exchanges: int
    polls: int
    screens: int
    missing: int
    masked: tuple[Masking, ...]


async def session_evidence(
    source: EvidenceSource,
    writers: Sequence[EvidenceWriter],
    redactor: Redactor,
    head: EvidenceHead,
    *,
    screens: Sequence[ScreenItem] = (),
    progress: EvidenceProgress = lambda _done, _of: None,
) -> SessionTally:
    """Write the reports of a session; a cancelled one, or one that fails, leaves none behind.

    Redacting and writing go on in a thread, so that a window stays awake. The redactor is closed
    at the end. Raises OSError.
    """
    work = _Writing(writers, redactor)
    masked_head = _masked_head(head, redactor)
    try:
        for writer in writers:  # in this thread: templates are loaded with it
            writer.begin(masked_head)
        pieces = _in_order(await source.pieces(), screens)
        for done, piece in enumerate(pieces):
            progress(done, len(pieces))
            if isinstance(piece, ScreenItem):
                await in_thread(partial(work.screen, piece))
            elif isinstance(piece, PollPiece):
                await in_thread(partial(work.poll, piece))
            else:
                await _one(source, piece, work)
        await in_thread(work.end)
        progress(len(pieces), len(pieces))
    except BaseException:
        for writer in writers:
            writer.abandon()
        raise
    finally:
        redactor.close()
    return work.tally()


def _masked_head(head: EvidenceHead, redactor: Redactor) -> EvidenceHead:
    return replace(
        head,
        title=redactor.text(head.title, "title"),
        note=redactor.text(head.note, "note"),
        places=tuple(
            (
                redactor.text(name, "base URL") if name == url else name,
                redactor.text(url, "base URL"),
            )
            for name, url in head.places
        ),
    )


async def _one(source: EvidenceSource, piece: ExchangePiece, work: _Writing) -> None:
    exchange = await source.load(piece.exchange_id)
    if exchange is None:
        work.missing += 1
        return
    for one in exchange.hops if piece.with_hops else (exchange,):
        if one.response is not None:
            # The thread needs it too, and none but this one imports.
            known_charset(charset_of(one.response))
        await in_thread(partial(work.exchange, one, piece))


async def in_thread(work: Callable[[], _T]) -> _T:
    """Do something in a thread; when cancelled, wait for its end before that goes on."""
    task = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():  # also when it is cancelled once more
            with suppress(asyncio.CancelledError):
                await asyncio.wait({task})
        if not task.cancelled():
            task.exception()
        raise


def _in_order(
    pieces: Sequence[Piece], screens: Sequence[ScreenItem]
) -> Sequence[Piece | ScreenItem]:
    """Put the pictures where they belong; a poll stands behind the last of its Exchanges."""
    timed: list[tuple[float, int, Piece | ScreenItem]] = [
        (piece.at.timestamp(), 1 if isinstance(piece, PollPiece) else 0, piece) for piece in pieces
    ]
    timed += [(screen.at.timestamp(), 2, screen) for screen in screens]
    return [piece for _, _, piece in sorted(timed, key=lambda one: one[:2])]


class _Writing:
    """Makes redacted items and hands them to the writers; counts what there was."""

    def __init__(self, writers: Sequence[EvidenceWriter], redactor: Redactor) -> None:
        self._writers = writers
        self._redactor = redactor
        self._sections: dict[str, str] = {}
        self._exchanges = self._polls = self._screens = 0
        self._masked: tuple[Masking, ...] = ()
        self.missing = 0

    def exchange(self, exchange: Exchange, piece: ExchangePiece) -> None:
        """Write an Exchange."""
        self._exchanges += 1
        self._add(
            exchange_item(
                exchange,
                self._redactor,
                section=self._section(exchange),
                step=self._redactor.text(exchange.operation.title),
                poll=exchange.operation.poll,
                attempt=piece.attempt,
                note=self._redactor.text(piece.note),
            )
        )

    def poll(self, piece: PollPiece) -> None:
        """Write a poll, whose Exchanges are written."""
        timeline = Timeline()
        for attempt in piece.attempts:
            timeline.add(self._redactor.attempt(attempt))
        self._polls += 1
        self._add(
            PollItem(
                title=self._redactor.text(piece.title),
                section=self._named(piece.instance_id, piece.service),
                poll=piece.poll,
                instance_id=self._redactor.text(piece.instance_id),
                outcome=piece.outcome,
                reason=self._redactor.text(piece.reason),
                started=piece.started,
                elapsed=piece.elapsed,
                attempts=tuple(timeline.attempts),
                spans=tuple(timeline.spans),
                note=self._redactor.text(piece.note),
                wanted=tuple((name, self._redactor.text(text)) for name, text in piece.wanted),
            )
        )

    def screen(self, screen: ScreenItem) -> None:
        """Write a picture, which nothing can redact but its caption."""
        self._screens += 1
        section = self._sections.get(screen.section) or self._redactor.text(screen.section)
        self._add(replace(screen, caption=self._redactor.text(screen.caption), section=section))

    def end(self) -> None:
        """Finish all reports."""
        self._masked = self._redactor.tally()
        for writer in self._writers:
            writer.end(None, self._masked)

    def tally(self) -> SessionTally:
        """Give what was written."""
        return SessionTally(
            exchanges=self._exchanges,
            polls=self._polls,
            screens=self._screens,
            missing=self.missing,
            masked=self._masked,
        )

    def _add(self, item: EvidenceItem) -> None:
        for writer in self._writers:
            writer.add(item)

    def _section(self, exchange: Exchange) -> str:
        """Give the section of the Exchange's instance; a create begins one."""
        operation = exchange.operation
        instance = operation.instance_id
        if operation.kind is OperationKind.CREATE and not instance:
            instance = read_answer(exchange).id or ""
        if not instance:
            return self._redactor.text(operation.service)
        return self._named(instance, operation.service)

    def _named(self, instance: str, service: str) -> str:
        if instance not in self._sections:
            self._sections[instance] = self._redactor.text(f"{service} {instance}".strip())
        return self._sections[instance]
