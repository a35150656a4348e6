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
from gms_console.presentation import status_line
from gms_console.wire.refusal import FormRefusedError
from gms_console.wire.request import PreparedRequest

if TYPE_CHECKING:
    from .console import Console

Prepare = Callable[[Environment], PreparedRequest]
"""Makes a request for the Environment in use; raises FormRefusedError and PathSegmentError."""

Then = Callable[[Exchange, Answer], None]
"""Takes what came of a request, in the window's thread."""

Again = Callable[[CreateQuestion | None], None]
"""Asks once more, after a person was asked for what was missing."""


class Asker(QObject):
    """Requests of one window, side by side with those of the form.

    `changed` comes when one begins or ends. Why nothing was sent is said by `refused`, and every
    Exchange is kept, listed in the history and told of as any other. What a person was asked for
    first goes out at the place that it was meant for, or not at all.
    """

    changed = Signal()
    refused = Signal(str)

    def __init__(self, console: Console, parent: QObject) -> None:
        super().__init__(parent)
        self._console = console
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def busy(self) -> bool:
        """Whether a request is under way."""
        return bool(self._tasks)

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
            here = place or console.environment
            if here is not None and here.is_same_place(environment):
                self.ask(steps, then, place=place, quiet=quiet)
            else:
                # What was meant for one place, a password or a DELETE, is not for another.
                self._refuse(f"The request was for {environment.title}.", quiet)

        try:
            ready = [one(environment) for one in steps]
            if not all(self._goes_out(environment, one, again, quiet) for one in ready):
                return False
        except (FormRefusedError, PathSegmentError, GuardError) as error:
            return self._refuse(str(error), quiet)
        if ready:
            self._begin(environment, ready, then, quiet)
        return bool(ready)

    def _goes_out(
        self, environment: Environment, prepared: PreparedRequest, again: Again, quiet: bool
    ) -> bool:
        """Whether nothing stands against it; a person is asked unless `quiet`."""
        guarding = self._console.guarding
        if not quiet:
            return guarding.lets_out(environment, prepared, again)
        missing = self._console.environments.missing(environment)
        return not guarding.refusal(environment, prepared) and not missing

    def _begin(
        self, environment: Environment, ready: Sequence[PreparedRequest], then: Then, quiet: bool
    ) -> None:
        console, title = self._console, ready[0].operation.title
        work = self._send(environment, ready, then, quiet=quiet)
        task = console.session.tasks.start(work, name=title, owner=self)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        if not quiet:
            console.message.emit(f"Sending {title} …")
        self.changed.emit()

    async def _send(
        self, environment: Environment, ready: Sequence[PreparedRequest], then: Then, *, quiet: bool
    ) -> None:
        for prepared in ready:
            try:
                exchange, answer = await self._console.session.ask(environment, prepared)
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
        self._tasks.discard(task)
        self.changed.emit()

    def cancel(self) -> None:
        """Cancel what is under way."""
        for task in tuple(self._tasks):
            task.cancel()
