"""The LiveDesk: the created instances as the window has them, and their polls."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gms_console.guard import GuardError
from gms_console.instance import Instance
from gms_console.model.environment import PathSegmentError
from gms_console.model.exchange import OperationKind
from gms_console.model.form import Form
from gms_console.model.stop_rule import StopRule, StopRuleError
from gms_console.poll import Poll, PollOutcome, PollPlan
from gms_console.variables import Moment, Scope, VariableError, expand, expand_form
from gms_console.wire.refusal import FormRefusedError
from gms_console.wire.request import REQUEST_PATH
from gms_console.workspace import KnownInstance, PollSettings

from .instance_requests import InstanceRequests
from .reopening import ReopenDesk

if TYPE_CHECKING:
    from gms_console.catalogue import ServiceKind

    from .console import Console


class LiveDesk(QObject):
    """Which instance is selected, and what is done with it beside the form.

    `poll_offered` names a request and a stop rule for the fields of the poll control.
    `watch_ended` comes when a poll ended by itself: the Instance, a title and a text, neither of
    which holds data of a customer.
    """

    instance_selected = Signal()
    poll_changed = Signal()
    poll_offered = Signal(str, str)
    watch_ended = Signal(object, str, str)

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._console = console
        self.selected: Instance | None = None
        self.poll_settings = console.workspace.poll
        self.notify = console.workspace.notify
        self.requests = InstanceRequests(console, self)
        self.reopening = ReopenDesk(console)
        self._typed: dict[Instance | str | None, PollSettings] = {}
        console.instances.kind_of = console.services.kind_of
        console.instances.sending = self.requests.under_way
        console.services.catalogue_changed.connect(console.instances.note_all)
        console.bridge.poll_changed.connect(self._on_poll)
        console.bridge.instance_added.connect(self._on_added)
        console.bridge.instance_removed.connect(lambda one: self._typed.pop(one, None))

    @property
    def known_instances(self) -> tuple[KnownInstance, ...]:
        """What the next start may reopen."""
        return self.reopening.kept()

    def select(self, instance: Instance | None) -> None:
        """Make an instance the one that answers, polls and requests are about."""
        if instance is self.selected:
            return
        self.selected = instance
        self._console.follow()
        if instance is not None:
            draft = self._console.drafts[OperationKind.REQUEST]
            if self._console.variables.text(draft.instance_id) != instance.id:
                draft.instance_id = instance.id
            exchange, answer = instance.last_exchange, instance.last_answer
            if exchange and answer and exchange is not self._console.exchange:
                self._console.show(exchange, answer)
        self.instance_selected.emit()
        self.poll_changed.emit()
        self._console.busy_changed.emit()

    def select_listed(self, instance: Instance) -> None:
        """Select an instance, if it is still on the list."""
        if instance in self._console.session.instances:
            self.select(instance)

    def close_instance(self, instance: Instance) -> None:
        """Take an instance off the list; its polls end. The one below it is selected then."""
        if instance is self.selected:
            self.select(self._neighbour(instance))
        self._console.session.tasks.start(
            self._console.session.remove(instance), name="close instance", owner=self._console
        )

    def _neighbour(self, instance: Instance) -> Instance | None:
        model = self._console.instances
        row = model.row_of(instance)
        below = row + 1 if row + 1 < model.rowCount() else row - 1
        return model.instance(below) if row >= 0 and below >= 0 else None

    def kind_of(self, instance: Instance) -> ServiceKind | None:
        """Give what the catalogue knows of an instance's service."""
        return self._console.services.kind_of(instance.service) if instance.service else None

    # --- polls ---------------------------------------------------------------------------

    def poll_settings_for(self, instance: Instance | None) -> PollSettings:
        """Give what the poll control should hold for an instance.

        That is what was typed for it, or before it was created, else for another of its service;
        else what its kind is polled with.
        """
        keys = (instance, instance.service if instance is not None else None)
        typed = next((self._typed[key] for key in keys if key in self._typed), None)
        if typed is not None:
            return typed
        kind = self.kind_of(instance) if instance is not None else None
        if kind is None:
            return self.poll_settings
        until = kind.awaited or self.poll_settings.until
        return replace(self.poll_settings, request=kind.poll or "status", until=until)

    def _on_added(self, instance: Instance) -> None:
        """Give an instance what was typed in the poll control while none was selected."""
        typed = self._typed.pop(None, None)
        if typed is not None:
            self._typed[instance] = typed

    def remember_poll_settings(self, settings: PollSettings) -> None:
        """Keep what a person typed in the poll control, for the selected instance."""
        self.poll_settings = settings
        self._typed[self.selected] = settings
        if self.selected is not None and self.selected.service:
            self._typed[self.selected.service] = settings

    @property
    def poll(self) -> Poll | None:
        """The newest poll of the selected instance."""
        polls = (
            self._console.session.polls.get(self.selected, []) if self.selected is not None else []
        )
        return polls[-1] if polls else None

    def stop_poll(self) -> None:
        """Stop the poll that is shown, if it runs."""
        if self.poll is not None and self.poll.running:
            self._console.session.tasks.cancel(self.poll)

    def toggle_poll(self, settings: PollSettings) -> None:
        """Start polling, or stop the poll that runs."""
        if self.poll is not None and self.poll.running:
            self.stop_poll()
        else:
            self.start_poll(settings)

    def start_poll(self, settings: PollSettings, instance: Instance | None = None) -> None:
        """Poll an instance, the selected one by default; say what is missing when it cannot be."""
        self.poll_settings = settings
        target = instance if instance is not None else self.selected
        if target is None:
            self._console.message.emit(
                "Create a service, or choose an instance in the list, to poll it."
            )
            return
        if target not in self._console.session.instances:
            self._console.message.emit(f"Not started. {target.id} was closed here.")
            return
        if self._console.session.running_polls(target):
            return
        if not self._console.guarding.has_secrets(
            target.environment, lambda: self.start_poll(settings, target)
        ):
            return
        try:
            plan = self._plan(settings, target)
            self._console.session.start_poll(target, plan)
        except (
            StopRuleError,
            VariableError,
            PathSegmentError,
            FormRefusedError,
            GuardError,
        ) as error:
            self._console.message.emit(f"Not started. {error}")
            return
        self._console.follow()

    def offer_poll(self, instance: Instance, request: str, until: str) -> None:
        """Put what an instance could be polled for into the poll control; nothing is sent."""
        self.select(instance)
        self.poll_offered.emit(request, until)

    def until_problem(self, text: str) -> str:
        """Say why a stop rule cannot be used here; empty when it can, and for none."""
        target = self.selected.environment if self.selected is not None else None
        try:
            _rules(text, self._console.variables.scope(target))
        except (StopRuleError, VariableError) as error:
            return str(error)
        return ""

    def _plan(self, settings: PollSettings, instance: Instance) -> PollPlan:
        scope = self._console.variables.scope(instance.environment, Moment())
        name = expand(settings.request.strip(), scope)
        kind = self.kind_of(instance)
        request = kind.request(name) if kind is not None else None
        rows = request.missing_rows(Form(), instance.id) if request is not None else ()
        return PollPlan(
            request=name,
            every=settings.every,
            until=_rules(settings.until, scope),
            terminal=kind.terminal_states if kind is not None else frozenset(),
            within=settings.within or None,
            tolerate=settings.tolerate,
            method=request.method if request is not None else "POST",
            path=request.path if request is not None else REQUEST_PATH,
            form=expand_form(Form(tuple(rows)), scope),
        )

    def _on_poll(self, poll: Poll) -> None:
        if poll.instance is self.selected:
            self._console.show_poll_answer(poll)
            self.poll_changed.emit()
            self._console.busy_changed.emit()
        if poll.outcome is not None:
            self._console.message.emit(poll_result(poll))
            if poll.outcome is not PollOutcome.CANCELLED:
                self.watch_ended.emit(
                    poll.instance,
                    self._console.instances.card(poll.instance).title,
                    watch_result(poll),
                )

    def set_notify(self, *, on: bool) -> None:
        """Tell on the desktop of states that are reached, or do not."""
        self.notify = on


def _rules(text: str, scope: Scope) -> tuple[StopRule, ...]:
    """Read a stop rule with its variables put in. Raises StopRuleError and VariableError."""
    expanded = expand(text.strip(), scope)
    return (StopRule.parse(expanded),) if expanded else ()


def watch_result(poll: Poll) -> str:
    """Say how a poll ended, with nothing of what an answer said but its state."""
    state = poll.last_answer.state if poll.last_answer is not None else None
    match poll.outcome:
        case PollOutcome.REACHED:
            return f"Reached {state}." if state else "Reached what the poll waited for."
        case PollOutcome.FAILED | PollOutcome.ENDED:
            return f"Ended in {state}." if state else "Ended without what the poll waited for."
        case PollOutcome.REFUSED:
            return "Poll ended: GMS refused the request."
        case PollOutcome.TOO_MANY_ERRORS:
            return "Poll ended: too many errors in a row."
        case _:
            return f"Poll ended: {poll.reason}."


def poll_result(poll: Poll) -> str:
    """Say how a poll ended."""
    count = len(poll.timeline.attempts)
    attempts = f"{count} attempt{'' if count == 1 else 's'}"
    match poll.outcome:
        case PollOutcome.REACHED:
            return f"Reached {poll.reason} after {attempts}."
        case PollOutcome.CANCELLED:
            return f"Poll stopped after {attempts}."
        case None:
            return f"Polling, {attempts} so far."
        case _:
            return f"Poll ended: {poll.reason} ({attempts})."
