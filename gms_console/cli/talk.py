"""Carries out one piece of work with a server, and keeps what came of it after Ctrl+C too."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gms_console.cli.output import write_err
from gms_console.model.exchange import Exchange

if TYPE_CHECKING:
    from gms_console.events import Event
    from gms_console.poll import Poll
    from gms_console.session import Session


@dataclass(slots=True)
class Talk:
    """What came of it: the last Exchange, the Poll if it was one, whether Ctrl+C ended it."""

    last: Exchange | None = None
    poll: Poll | None = None
    interrupted: bool = False

    @property
    def exchange(self) -> Exchange | None:
        """The Exchange to report: of a poll the last whole one, unless there is none."""
        whole = self.poll.last_exchange if self.poll is not None else None
        return self.last if self.interrupted or whole is None else whole

    def note(self, event: Event) -> None:
        """Keep the last Exchange; listens to a Session."""
        exchange = getattr(event, "exchange", None)
        if isinstance(exchange, Exchange):
            self.last = exchange


def talk(work: Callable[[Session, Talk], Coroutine[object, object, None]]) -> Talk:
    """Run `work` with a Session of its own.

    Ctrl+C cancels it, which closes its socket. Errors of `work` are passed on.
    """
    done = Talk()
    session = _new_session()
    session.subscribe(done.note)
    try:
        asyncio.run(_closing(session, work(session, done)))
    except (KeyboardInterrupt, asyncio.CancelledError):
        done.interrupted = True
    return done


async def _closing(session: Session, work: Coroutine[object, object, None]) -> None:
    try:
        await work
    finally:
        await session.close()


def _new_session() -> Session:
    from gms_console.session import Session  # noqa: PLC0415 - httpx only once there is a request

    return Session(lambda name, error: write_err(f"{name}: {error}"))
