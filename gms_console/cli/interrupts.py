"""What Ctrl+C does while a run goes on, and while its reports are written."""

from __future__ import annotations

import signal
from collections.abc import Callable
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Self

from gms_console.cli.output import write_err

_WRITING = "The reports are being written. Press Ctrl+C again to end without them."


class Interrupts:
    """Catches SIGINT and SIGTERM until the command has ended; `seen` says that one came.

    One that comes before the run begins ends it then.
    """

    def __init__(self) -> None:
        self.seen = False
        self._then: Callable[[], object] | None = _wait
        self._before: dict[int, object] = {}

    def __enter__(self) -> Self:
        found = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        # A shell that starts a command in the background has it ignore Ctrl+C; so it stays.
        for number, handler in found.items():
            if handler not in {signal.SIG_IGN, None}:
                self._before[number] = handler
                signal.signal(number, self._caught)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]  # as it was found

    def running(self, stop: Callable[[], object]) -> None:
        """Call `stop` from now on, between any two lines of Python; at once if one came before."""
        self._then = stop
        if self.seen:
            stop()

    def ending(self) -> None:
        """Only take note of them, for the short time until `writing`."""
        self._then = _wait

    def writing(self, *, told: bool) -> None:
        """Let reports be written from now on: the first one says so, the next ends the command.

        Where none are written (`told` is false), the first one does.
        """
        self._then = self._first if told else None

    def _first(self) -> None:
        self._then = None
        with suppress(RuntimeError):  # it came in the middle of another line
            write_err(_WRITING)

    def _caught(self, number: int, _: FrameType | None) -> None:
        del number
        self.seen = True
        if self._then is None:
            raise KeyboardInterrupt
        self._then()


def _wait() -> None:
    """Do nothing yet."""
