"""The FormSender: sends what stands in the form, one request at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING

from gms_console.guard import CreateQuestion, GuardError
from gms_console.instance import Instance
from gms_console.model.answer import Answer
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange, Operation, OperationKind
from gms_console.model.transfer import Transfer
from gms_console.presentation import status_line
from gms_console.wire.refusal import FormRefusedError
from gms_console.wire.request import PreparedRequest
from gms_console.workspace import PollSettings

from .environments.place import NOT_CONTACTED, Connection
from .preparing import instance_of

if TYPE_CHECKING:
    from .console import Console
    from .models.draft import DraftModel


class FormSender:
    """The request of the form that is under way: where it was `sent_to`, and its `transfer`.

    Tells of changes through the Console's signals.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._sending: asyncio.Task[None] | None = None
        self.sent_to: tuple[Environment, Operation] | None = None
        self.transfer: Transfer | None = None

    @property
    def sending(self) -> bool:
        """Whether a request of the form is under way."""
        return self._sending is not None

    def send(
        self, then_poll: PollSettings | None = None, *, confirmed: CreateQuestion | None = None
    ) -> None:
        """Send the draft as previewed; when it cannot be sent, say why and send nothing.

        With `then_poll`, the instance is polled after it: a new one as its service was polled
        last, or as its kind is. `confirmed` is what the guard asked, once a person agreed.
        """
        console = self._console
        if self.sending:
            return
        if console.switching.pending is not None:
            console.message.emit("Not sent. Say first what becomes of what still runs.")
            return
        console.refresh_preview()
        prepared, environment = console.preview.prepared, console.environment
        if prepared is None or environment is None:
            console.message.emit(f"Not sent. {console.preview.reason}")
            return
        create = console.draft.kind is OperationKind.CREATE
        place = environment
        if not create:
            place = instance_of(console, environment, prepared.operation.instance_id).environment
        again = self._again(environment, prepared.operation.title, then_poll)
        try:
            if not console.guarding.lets_out(place, prepared, again, confirmed):
                return
        except GuardError as error:
            console.message.emit(f"Not sent. {error}")
            return
        owner: Console | Instance
        transfer = Transfer()
        if create:
            work = self._create(environment, prepared, then_poll, confirmed, transfer)
            owner = console
        else:
            instance = console.session.attach(place, prepared.operation.instance_id)
            work, owner = self._request(instance, prepared, then_poll, transfer), instance
        self.begin(work, owner, (place, prepared.operation), transfer)

    def _again(
        self, environment: Environment, title: str, then_poll: PollSettings | None
    ) -> Callable[[CreateQuestion | None], None]:
        """Give what sends once a person was asked, unless something else is in front by then."""
        console, draft = self._console, self._console.draft

        def again(agreed: CreateQuestion | None) -> None:
            here = console.environment
            if here is not None and here.is_same_place(environment) and console.draft is draft:
                self.send(then_poll, confirmed=agreed)
            else:
                console.message.emit(
                    f"Not sent. {title} was for {environment.title}, "
                    "and something else is in front now."
                )

        return again

    def begin(
        self,
        work: Coroutine[object, object, None],
        owner: Console | Instance,
        sent_to: tuple[Environment, Operation],
        transfer: Transfer,
    ) -> None:
        """Carry out a send as the form does: one at a time, in sight while it is under way."""
        draft, before = self._console.draft, self._console.connection
        self._sending = self._console.session.tasks.start(work, name="send", owner=owner)
        self.sent_to, self.transfer = sent_to, transfer
        # Not a finally of the task: one that is cancelled before its first step never gets there.
        self._sending.add_done_callback(lambda _: self._sent(draft, before))
        self._console.place.show_connection(Connection("Sending …", "busy"))
        self._console.message.emit(f"Sending {sent_to[1].title} …")
        self._console.busy_changed.emit()

    async def _create(
        self,
        environment: Environment,
        prepared: PreparedRequest,
        then_poll: PollSettings | None,
        confirmed: CreateQuestion | None,
        transfer: Transfer,
    ) -> None:
        try:
            created = await self._console.session.create(
                environment, prepared, transfer, confirmed=confirmed
            )
        except (FormRefusedError, GuardError) as error:
            self._console.message.emit(f"Not sent. {error}")
            return
        self._console.show(created.exchange, created.answer)
        # What was asked for stays in front; a poll of another instance must not cover it.
        self._console.stop_following()
        if created.instance is not None:
            self._console.live.select(created.instance)
        self._console.message.emit(result_line(created.exchange, created.answer))
        if then_poll is not None and created.instance is not None:
            settings = self._console.live.poll_settings_for(created.instance)
            self._console.live.start_poll(settings, created.instance)

    async def _request(
        self,
        instance: Instance,
        prepared: PreparedRequest,
        then_poll: PollSettings | None,
        transfer: Transfer,
    ) -> None:
        self._console.live.select(instance)
        try:
            exchange, answer = await instance.send(prepared, transfer)
        except (FormRefusedError, GuardError) as error:
            self._console.message.emit(f"Not sent. {error}")
            return
        self._console.stop_following()
        self._console.show(exchange, answer)
        self._console.message.emit(result_line(exchange, answer))
        if then_poll is not None and answer.ok:
            self._console.live.start_poll(then_poll, instance)

    def _sent(self, draft: DraftModel, before: Connection) -> None:
        """Be ready for the next request, however this one ended."""
        self._sending = self.sent_to = self.transfer = None
        if self._console.connection.tone == "busy":
            # It said nothing of this place: it was cancelled early, or went to another node.
            self._console.place.show_connection(NOT_CONTACTED if before.tone == "busy" else before)
        self._console.variables.renew()
        draft.renew_boundary()
        self._console.busy_changed.emit()

    def cancel(self) -> None:
        """Cancel the request that is under way."""
        if self._sending is not None:
            self._sending.cancel()


def result_line(exchange: Exchange, answer: Answer) -> str:
    """Say in a line what came of a request."""
    return f"{exchange.operation.title}: {status_line(exchange, answer)}"
