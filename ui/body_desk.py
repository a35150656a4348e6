"""The BodyDesk: the body that is shown, and what is asked about it outside of the window."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from gms_console.body_files import BodyFiles
from gms_console.first_part import reads_as_json
from gms_console.model.answer import Answer
from gms_console.model.exchange import Exchange, Response
from gms_console.viewing.errors import ViewingError
from gms_console.viewing.reader import BodyReader
from gms_console.viewing.source import BodySource, source_of
from gms_console.viewing.types import Find, Hits, View
from gms_console.viewing.worker import Worker

from .sharing import masker_of

if TYPE_CHECKING:
    from .console import Console

RECENT = 20
"""Filters that are kept."""

_NAMES = (
    ("json", "answer.json"),
    ("image/png", "answer.png"),
    ("image/jpeg", "answer.jpg"),
    ("image/gif", "answer.gif"),
    ("application/pdf", "answer.pdf"),
    ("xml", "answer.xml"),
    ("csv", "answer.csv"),
)
"""Names by what a Content-Type has in it. A page is opened as text: a browser would load more."""


@dataclass(eq=False, slots=True)
class ShownBody:
    """A body as it is looked at: of an answer, or what a filter found in one.

    `head` is its beginning; all of it where it is small. `reader` is made when it is first asked.
    `found` says how much a filter found, as far as that is known: `12 elements`.
    """

    source: BodySource
    head: bytes = field(repr=False)
    is_json: bool
    exchange: Exchange | None = field(repr=False)
    worker: Worker = field(repr=False)
    filtered_by: str = ""
    found: str = ""
    _reader: BodyReader | None = field(default=None, repr=False)

    @property
    def reader(self) -> BodyReader:
        """What is asked about it."""
        if self._reader is None:
            self._reader = BodyReader(self.source, self.worker)
        return self._reader

    async def close(self) -> None:
        """Let go of what was made for it."""
        if self._reader is not None:
            with suppress(ViewingError):  # the process that had it is gone
                await self._reader.close()

    @property
    def asked(self) -> bool:
        """Whether something was asked about it."""
        return self._reader is not None


class BodyDesk(QObject):
    """Holds what is shown of the answer in front, and asks the Worker about it.

    `changed` tells of another body; `filter_changed` of a filter that was put on, ended, is
    being worked on, or is wrong. What an older answer's question brings is dropped.
    """

    changed = Signal()
    filter_changed = Signal()

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._console = console
        self._worker = Worker()
        self._copies = BodyFiles()
        self._closed = False
        self.exchange: Exchange | None = None
        self.answer: Answer | None = None
        self.whole: ShownBody | None = None
        self.shown: ShownBody | None = None
        self.expression = ""
        self.filtering = False
        self.filter_error = ""
        self._keep_when_found = False
        self.recent = list(console.workspace.recent_filters)

    # --- what is shown --------------------------------------------------------------------

    def show(self, exchange: Exchange | None, answer: Answer | None) -> None:
        """Look at the body of another answer; a filter that is on is put on it as well."""
        if self._closed or (exchange is self.exchange and answer is self.answer):
            return
        self._console.session.tasks.cancel(self)
        before = (self.whole, self.shown)
        self.exchange, self.answer = exchange, answer
        response = None if exchange is None else exchange.response
        self.whole = None
        if response is not None and answer is not None:
            is_json = reads_as_json(response, answer)
            self.whole = self._made(source_of(response), response.body, is_json=is_json)
        self._let_go(*before)
        if self.expression and self.whole is not None:
            self._start_filter()
        else:
            self.filtering, self.filter_error = False, ""
            self.shown = self.whole
            self.changed.emit()
            self.filter_changed.emit()

    def _made(
        self, source: BodySource, head: bytes, *, is_json: bool, expression: str = ""
    ) -> ShownBody:
        return ShownBody(source, head, is_json, self.exchange, self._worker, expression)

    def _let_go(self, *bodies: ShownBody | None) -> None:
        """Close what is neither shown nor filtered any more."""
        for body in dict.fromkeys(bodies):
            if body is not None and body.asked and body not in {self.whole, self.shown}:
                self.start(body.close(), "let go of a body", owner=self._console)

    # --- asking ---------------------------------------------------------------------------

    def start(self, work: Coroutine[Any, Any, None], name: str, owner: object) -> None:
        """Start a task that asks; after the end nothing is asked any more."""
        if self._closed:
            work.close()
        else:
            self._console.session.tasks.start(work, name=name, owner=owner)

    def cancel(self, owner: object) -> None:
        """Cancel what was started for `owner`."""
        self._console.session.tasks.cancel(owner)

    async def search_text(self, text: str, wanted: Find) -> Hits:
        """Search a text that the window has, by an expression. Raises ViewingError."""
        data = text.encode("utf-8", "surrogatepass")
        reader = BodyReader(BodySource(len(data), data=data), self._worker)
        try:
            await reader.layout(View.RAW)
            return await reader.find(View.RAW, wanted)
        finally:
            await reader.close()

    # --- filter ---------------------------------------------------------------------------

    def set_filter(self, expression: str) -> None:
        """Show what a JMESPath finds in the answer; an empty one shows all of it again."""
        expression = expression.strip()
        if expression == self.expression and not self.filter_error:
            return
        self.expression, self._keep_when_found = expression, False
        self._console.session.tasks.cancel(self)
        if expression and self.whole is not None:
            self._start_filter()
            return
        self.filtering, self.filter_error = False, ""
        before, self.shown = self.shown, self.whole
        if before is not self.whole:
            self._let_go(before)
            self.changed.emit()
        self.filter_changed.emit()

    def keep_filter(self) -> None:
        """Keep the filter that is on among the recent ones; one that is wrong is not kept."""
        shown = self.shown
        self._keep_when_found = self.filtering
        if self.filtering or not self.expression or self.filter_error:
            return
        if shown is not None and shown.filtered_by == self.expression:
            kept = [one for one in self.recent if one != self.expression]
            self.recent = [self.expression, *kept][:RECENT]
            self.filter_changed.emit()

    def filters_to_keep(self) -> tuple[str, ...]:
        """Give the filters for the next start: those that have no known secret in them."""
        masker = masker_of(self._console)
        return tuple(one for one in self.recent if masker.mask(one) == one)

    def _start_filter(self) -> None:
        self.filtering, self.filter_error = True, ""
        self.filter_changed.emit()
        self.start(self._filter(), "filter", owner=self)

    async def _filter(self) -> None:
        whole, expression = self.whole, self.expression
        if whole is None:
            return
        before, error = self.shown, ""
        try:
            self.shown = await self._filtered(whole, expression)
        except ViewingError as problem:
            error = str(problem)
            if before is None or before.exchange is not whole.exchange:
                self.shown = whole
        self.filtering, self.filter_error = False, error
        if self._keep_when_found:
            self.keep_filter()
        if self.shown is not before:
            self._let_go(before)
            self.changed.emit()
        self.filter_changed.emit()

    async def _filtered(self, whole: ShownBody, expression: str) -> ShownBody:
        if not whole.is_json:
            raise ViewingError("The answer is no JSON, so there is nothing to filter.")
        source = await whole.reader.filter(expression)
        path = source.path
        head = source.data if path is None else await asyncio.to_thread(_head, path)
        body = self._made(source, head, is_json=True, expression=expression)
        if path is None:
            body.found = await asyncio.to_thread(_amount, head)
        return body

    # --- opening outside ------------------------------------------------------------------

    def open_outside(self) -> None:
        """Open a copy of the answer's body with the program that the system has for it."""
        response = None if self.exchange is None else self.exchange.response
        if response is None:
            self._console.message.emit("There is no answer to open.")
            return
        self.start(self._open(response), "open", owner=self._console)

    async def _open(self, response: Response) -> None:
        from PySide6.QtCore import QUrl  # noqa: PLC0415 - not before it is asked for
        from PySide6.QtGui import QDesktopServices  # noqa: PLC0415 - as above

        path = await asyncio.to_thread(_copy, response, self._copies.folder())
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self._console.message.emit(f"The system has no program for {path.name}.")

    async def close(self) -> None:
        """End the Worker and remove what was opened outside."""
        self._closed = True
        await self._worker.close()
        await asyncio.to_thread(self._copies.close)


def _file_name(response: Response) -> str:
    """Give the name for a file with this body, by its Content-Type: never one that is run."""
    kind = (response.header("content-type") or "").lower()
    return next((name for part, name in _NAMES if part in kind), "answer.txt")


def _copy(response: Response, folder: Path) -> Path:
    """Write a body to a file of its own, which this user alone can read."""
    path = Path(mkdtemp(dir=folder)) / _file_name(response)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as target:
        if response.stored is None:
            target.write(response.body)
        else:
            with response.stored.path.open("rb") as stored:
                shutil.copyfileobj(stored, target, 1024 * 1024)
    return path


def _amount(found: bytes) -> str:
    """Say how much a filter found, where that is a number of things."""
    try:
        value = json.loads(found)
    except (ValueError, RecursionError):
        return ""
    if value is None:
        return "nothing"
    if not isinstance(value, list):
        return ""
    return f"{len(value):,} element{'' if len(value) == 1 else 's'}"


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(1024 * 1024)
