"""One run of the Worker's process, with the threads that write to it and read from it."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gms_console.viewing.errors import ViewingError
from gms_console.viewing.pipe import Head, read_message, write_message

_GENTLE = 1.0
"""Seconds that a process has to end by itself when its input is closed."""

_NO_CONSOLE = getattr(subprocess, "CREATE_NO_WINDOW", 0)


@dataclass(slots=True)
class Question:
    """What was asked, and the future of who waits. `starts`: the processes it was put to."""

    head: Head
    read: Callable[[Any, bytes], Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    too_long: str
    starts: int = 0
    timer: asyncio.TimerHandle | None = None

    def stop_timer(self) -> None:
        """Let its time no longer run."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None

    def settle(self, result: object, error: ViewingError | None) -> None:
        """Give who waits what came; in the loop's thread."""
        self.stop_timer()
        if self.future.done():
            return
        if error is not None:
            self.future.set_exception(error)
        else:
            self.future.set_result(result)


class RunningProcess:
    """Starts the process. `on_end` is called in the loop when it has ended by itself.

    Two threads write and read, as a pipe that is full or empty would hold up the loop. They are
    daemons only so that a program that fails to close its Worker can still end.
    """

    def __init__(
        self,
        folder: Path,
        loop: asyncio.AbstractEventLoop,
        on_end: Callable[[RunningProcess], None],
    ) -> None:
        self.opened: set[int] = set()
        self.waiting: dict[int, Question] = {}
        self._ended = False
        self._loop = loop
        self._on_end = on_end
        self._views = Path(tempfile.mkdtemp(prefix="views-", dir=folder))
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "gms_console.viewing.process", str(folder), str(self._views)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what a crash prints may have a body in it
            creationflags=_NO_CONSOLE,
        )
        self._to_write: queue.SimpleQueue[tuple[Head, bytes] | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._write, name="viewing: questions", daemon=True),
            threading.Thread(target=self._read, name="viewing: answers", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    @property
    def alive(self) -> bool:
        """Whether it can be asked anything."""
        return not self._ended and self._process.poll() is None

    def tell(self, head: Head, data: bytes = b"") -> None:
        """Send a message that has no answer."""
        self._to_write.put((head, data))

    def ask(self, question: Question) -> None:
        """Send a question; its answer goes to its future."""
        self.waiting[question.head["id"]] = question
        self.tell(question.head)

    def take_waiting(self) -> list[Question]:
        """Give the questions that have no answer yet; none will come to them from here."""
        taken = list(self.waiting.values())
        self.waiting.clear()
        return taken

    def fail_waiting(self, error: ViewingError) -> None:
        """Tell all who wait that no answer comes."""
        for question in self.take_waiting():
            question.settle(None, error)

    def kill(self) -> None:
        """End the process at once."""
        self._ended = True
        self._process.kill()

    def end(self, *, gently: bool) -> None:
        """End the process and wait until it and the threads are gone. Blocks."""
        self._ended = True
        self._to_write.put(None)
        if gently:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_GENTLE)
        self._process.kill()
        self._process.wait()
        for thread in self._threads:
            thread.join()
        shutil.rmtree(self._views, ignore_errors=True)

    def _write(self) -> None:
        stream = self._process.stdin
        assert stream is not None  # noqa: S101 - it is a pipe
        while (message := self._to_write.get()) is not None:
            with contextlib.suppress(OSError, ValueError):
                write_message(stream, *message)
        with contextlib.suppress(OSError):
            stream.close()

    def _read(self) -> None:
        stream = self._process.stdout
        assert stream is not None  # noqa: S101 - it is a pipe
        with stream, contextlib.suppress(OSError, ValueError):
            while (message := read_message(stream)) is not None:
                self._settle(*message)
        self._ended = True
        with contextlib.suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(self._on_end, self)

    def _settle(self, head: Head, data: bytes) -> None:
        question = self.waiting.pop(head["id"], None)
        if question is None:
            return
        result, error = None, None
        if "error" in head:
            error = ViewingError(head["error"])
        elif "answer" in head:
            result = question.read(head["answer"], data)
        else:
            error = ViewingError("This was ended")
        with contextlib.suppress(RuntimeError):
            question.loop.call_soon_threadsafe(question.settle, result, error)
