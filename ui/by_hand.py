"""Tells what a flow that is being run sends from what a person sends beside it."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

from gms_console.events import Event, ExchangeRecorded, PollChanged
from gms_console.session import Session

_IN_RUN: ContextVar[bool] = ContextVar("_IN_RUN", default=False)
"""Set in the task of a run: the tasks that it starts inherit it, as that of a poll does."""


def enter_run() -> None:
    """Say that this task, and all that it starts from now on, belongs to a run."""
    _IN_RUN.set(True)


def in_run() -> bool:
    """Whether what happens now was done by a run; to be asked where the Session tells of it."""
    return _IN_RUN.get()


class ByHand:
    """Notes the ids of Exchanges and polls that are sent beside a run, of which there are few."""

    def __init__(self) -> None:
        self._ids: set[str] = set()
        self._unsubscribe: Callable[[], None] | None = None

    @property
    def ids(self) -> frozenset[str]:
        """What was sent by hand since `begin`."""
        return frozenset(self._ids)

    def begin(self, session: Session) -> None:
        """Note from now on, and forget what was noted before."""
        self._ids.clear()
        self._unsubscribe = session.subscribe(self._note)

    def end(self) -> None:
        """Note no more."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None

    def _note(self, event: Event) -> None:
        if in_run():
            return
        if isinstance(event, ExchangeRecorded):
            self._ids.add(event.exchange.id)
        elif isinstance(event, PollChanged):
            self._ids.add(event.poll.id)
