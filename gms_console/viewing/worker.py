"""The process in which large bodies are read, so that the window never waits for it."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import tempfile
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from gms_console.viewing.errors import ViewingError
from gms_console.viewing.pipe import Head
from gms_console.viewing.running import Question, RunningProcess
from gms_console.viewing.source import BodySource

_T = TypeVar("_T")

_GRACE = 1.0
"""Seconds that a question goes on after nobody waits for it; then its process is ended."""

_MOST_STARTS = 3
"""Processes that a question is put to before it is given up, when others bring them down."""


class Worker:
    """One process of its own, started with the first question and ended by `close`.

    A question that takes too long ends the process; the next one starts another, and those that
    were waiting are put to that. It belongs to one loop and its thread.
    """

    def __init__(self) -> None:
        self._process: RunningProcess | None = None
        self._folder: Path | None = None
        self._cleaning: weakref.finalize[..., Worker] | None = None
        self._numbers = itertools.count(1)
        self._bodies = itertools.count(1)
        self._sources: dict[int, BodySource] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._closed = False

    def open(self, source: BodySource) -> int:
        """Take note of a body, and give the number by which it is asked about."""
        body = next(self._bodies)
        self._sources[body] = source
        return body

    async def ask(
        self,
        body: int,
        head: Head,
        read: Callable[[Any, bytes], _T],
        *,
        limit: float,
        too_long: str,
    ) -> _T:
        """Put a question to the process. `read` makes of its answer what is given; in a thread.

        `limit` is in seconds; `too_long` is what is said when they are over.
        Raises ViewingError.
        """
        if self._closed:
            raise ViewingError("The window is closing")
        if body not in self._sources:
            raise ViewingError("This answer is no longer looked at")
        loop = asyncio.get_running_loop()
        number = next(self._numbers)
        head = head | {"id": number, "body": body, "limit": limit}
        question = Question(head, read, loop, loop.create_future(), too_long)
        self._put(question)
        try:
            result: _T = await question.future
        except asyncio.CancelledError:
            self._let_go(question)
            raise
        return result

    async def forget(self, body: int) -> None:
        """Let go of a body, and wait until what was made for it is deleted."""
        process = self._process
        try:
            if process is not None and body in process.opened and process.alive:
                head = {"ask": "close"}
                await self.ask(body, head, _nothing, limit=60, too_long="Closing took too long")
        finally:
            self._sources.pop(body, None)
            if process is not None:
                process.opened.discard(body)

    async def close(self) -> None:
        """End the process and wait for it."""
        self._closed = True
        process, self._process = self._process, None
        if process is not None:
            await self._end(process, ViewingError("The window is closing"), gently=True)
        if self._ending:
            await asyncio.wait(self._ending)
        if self._cleaning is not None:
            await asyncio.to_thread(self._cleaning)

    def _put(self, question: Question) -> None:
        """Raises ViewingError where no process can be started."""
        try:
            process = self._running()
        except OSError as error:
            raise ViewingError(f"No process could be started for this: {error}") from None
        body = question.head["body"]
        source = self._sources.get(body)
        if body not in process.opened and source is not None:
            process.opened.add(body)
            head = {"ask": "open", "body": body, "charset": source.charset}
            head["path"] = "" if source.path is None else str(source.path)
            process.tell(head, b"" if source.path is not None else source.data)
        question.starts += 1
        limit = question.head["limit"]
        question.timer = question.loop.call_later(limit, self._timed_out, process, question)
        process.ask(question)

    def _running(self) -> RunningProcess:
        if self._process is None or not self._process.alive:
            if self._process is not None:
                self._died(self._process)
            folder = self._folder_for_files()
            loop = asyncio.get_running_loop()
            self._process = RunningProcess(folder, loop, self._died)
        return self._process

    def _folder_for_files(self) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="gms-console-views-"))
            self._cleaning = weakref.finalize(self, shutil.rmtree, self._folder, True)
        (self._folder / "results").mkdir(mode=0o700, exist_ok=True)
        return self._folder

    def _timed_out(self, process: RunningProcess, question: Question) -> None:
        question.settle(None, ViewingError(question.too_long))
        self._start_over(process)

    def _let_go(self, question: Question) -> None:
        """Nobody waits for an answer: it is dropped, or ended with its process if it takes long."""
        question.stop_timer()
        process = self._process
        if process is None or question.head["id"] not in process.waiting:
            return
        process.tell({"ask": "cancel", "id": question.head["id"]})
        question.timer = question.loop.call_later(_GRACE, self._still_going_on, process, question)

    def _still_going_on(self, process: RunningProcess, question: Question) -> None:
        if question.head["id"] in process.waiting:
            self._start_over(process)

    def _start_over(self, process: RunningProcess) -> None:
        """End a process, and put what others have asked to a new one."""
        if process is not self._process:
            return
        self._process = None
        others = [one for one in process.take_waiting() if not one.future.done()]
        self._end_later(process)
        for question in others:
            question.stop_timer()
            if question.starts >= _MOST_STARTS or self._closed:
                question.settle(None, ViewingError(question.too_long))
                continue
            try:
                self._put(question)
            except ViewingError as error:
                question.settle(None, error)

    def _died(self, process: RunningProcess) -> None:
        """The process has ended by itself: killed, or out of memory."""
        if process is self._process:
            self._process = None
            error = ViewingError("Reading the answer ended unexpectedly; perhaps memory ran out")
            process.fail_waiting(error)
            self._end_later(process)

    def _end_later(self, process: RunningProcess) -> None:
        error = ViewingError("Reading the answer was ended")
        process.kill()
        task = asyncio.get_running_loop().create_task(self._end(process, error, gently=False))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    @staticmethod
    async def _end(process: RunningProcess, error: ViewingError, *, gently: bool) -> None:
        process.fail_waiting(error)
        await asyncio.shield(asyncio.to_thread(process.end, gently=gently))


def _nothing(_: object, __: bytes) -> None:
    """Make nothing of an answer that says only that it is done."""
