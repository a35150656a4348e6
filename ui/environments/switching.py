"""Switching: what becomes of polls and requests that run where nobody looks any more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gms_console.instance import Instance
from gms_console.model.environment import Environment
from gms_console.poll import Poll

if TYPE_CHECKING:
    from ..console import Console


@dataclass(frozen=True, slots=True)
class Running:
    """Something that is under way: what it is, and how far it has come."""

    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class Switch:
    """A switch that waits for an answer: from where, to where, and what carries it out."""

    old: Environment
    new: Environment
    go: Callable[[], None]


class Switching(QObject):
    """Lets the window send to another place, and asks first where something runs at the old one.

    `asked` comes when a person has to answer, `settled` when that is done; `elsewhere_changed`
    when other polls run at places that are not sent to.
    """

    asked = Signal()
    settled = Signal()
    elsewhere_changed = Signal()

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._console = console
        self._last: Environment | None = None
        self._elsewhere: tuple[Poll, ...] = ()
        self.pending: Switch | None = None
        console.environment_changed.connect(self._on_environment)
        console.bridge.poll_changed.connect(self._on_poll)
        console.bridge.instance_removed.connect(self._note_elsewhere)

    # --- asking ------------------------------------------------------------------------------

    def to(self, new: Environment, go: Callable[[], None]) -> None:
        """Carry `go` out, which makes `new` the place that is sent to; ask first if need be."""
        if self.pending is not None and not self.pending.new.is_same_place(new):
            # The simulator was started before that, and is up only now.
            self._console.message.emit(
                f"Not switched to {new.title}. Say first what becomes of what still runs."
            )
            return
        old = self._last
        if old is None or old.has_place(new) or not self.running(old):
            self.pending = None
            go()
            self.settled.emit()
            return
        self.pending = Switch(old, new, go)
        self.asked.emit()

    def stop_and_go(self) -> None:
        """Stop what runs at the old place, and switch."""
        if self.pending is not None:
            self._stop(self.pending.old)
            self._settle(go=True)

    def keep_and_go(self) -> None:
        """Let what runs at the old place run on, and switch; it stays marked."""
        self._settle(go=True)

    def stay(self) -> None:
        """Do not switch."""
        self._settle(go=False)

    def _settle(self, *, go: bool) -> None:
        pending, self.pending = self.pending, None
        if pending is None:
            return
        if go:
            pending.go()
        else:
            self._console.message.emit(f"Still sending to {pending.old.title}.")
            self._console.environment_changed.emit()
            self._console.connection_changed.emit()
        self.settled.emit()

    # --- what runs ---------------------------------------------------------------------------

    def running(self, place: Environment) -> list[Running]:
        """Give what is under way at an environment, on whichever of its nodes."""
        console = self._console
        found = []
        for instance in self._instances_at(place):
            name = console.instances.card(instance).title
            found += [
                Running(f"Poll of {poll.plan.request}: {name}", _progress(poll))
                for poll in console.session.running_polls(instance)
            ]
            waiting = (*console.live.requests.under_way(instance), *console.phone_work(instance))
            found += [Running(f"{title}: {name}", "waits for its answer") for title in waiting]
        sent = console.form.sent_to
        if sent is not None and place.has_place(sent[0]):
            found.append(Running(f"Send: {sent[1].title}", "waits for its answer"))
        return found

    def _instances_at(self, place: Environment) -> list[Instance]:
        every = self._console.session.instances
        return [one for one in every if place.has_place(one.environment)]

    def _stop(self, place: Environment) -> None:
        """Cancel what runs there; each ends as one that was cancelled, and is shown so."""
        console = self._console
        tasks = console.session.tasks
        for instance in self._instances_at(place):
            for poll in console.session.running_polls(instance):
                tasks.cancel(poll)
            tasks.cancel(instance)
        sent = console.form.sent_to
        if sent is not None and place.has_place(sent[0]):
            console.form.cancel()

    # --- elsewhere ---------------------------------------------------------------------------

    @property
    def elsewhere(self) -> tuple[Poll, ...]:
        """The polls that run at places which are not sent to."""
        return self._elsewhere

    @property
    def elsewhere_text(self) -> str:
        """Say how many they are and where; empty for none."""
        polls = self._elsewhere
        if not polls:
            return ""
        places = dict.fromkeys(poll.instance.environment.title for poll in polls)
        where = f"on {next(iter(places))}" if len(places) == 1 else "elsewhere"
        return f"1 poll runs {where}" if len(polls) == 1 else f"{len(polls)} polls run {where}"

    def show_elsewhere(self) -> None:
        """Select the instance of a poll that runs elsewhere; the next one at each call."""
        instances = list(dict.fromkeys(poll.instance for poll in self._elsewhere))
        if not instances:
            return
        selected = self._console.live.selected
        place = instances.index(selected) + 1 if selected in instances else 0
        self._console.live.select(instances[place % len(instances)])

    def _on_environment(self) -> None:
        if self._console.environment is not None:
            self._last = self._console.environment
        self._note_elsewhere()

    def _on_poll(self, poll: Poll) -> None:
        # Polls tell of each attempt; only a start and an end matter here.
        if (poll.running and self._is_left(poll)) != (poll in self._elsewhere):
            self._note_elsewhere()

    def _note_elsewhere(self, _: object = None) -> None:
        polls = self._console.session.running_polls()
        found = tuple(poll for poll in polls if self._is_left(poll))
        if found != self._elsewhere:
            self._elsewhere = found
            self.elsewhere_changed.emit()

    def _is_left(self, poll: Poll) -> bool:
        here = self._console.environment
        return here is None or not here.has_place(poll.instance.environment)


def _progress(poll: Poll) -> str:
    count = len(poll.timeline.attempts)
    attempts = f"{count} attempt{'' if count == 1 else 's'}"
    state = poll.timeline.state
    return f"{attempts}, now {state}" if state else attempts
