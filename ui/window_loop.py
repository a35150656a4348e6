"""The event loop of the window: asyncio on Qt's loop, in slices that Qt can come between."""

from __future__ import annotations

import asyncio
import heapq
import math
import time
from collections import deque
from collections.abc import Callable
from contextvars import Context

import qasync
from PySide6.QtCore import QObject, Qt, QTimer, QTimerEvent
from PySide6.QtWidgets import QApplication

SLICE = 0.008
"""Seconds that tasks may run before Qt has its turn: input, painting, timers, sockets."""

_MANY_CANCELLED = 100


class WindowLoop(qasync.QEventLoop):  # type: ignore[misc, unused-ignore]
    """qasync's loop with one timer for all callbacks.

    qasync arms a QTimer for each callback, and Qt fires all that are due in one pass: hundreds
    of polls then hold the window up for a tenth of a second and more. It also keeps the timer of
    a callback that was cancelled, such as a time-out, until it is due.
    """

    def __init__(self, app: QApplication, *, already_running: bool = False) -> None:
        self._slices = _Slices()
        super().__init__(app, already_running=already_running)
        self._timer = self._slices  # qasync stops it when the loop is closed

    def call_soon(
        self, callback: Callable[..., object], *args: object, context: Context | None = None
    ) -> asyncio.Handle:
        """Run a callback in the next turn."""
        handle = asyncio.Handle(callback, args, self, context=context)
        self._slices.soon(handle)
        return handle

    def call_later(
        self,
        delay: float,
        callback: Callable[..., object],
        *args: object,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Run a callback when `delay` seconds have passed."""
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def call_at(
        self,
        when: float,
        callback: Callable[..., object],
        *args: object,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Run a callback at a time of this loop's clock."""
        handle = asyncio.TimerHandle(when, callback, args, self, context=context)
        self._slices.at(handle)
        return handle

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        del handle
        self._slices.on_cancelled()


class _Slices(QObject):
    """What is to run, now or later. Runs it for SLICE seconds in each pass of Qt's loop."""

    def __init__(self) -> None:
        super().__init__()
        self._ready: deque[asyncio.Handle] = deque()
        self._later: list[asyncio.TimerHandle] = []
        self._cancelled = 0
        self._turn = 0  # the zero timer that runs while something is ready
        self._alarm = QTimer(self)
        self._alarm.setSingleShot(True)
        self._alarm.setTimerType(Qt.TimerType.PreciseTimer)
        self._alarm.timeout.connect(self._on_alarm)
        self._alarm_at = math.inf

    def soon(self, handle: asyncio.Handle) -> None:
        self._ready.append(handle)
        if not self._turn:
            self._turn = self.startTimer(0)

    def at(self, handle: asyncio.TimerHandle) -> None:
        heapq.heappush(self._later, handle)
        if handle.when() < self._alarm_at:
            self._arm()

    def on_cancelled(self) -> None:
        """Forget cancelled timers once most are; a time-out is cancelled with each request."""
        self._cancelled += 1
        if self._cancelled > _MANY_CANCELLED and self._cancelled * 2 > len(self._later):
            self._later = [one for one in self._later if not one.cancelled()]
            heapq.heapify(self._later)
            self._cancelled = 0

    def _arm(self) -> None:
        if not self._later:
            self._alarm_at = math.inf
            return
        self._alarm_at = self._later[0].when()
        self._alarm.start(max(0, math.ceil((self._alarm_at - time.monotonic()) * 1000)))

    def _on_alarm(self) -> None:
        now = time.monotonic()
        while self._later and self._later[0].when() <= now:
            handle = heapq.heappop(self._later)
            if handle.cancelled():
                self._cancelled = max(0, self._cancelled - 1)
            else:
                self.soon(handle)
        self._arm()

    def timerEvent(self, event: QTimerEvent) -> None:  # noqa: N802 - Qt's name
        """Run what is ready, for one slice."""
        del event
        end = time.monotonic() + SLICE
        while self._ready:
            handle = self._ready.popleft()
            if not handle.cancelled():
                handle._run()  # noqa: SLF001 - what every event loop does with its handles
            if time.monotonic() >= end:
                break
        if not self._ready and self._turn:
            self.killTimer(self._turn)
            self._turn = 0

    # --- what qasync asks of its timer ----------------------------------------------------

    def stop(self) -> None:
        """Run nothing any more; the loop is being closed."""
        self._ready.clear()
        self._later.clear()
        self._alarm.stop()
        if self._turn:
            self.killTimer(self._turn)
            self._turn = 0

    def set_debug(self, enabled: bool) -> None:
        """Do nothing: asyncio's own debug mode works as it is."""
