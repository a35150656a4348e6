"""The SecondPlace: the form sent to two places at once, or created here and matched there."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gms_console.guard import CreateQuestion, GuardError, check
from gms_console.instance import Instance
from gms_console.model.answer import Answer
from gms_console.model.base_url import BaseUrlError
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange, OperationKind
from gms_console.model.transfer import Transfer
from gms_console.wire.refusal import FormRefusedError
from gms_console.wire.request import PreparedRequest

from ..form_sender import result_line
from ..preparing import instance_of, make_preview
from .desk import place_of
from .matching import MatchPlan, NotMatchedError, judge, prepare_match

if TYPE_CHECKING:
    from ..console import Console
    from ..models.draft import DraftModel


_SIMULATOR = ("", "simulator")
"""The key of the simulator: no environment is without a name."""


class NotSentError(Exception):
    """Why nothing goes out, in a sentence for the person who asked for it."""


@dataclass(frozen=True, slots=True)
class OtherPlace:
    """Another node of the environment in use, a node of another one, or the simulator.

    `same` says that it is of the environment in use: these share what they know of instances.
    `refusal` says why the request cannot go there; empty where it can.
    """

    environment: str
    node: str
    title: str
    base_url: str
    colour: str = ""
    refusal: str = ""
    same: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What it is remembered by."""
        return self.environment, self.node


@dataclass(frozen=True, slots=True)
class _Errand:
    """What was asked for, while secrets and confirmations are still asked after.

    `match` is what follows the create at the other place; None sends the same form to both.
    """

    here: Environment
    draft: DraftModel
    other: OtherPlace
    match: MatchPlan | None = None
    agreed: tuple[CreateQuestion | None, CreateQuestion | None] = (None, None)

    def with_agreed(self, leg: int, question: CreateQuestion | None) -> _Errand:
        agreed = list(self.agreed)
        agreed[leg] = question
        return replace(self, agreed=(agreed[0], agreed[1]))


@dataclass(frozen=True, slots=True)
class _Leg:
    """One of the two requests: where it goes, and by which instance unless it creates one."""

    place: Environment
    prepared: PreparedRequest
    confirmed: CreateQuestion | None
    instance: Instance | None = None
    transfer: Transfer = field(default_factory=Transfer)


@dataclass(frozen=True, slots=True)
class _Outcome:
    exchange: Exchange
    answer: Answer
    instance: Instance | None


class SecondPlace(QObject):
    """Sends to a second place beside the one that is sent to, and has both answers compared.

    Both requests pass the GuardDesk as any send does, one question after the other, and nothing
    goes out before all are answered. `last` is the place that was chosen last.
    """

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._console = console
        self.last: tuple[str, str] = ("", "")

    # --- what there is to choose -----------------------------------------------------------

    def places(self, plan: MatchPlan | None = None) -> tuple[OtherPlace, ...]:
        """Give the other nodes of the environment in use, then those of the other environments.

        With a `plan`, a match is what would go there; else the form, for which there is the
        simulator too while it runs: it shares no instance with anything.
        """
        here, desk = self._console.environment, self._console.environments
        name = "" if here is None else here.name
        nodes = () if here is None else here.nodes
        mine = here.node if here is not None else ""
        wanted = [(name, node.name) for node in nodes if node.name != mine]
        wanted += (
            (one.profile.name, node.name)
            for one in desk.profiles
            if one.profile.name != name
            for node in one.profile.nodes
        )
        console = self._console
        if plan is None and console.simulator.base_url and not console.place.on_simulator:
            wanted.append(_SIMULATOR)
        return tuple(self._place(one, node, plan) for one, node in wanted)

    def _place(self, name: str, node: str, plan: MatchPlan | None) -> OtherPlace:
        try:
            environment = self._resolve(name, node)
        except (ValueError, KeyError) as error:
            return OtherPlace(name, node, f"{name} {node}".strip(), "", refusal=str(error))
        here, refusal = self._console.environment, ""
        try:
            prepared = self._for(environment, plan)
            check(environment, prepared)
        except (NotSentError, NotMatchedError, GuardError) as error:
            refusal = str(error)
        return OtherPlace(
            name,
            node,
            "Simulator" if (name, node) == _SIMULATOR else environment.title,
            environment.base_url,
            environment.colour,
            refusal,
            same=here is not None and bool(name) and here.name == name,
        )

    def _for(self, place: Environment, plan: MatchPlan | None) -> PreparedRequest:
        """Prepare what goes to the other place. Raises NotSentError and NotMatchedError."""
        if plan is not None:
            # The number is not known yet; what has to be asked does not depend on it.
            return prepare_match(self._console, place, plan, None)
        preview = make_preview(self._console, self._console.draft, place)
        if preview.prepared is None:
            raise NotSentError(f"For {place.title}: {preview.reason}")
        return preview.prepared

    def _resolve(self, name: str, node: str) -> Environment:
        here = self._console.environment
        if (name, node) == _SIMULATOR:
            # It may have been stopped, which an empty address says in its own words.
            return Environment.parse(self._console.simulator.base_url)
        if here is not None and here.name == name:
            return here.on_node(node)
        return self._console.environments.resolved(name, node)

    def trouble(self, *, match: bool) -> str:
        """Say why nothing can be sent to two places now; empty when it can."""
        console = self._console
        if console.sending:
            return "A request is under way; Esc cancels it."
        console.refresh_preview()
        if console.environment is None or console.preview.prepared is None:
            return console.preview.reason
        if console.preview.refusal:
            return console.preview.refusal
        if match and console.draft.kind is not OperationKind.CREATE:
            return "It begins with a create: open the form of the service first."
        return ""

    # --- sending -----------------------------------------------------------------------------

    def send(self, other: OtherPlace) -> None:
        """Send the form as previewed, and the same form to another place at the same time."""
        here = self._console.environment
        if here is not None:
            self._begin(_Errand(here, self._console.draft, other))

    def create_and_match(self, other: OtherPlace, plan: MatchPlan) -> None:
        """Create the form's service here, and match its access number at another place."""
        here = self._console.environment
        if here is not None:
            self._begin(_Errand(here, self._console.draft, other, plan))

    def _begin(self, errand: _Errand) -> None:
        self.last = errand.other.key
        try:
            legs = self._legs(errand)
            for leg in legs:
                check(leg.place, leg.prepared)
            for number, leg in enumerate(legs):
                if not self._let_out(errand, number, leg):
                    return
        except (NotSentError, GuardError, NotMatchedError) as error:
            self._console.message.emit(f"Not sent to either place. {error}")
            return
        first, second = legs
        if first.instance is not None:
            # As any request of the form, it lists the instance that it goes to.
            instance = self._console.session.attach(first.place, first.instance.id)
            first = replace(first, instance=instance)
        work = self._both(first, second) if errand.match is None else self._match(errand, legs)
        sent_to = (first.place, first.prepared.operation)
        self._console.form.begin(work, self._console, sent_to, first.transfer)

    def _let_out(self, errand: _Errand, number: int, leg: _Leg) -> bool:
        def again(question: CreateQuestion | None) -> None:
            self._begin(errand.with_agreed(number, question))

        return self._console.guarding.lets_out(leg.place, leg.prepared, again, leg.confirmed)

    def _legs(self, errand: _Errand) -> tuple[_Leg, _Leg]:
        """Prepare both requests. Raises NotSentError and NotMatchedError."""
        console = self._console
        trouble = self.trouble(match=errand.match is not None)
        here = console.environment
        if trouble or here is None:
            raise NotSentError(trouble)
        if console.switching.pending is not None:
            raise NotSentError("Say first what becomes of what still runs.")
        if not here.is_same_place(errand.here) or console.draft is not errand.draft:
            raise NotSentError("Something else is in front now.")
        try:
            there = self._resolve(errand.other.environment, errand.other.node)
        except (ValueError, KeyError, BaseUrlError) as error:
            raise NotSentError(f"{errand.other.title} cannot be used. {error}") from None
        prepared = console.preview.prepared
        if prepared is None:
            raise NotSentError(console.preview.reason)
        first = self._leg(here, prepared, errand.agreed[0])
        other = self._for(there, errand.match)
        return first, self._leg(there, other, errand.agreed[1])

    def _leg(
        self, place: Environment, prepared: PreparedRequest, agreed: CreateQuestion | None
    ) -> _Leg:
        if prepared.operation.kind is OperationKind.CREATE:
            return _Leg(place, prepared, agreed)
        instance = instance_of(self._console, place, prepared.operation.instance_id)
        return _Leg(instance.environment, prepared, agreed, instance)

    async def _both(self, first: _Leg, second: _Leg) -> None:
        """Send both, and compare the answers when both are there."""
        left, right = await self._together(self._outcome(first), self._outcome(second))
        if left is not None:
            self._show(left)
        if left is not None and right is not None:
            self._console.message.emit(
                f"{result_line(left.exchange, left.answer)}; {place_of(right.exchange)}: "
                f"{result_line(right.exchange, right.answer)}"
            )
            self._console.comparison.compare(left.exchange, right.exchange)

    async def _together(
        self, *works: Coroutine[object, object, _Outcome | None]
    ) -> list[_Outcome | None]:
        """Do it all at the same time; who cancels it cancels each of them, and waits."""
        start = self._console.session.tasks.start
        tasks = [start(work, name="send", owner=self) for work in works]
        try:
            await asyncio.wait(tasks)
        except asyncio.CancelledError:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            first = tasks[0]
            left = None if first.cancelled() or first.exception() else first.result()
            if left is not None:
                self._show(left)
                self._console.message.emit("Cancelled. The answer of the first place is shown.")
            raise
        # What went wrong has been reported by the owner of the tasks.
        return [None if one.cancelled() or one.exception() else one.result() for one in tasks]

    async def _outcome(self, leg: _Leg, *, listed: bool = True) -> _Outcome | None:
        """Send one of the two; None, and a message, where it was not sent after all.

        A match creates nothing: its answer is about the instance that is here already, so it is
        not `listed` as another one.
        """
        session, instance = self._console.session, leg.instance
        try:
            if not listed:
                session.guard.admit(leg.place, leg.prepared, leg.confirmed)
                instance = session.detached(leg.place, "")
            if instance is None:
                created = await session.create(
                    leg.place, leg.prepared, leg.transfer, confirmed=leg.confirmed
                )
                return _Outcome(created.exchange, created.answer, created.instance)
            try:
                exchange, answer = await instance.send(leg.prepared, leg.transfer)
            finally:
                if instance not in session.instances:
                    await instance.client.aclose()
            return _Outcome(exchange, answer, instance)
        except (FormRefusedError, GuardError) as error:
            self._console.message.emit(f"Not sent to {leg.place.title}. {error}")
            return None

    def _show(self, outcome: _Outcome) -> None:
        console = self._console
        if outcome.instance is not None and outcome.instance in console.session.instances:
            console.live.select(outcome.instance)
        console.stop_following()
        console.show(outcome.exchange, outcome.answer)

    # --- create here, match there ----------------------------------------------------------

    async def _match(self, errand: _Errand, legs: tuple[_Leg, _Leg]) -> None:
        console, plan = self._console, errand.match
        created = await self._outcome(legs[0])
        if created is None or plan is None:
            return
        self._show(created)
        place = legs[1].place
        try:
            prepared = prepare_match(console, place, plan, created.answer)
        except NotMatchedError as error:
            title = created.exchange.operation.title
            console.message.emit(f"{title}: nothing was sent to {place.title}. {error}")
            return
        second = replace(legs[1], prepared=prepared, transfer=Transfer())
        console.form.sent_to = (place, prepared.operation)
        console.form.transfer = second.transfer
        console.message.emit(f"Sending {prepared.operation.title} to {place.title} …")
        console.busy_changed.emit()
        matched = await self._outcome(second, listed=False)
        if matched is not None:
            verdict = judge(created.answer, matched.exchange, matched.answer, place.title)
            console.message.emit(verdict.text)
            console.comparison.compare(created.exchange, matched.exchange, verdict)
