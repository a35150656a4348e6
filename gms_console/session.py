"""The Session: what one start of the console holds, shared by the window and the command line."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gms_console.body_files import BodyFiles
from gms_console.client.client import GmsClient
from gms_console.client.keeping import Keeping, keep_nothing
from gms_console.events import (
    Event,
    ExchangeRecorded,
    InstanceAdded,
    InstanceChanged,
    InstanceRemoved,
    PollChanged,
)
from gms_console.exchange_log import KEPT_EXCHANGES, ExchangeLog
from gms_console.guard import CreateQuestion, Guard, GuardError
from gms_console.instance import Instance
from gms_console.model.answer import Answer, read_answer
from gms_console.model.base_url import BaseUrlError
from gms_console.model.environment import Environment, PathSegmentError
from gms_console.model.exchange import Exchange
from gms_console.model.transfer import Transfer
from gms_console.poll import Poll, PollPlan
from gms_console.tasks import ErrorReport, TaskOwner
from gms_console.wire.refusal import FormRefusedError
from gms_console.wire.request import PreparedRequest

if TYPE_CHECKING:
    from gms_console.history import History


@dataclass(frozen=True, slots=True)
class Created:
    """What a create brought; `instance` is None when the answer gave no id."""

    exchange: Exchange
    answer: Answer
    instance: Instance | None


class Session:
    """Instances, polls and exchanges of one start, and the owner of all their tasks.

    Faces listen through `subscribe` and act through the coroutines; they hold no state of
    their own.
    """

    def __init__(
        self,
        report: ErrorReport,
        *,
        history: History | None = None,
        files: BodyFiles | None = None,
        kept: int = KEPT_EXCHANGES,
    ) -> None:
        """`history` keeps what is sent and received for later starts; None keeps nothing.

        `files` are where large bodies go without one; None holds them in memory. `kept` is how
        many Exchanges are held in memory.
        """
        self.history = history
        self._files = files if history is None else history.files
        self._keeping = Keeping(self._files, keep_nothing if history is None else history.add)
        self.exchanges = ExchangeLog(self._files, kept)
        self.guard = Guard()
        self.instances: list[Instance] = []
        self.polls: dict[Instance, list[Poll]] = {}
        self.tasks = TaskOwner(report)
        self._report = report
        self._listeners: list[Callable[[Event], None]] = []
        self._closed = False

    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Call `listener` with each Event; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def create(
        self,
        environment: Environment,
        prepared: PreparedRequest,
        transfer: Transfer | None = None,
        *,
        confirmed: CreateQuestion | None = None,
    ) -> Created:
        """Send a prepared create; its cookies become those of the Instance.

        `confirmed` is what `guard.question` gave, once a person has agreed to it.
        Raises FormRefusedError, with nothing sent, when a file is not the one previewed, and
        GuardError when the Environment's guard does not let it out.
        """
        self.guard.admit(environment, prepared, confirmed)
        client = self.client(environment)
        try:
            exchange = await client.send(prepared, transfer)
        except BaseException:
            await client.aclose()
            raise
        answer = read_answer(exchange)
        if answer.id is None or answer.problem is not None:
            await client.aclose()
            return Created(exchange, answer, None)
        instance = self._add(client, answer.id, prepared.operation.service)
        instance.learn(exchange, answer)
        return Created(exchange, answer, instance)

    async def ask(
        self, environment: Environment, prepared: PreparedRequest
    ) -> tuple[Exchange, Answer]:
        """Send a request that no listed Instance stands behind, such as one to a neighbour API.

        It has neither cookies nor a confirmation: raises GuardError where the guard's level does
        not let it out as it is, and FormRefusedError; nothing has been sent then.
        """
        self.guard.admit(environment, prepared, None)
        client = self.client(environment)
        try:
            exchange = await client.send(prepared)
        finally:
            await client.aclose()
        return exchange, read_answer(exchange)

    async def follow_redirect(
        self, environment: Environment, exchange: Exchange, transfer: Transfer | None = None
    ) -> tuple[Exchange, Answer]:
        """Send what an answer redirects to elsewhere, once and as a stranger.

        Only when a person has agreed: see `redirect_of`. An instance that is asked so learns
        from the answer; one that is created there is not listed, as it lives at another place.
        Raises RedirectError, GuardError and FormRefusedError; nothing has been sent then.
        """
        instance = self.find(environment, exchange.operation.instance_id)
        client = self.client(environment) if instance is None else instance.client
        last = await client.follow_redirect(exchange, transfer)
        answer = read_answer(last)
        if instance is not None:
            instance.learn(last, answer)
        return last, answer

    def find(self, environment: Environment, instance_id: str) -> Instance | None:
        """Give the Instance of that id at that place, else at another node of its cluster."""
        there = [
            (one, place)
            for one in self.instances
            if one.id == instance_id and (place := _seen_from(environment, one)) is not None
        ]
        there.sort(key=lambda found: not found[1].is_same_place(environment))
        return there[0][0] if there else None

    def detached(self, environment: Environment, instance_id: str) -> Instance:
        """Make an Instance that is not listed, to prepare a request from before it is reopened."""
        return Instance(self.client(environment), instance_id)

    def attach(self, environment: Environment, instance_id: str, service: str = "") -> Instance:
        """Give the Instance of that id at that place; reopen it when it is not here.

        One that is here stays on its node, and goes by the settings of `environment` from now on.
        """
        found = self.find(environment, instance_id)
        if found is None:
            return self._add(self.client(environment), instance_id, service)
        self._settle(found, environment)
        return found

    def adopt(self, environment: Environment) -> None:
        """Let the instances there, on whatever node, go by its settings from now on."""
        for instance in self.instances:
            self._settle(instance, environment)

    @staticmethod
    def _settle(instance: Instance, environment: Environment) -> None:
        place = _seen_from(environment, instance)
        if place is not None:
            instance.client.use(place)

    def start_poll(self, instance: Instance, plan: PollPlan) -> Poll:
        """Start polling; the poll runs on whatever the faces show, until it ends.

        Raises FormRefusedError, PathSegmentError and GuardError when the plan cannot be sent.
        """
        poll = Poll(instance, plan, self._on_poll)
        # In the list before it says that it started: who hears of it looks there.
        self.polls[instance].append(poll)
        try:
            poll.start()
        except (PathSegmentError, FormRefusedError, GuardError):
            self.polls[instance].remove(poll)
            raise
        task = self.tasks.start(poll.run(), name=f"poll {plan.request}", owner=poll)
        task.add_done_callback(lambda _: poll.stopped())
        return poll

    def _on_poll(self, poll: Poll) -> None:
        if self.history is not None:
            self.history.note_poll(poll)
        self._emit(PollChanged(poll))

    def running_polls(self, instance: Instance | None = None) -> list[Poll]:
        """Give the polls that run, of one Instance or of all."""
        of = [instance] if instance is not None else self.instances
        return [poll for one in of for poll in self.polls.get(one, []) if poll.running]

    async def stop_poll(self, poll: Poll) -> None:
        """Stop a poll and wait until it has ended."""
        await self.tasks.close(poll)

    async def remove(self, instance: Instance) -> None:
        """Close an Instance here: end its polls and requests, close its connections.

        GMS is not told.
        """
        if instance not in self.polls:
            return
        self.instances.remove(instance)
        polls = self.polls.pop(instance)
        self._emit(InstanceRemoved(instance))
        try:
            for owner in (*polls, instance):
                await self.tasks.close(owner)
        finally:
            await instance.client.aclose()

    async def close(self) -> None:
        """End every task and close every connection."""
        self._closed = True
        if self.history is not None:
            # What is cancelled now is still kept, and would wait for a database that nobody opens.
            self.history.hasten()
        await self.tasks.close_all()
        closing = [instance.client.aclose() for instance in self.instances]
        for error in await asyncio.gather(*closing, return_exceptions=True):
            if error is not None:
                self._report("close", error)
        if self.history is not None:
            await self.history.close()
        if self._files is not None:
            self._files.close()

    def client(self, environment: Environment) -> GmsClient:
        """Make a client whose Exchanges this Session keeps; who asks for it closes it."""
        return GmsClient(environment, self._record, self._keeping)

    def _add(self, client: GmsClient, instance_id: str, service: str) -> Instance:
        instance = Instance(
            client, instance_id, service, lambda one: self._emit(InstanceChanged(one))
        )
        self.instances.append(instance)
        self.polls[instance] = []
        self._emit(InstanceAdded(instance))
        return instance

    def _record(self, exchange: Exchange) -> None:
        self.exchanges.add(exchange)
        self._emit(ExchangeRecorded(exchange))

    def _emit(self, event: Event) -> None:
        if self._closed:
            return
        for listener in tuple(self._listeners):
            listener(event)


def _seen_from(environment: Environment, instance: Instance) -> Environment | None:
    """Give `environment` at the node of an instance; None where that is none of its nodes."""
    here = instance.environment
    try:
        place = environment.on_node(here.node)
    except (KeyError, BaseUrlError):
        return None
    return place if place.is_same_place(here) else None
