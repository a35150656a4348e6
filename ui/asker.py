"""The Asker: sends the requests of a window of its own, one at a time, past the guard."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gms_console.guard import CreateQuestion, GuardError
from gms_console.model.answer import Answer
from gms_console.model.environment import Environment, PathSegmentError
from gms_console.model.exchange import Exchange
from gms_console.model.transfer import Transfer
from gms_console.presentation import status_line
from gms_console.wire.refusal import FormRefusedError
from gms_console.wire.request import PreparedRequest

if TYPE_CHECKING:
    from gms_console.client.client import GmsClient

    from .console import Console

Prepare = Callable[[Environment], PreparedRequest]
"""Makes a request for the Environment in use; raises FormRefusedError and PathSegmentError."""

Then = Callable[[Exchange, Answer], None]
"""Takes what came of a request, in the window's thread."""


class Asker(QObject):
    """Requests of one window, side by side with those of the form.

    `changed` comes when one begins or ends. Why nothing was sent is said by `refused`, and every
    Exchange is kept, listed in the history and told of as any other. `client` keeps connection
    and cookies from one request to the next; None takes a fresh one each time.
    """

    changed = Signal()
    refused = Signal(str)

    def __init__(self, console: Console, parent: QObject) -> None:
        super().__init__(parent)
        self._console = console
        self._tasks: dict[asyncio.Task[None], str] = {}
        self.client: GmsClient | None = None
        self.transfer: Transfer | None = None

    @property
    def busy(self) -> bool:
        """Whether a request is under way."""
        return bool(self._tasks)

    @property
    def under_way(self) -> Sequence[str]:
        """What the requests under way are for."""
        return tuple(self._tasks.values())

    def ask(
        self,
        prepare: Prepare | Sequence[Prepare],
        then: Then,
        *,
        place: Environment | None = None,
        quiet: bool = False,
    ) -> bool:
        """Send a request, or several one after the other, and hand each answer to `then`.

        `place` is another Environment than the one in use. `quiet`: a poll, which says nothing in
        the status bar and asks for no secrets. False when nothing goes out, or not yet: `refused`
        said why, or a person is being asked.
        """
        console = self._console
        environment = place or console.environment
        if environment is None:
            return self._refuse(console.environment_error or "There is nothing to send to.", quiet)
        steps = prepare if isinstance(prepare, Sequence) else (prepare,)

        def again(_: CreateQuestion | None) -> None:
            self.ask(steps, then, place=place, quiet=quiet)

        try:
            ready = [one(environment) for one in steps]
            for prepared in ready:
                if quiet:
                    refusal = console.guarding.refusal(environment, prepared)
                    if refusal or console.environments.missing(environment):
                        return False
                elif not console.guarding.lets_out(environment, prepared, again):
                    return False
        except (FormRefusedError, PathSegmentError, GuardError) as error:
            return self._refuse(str(error), quiet)
        if not ready:
            return False
        title = ready[0].operation.title
        self.transfer = Transfer()
        work = self._send(environment, ready, then, quiet=quiet)
        task = console.session.tasks.start(work, name=title, owner=self)
        self._tasks[task] = title
        task.add_done_callback(self._ended)
        if not quiet:
            console.message.emit(f"Sending {title} …")
        self.changed.emit()
        return True

    async def _send(
        self, environment: Environment, ready: list[PreparedRequest], then: Then, *, quiet: bool
    ) -> None:
        for prepared in ready:
            try:
                exchange, answer = await self._console.session.ask(
                    environment, prepared, self.transfer, client=self.client
                )
            except (FormRefusedError, GuardError) as error:
                self._refuse(str(error), quiet)
                return
            if not quiet:
                line = status_line(exchange, answer)
                self._console.message.emit(f"{exchange.operation.title}: {line}")
            then(exchange, answer)

    def _refuse(self, text: str, quiet: bool) -> bool:
        self.refused.emit(text)
        if not quiet:
            self._console.message.emit(f"Not sent. {text}")
        return False

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.pop(task, None)
        if not self._tasks:
            self.transfer = None
        self.changed.emit()

    def cancel(self) -> None:
        """Cancel what is under way."""
        for task in tuple(self._tasks):
            task.cancel()
