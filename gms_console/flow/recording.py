"""From what was done in the window to the steps of a Flow that does it again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from gms_console.beside import is_beside_services
from gms_console.events import Event, ExchangeRecorded, PollChanged
from gms_console.flow.types import (
    DEFAULT_WITHIN,
    Check,
    Flow,
    HttpCheck,
    Operator,
    Step,
    StepKind,
    ValueCheck,
)
from gms_console.history import KeptPoll
from gms_console.model.answer import read_answer
from gms_console.model.exchange import Exchange, FailureKind, OperationKind
from gms_console.model.form import Form, Row
from gms_console.model.stop_rule import DEFAULT_PATH, StopCheck, StopRule, StopRuleError
from gms_console.poll import Poll, PollOutcome, PollPlan
from gms_console.redaction import MASK, is_credential_name
from gms_console.variables import escape
from gms_console.wire.body import BodyKind

_WORDS = re.compile(r"[A-Za-z0-9]+")
_NO_NAMES = frozenset({"create", "request", "poll", "follow", "wait"})
"""Words of a service that are kinds of steps: an instance called so would be mistaken for one."""

_NO_NAME = re.compile(r"[{}\r\n]|^[$\s]+|\s+$")


class InstanceNames:
    """Gives instances the names that steps of a flow call them by."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def given(self, instance_id: str, service: str) -> str:
        """Give the name of an instance that was created: the last word of its service."""
        if instance_id in self._names:
            return self._names[instance_id]
        words = [word for word in _WORDS.findall(service) if not word.isdigit()]
        telling = [word for word in words if word.lower() not in _NO_NAMES]
        base = telling[-1] if telling else "call" if words else "instance"
        taken = set(self._names.values())
        name, number = base, 2
        while name in taken:
            name, number = f"{base}{number}", number + 1
        self._names[instance_id] = name
        return name

    def of(self, instance_id: str) -> str:
        """Give what a later step calls an instance by: its name, else its id."""
        return self._names.get(instance_id) or escape(instance_id)


def step_of_exchange(
    exchange: Exchange, names: InstanceNames, folder: Path | None = None
) -> Step | None:
    """Give the step that sends a request again and expects the same status.

    None for what is no step of its own: an attempt of a poll, a page that was looked at, and what
    was cancelled. Of a redirect that was followed it is the step of the first request, with the
    status of the last answer. A row with a credential gets a variable for its value. Files below
    `folder`, that of the flow, are named relative to it.
    """
    first = exchange.hops[0]
    operation = first.operation
    if operation.poll or (operation.label and operation.asks):
        return None
    of_none = not operation.instance_id or is_beside_services(first)
    if operation.kind is OperationKind.REQUEST and of_none:
        return None  # such as setting a node offline, or deleting data, which is done by hand alone
    if exchange.failure is not None and exchange.failure.kind is FailureKind.CANCELLED:
        return None
    step = Step(
        kind=_kind(first),
        name=_name(first),
        method=first.request.method,
        expect=_expected(exchange),
    )
    if operation.kind is OperationKind.CREATE:
        answer = read_answer(exchange)
        brought = answer.id if answer.problem is None else None
        name = names.given(brought, operation.service) if brought else ""
        step = replace(step, instance=name)
    else:
        step = replace(step, instance=names.of(operation.instance_id))
        if step.kind is StepKind.REQUEST and step.name == "cancel":
            # Whatever went wrong before, what was created is to be cancelled.
            step = replace(step, always=True, keep_going=True)
    if step.kind is StepKind.FOLLOW:
        return step
    return replace(step, form=_form(first, folder), encoding=_encoding(first))


def step_of_poll(poll: Poll, names: InstanceNames, folder: Path | None = None) -> Step:
    """Give the step that polls again, and waits for the same; else for the state that it saw."""
    plan = poll.plan
    last = poll.last_exchange
    draft = None if last is None else last.draft
    form = _literal(plan.form) if draft is None else draft.form
    return Step(
        kind=StepKind.POLL,
        name=escape(plan.request),
        instance=names.of(poll.instance.id),
        method=plan.method.upper(),
        encoding=plan.kind,
        form=without_secrets(relative(form, folder)),
        every=plan.every,
        until=_rules(plan.until) or (_seen(poll),),
        fail_on=_rules(plan.fail_on),
        within=_within(plan),
        tolerate=plan.tolerate,
    )


def step_of_kept_poll(
    kept: KeptPoll, last: Exchange | None, names: InstanceNames, folder: Path | None = None
) -> Step:
    """Give the step that polls as a poll of the history did, whose `last` Exchange has its rows.

    It waits for the same, where that is kept as a stop rule; else for what the poll came to.
    """
    checks = tuple(check for text in kept.until if (check := _kept_check(text)) is not None)
    state = kept.row.state
    if len(checks) < len(kept.until) or not checks:
        reached = kept.row.outcome == PollOutcome.REACHED
        if reached or not checks:
            checks = (_state_check(state),)
    step = Step(
        kind=StepKind.POLL,
        name=escape(kept.request),
        instance=names.of(kept.row.instance_id),
        method=kept.row.method or "POST",
        every=kept.every,
        until=checks,
        within=DEFAULT_WITHIN,
    )
    if last is None:
        return step
    return replace(step, form=_form(last, folder), encoding=_encoding(last))


class Recorder:
    """Takes what happens in a Session, and keeps the steps of it, in the order of their begin."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` is that of the flow, below which files are named by their relative path."""
        self.folder = folder
        self._names = InstanceNames()
        self._steps: dict[str, _Recorded] = {}

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps so far; what was begun first comes first."""
        recorded = sorted(self._steps.values(), key=lambda one: one.started)
        return tuple(one.step for one in recorded)

    def note(self, event: Event) -> bool:
        """Take an event; tell whether a step came or changed by it."""
        if isinstance(event, ExchangeRecorded):
            return self.add_exchange(event.exchange)
        if isinstance(event, PollChanged):
            return self.add_poll(event.poll)
        return False

    def add_exchange(self, exchange: Exchange) -> bool:
        """Take an Exchange; a redirect that was followed changes the step of its first request."""
        step = step_of_exchange(exchange, self._names, self.folder)
        first = exchange.hops[0]
        return step is not None and self._keep(first.id, first.started, step)

    def add_poll(self, poll: Poll) -> bool:
        """Take a poll, also while it runs: its step is there from its begin on."""
        step = step_of_poll(poll, self._names, self.folder)
        return self._keep(poll.id, poll.started or datetime.now(UTC), step)

    def flow(self, name: str = "", env: str = "") -> Flow:
        """Give the Flow of what was recorded."""
        return Flow(name=name, env=env, steps=self.steps)

    def _keep(self, key: str, started: datetime, step: Step) -> bool:
        before = self._steps.get(key)
        if before is not None and before.step == step:
            return False
        self._steps[key] = _Recorded(started if before is None else before.started, step)
        return True


@dataclass(frozen=True, slots=True)
class _Recorded:
    started: datetime
    step: Step


def steps_of(exchanges: Iterable[Exchange], folder: Path | None = None) -> tuple[Step, ...]:
    """Give the steps of Exchanges, as of those that were picked from the history."""
    recorder = Recorder(folder)
    for exchange in exchanges:
        recorder.add_exchange(exchange)
    return recorder.steps


def without_secrets(form: Form) -> Form:
    """Give rows that may be written to a file: a credential's value becomes a variable.

    It has the name of the row, and is asked for when the flow runs without it.
    """
    return Form(tuple(_without_secret(row) for row in form))


def relative(form: Form, folder: Path | None) -> Form:
    """Name files below a folder by their path from there; the others keep their whole path."""
    if folder is None:
        return form
    base = folder.absolute()
    return Form(tuple(_relative(row, base) for row in form))


def _without_secret(row: Row) -> Row:
    if row.is_file or not row.value or "{{" in row.value:
        return row
    if not is_credential_name(row.key) and MASK not in row.value:
        return row
    name = _NO_NAME.sub("", row.key) or "secret"
    return replace(row, value=f"{{{{{name}}}}}")


def _relative(row: Row, base: Path) -> Row:
    if row.file is None or "{{" in str(row.file):
        return row
    file = row.file.absolute()
    return replace(row, file=file.relative_to(base) if file.is_relative_to(base) else file)


def _kind(exchange: Exchange) -> StepKind:
    operation = exchange.operation
    if operation.kind is OperationKind.CREATE:
        return StepKind.CREATE
    # A push asks for a request by its name, and stands in no dialog.
    chosen = operation.label and operation.label != operation.request
    return StepKind.FOLLOW if chosen else StepKind.REQUEST


def _name(exchange: Exchange) -> str:
    operation, draft = exchange.operation, exchange.draft
    if operation.kind is OperationKind.CREATE:
        return draft.service if draft and draft.service else escape(operation.service)
    if _kind(exchange) is StepKind.FOLLOW:
        return escape(operation.label)
    return draft.request if draft and draft.request else escape(operation.request)


def _expected(exchange: Exchange) -> tuple[Check, ...]:
    return () if exchange.response is None else (HttpCheck((exchange.response.status,)),)


def _form(exchange: Exchange, folder: Path | None) -> Form:
    """Give what was typed, with its variables, else what was sent."""
    if exchange.draft is not None:
        form = exchange.draft.form
    else:
        form = _literal(exchange.request.form or Form())
    return without_secrets(relative(form, folder))


def _literal(form: Form) -> Form:
    """Write rows that were sent so that nothing in them is taken for a variable."""
    return Form(
        tuple(
            replace(
                row,
                key=escape(row.key),
                value=escape(row.value),
                file=None if row.file is None else Path(escape(str(row.file))),
                content_type=None if row.content_type is None else escape(row.content_type),
                filename=None if row.filename is None else escape(row.filename),
            )
            for row in form
        )
    )


def _encoding(exchange: Exchange) -> BodyKind:
    if exchange.draft is not None:
        return BodyKind(exchange.draft.body_kind)
    form = exchange.request.form or Form()
    headers = exchange.request.headers
    sent_type = next((text for name, text in headers if name.lower() == "content-type"), "")
    if "json" in sent_type:
        return BodyKind.JSON
    if "multipart" in sent_type and not any(row.is_file for _, row in form.enabled()):
        return BodyKind.MULTIPART
    return BodyKind.AUTO


def _rules(rules: Iterable[StopCheck]) -> tuple[ValueCheck, ...]:
    return tuple(check for rule in rules if (check := _check(rule)) is not None)


def _check(rule: StopCheck) -> ValueCheck | None:
    """Give the check that a stop rule is; what a Run asks has its own already."""
    if isinstance(rule, StopRule):
        values = [escape(value) for value in rule.values]
        if len(values) == 1:
            return ValueCheck(rule.path, Operator.EQUALS, values[0])
        return ValueCheck(rule.path, Operator.IN, values)
    own = getattr(rule, "check", None)
    return own if isinstance(own, ValueCheck) else None


def _seen(poll: Poll) -> ValueCheck:
    """Give what a poll without a stop rule came to, as a step has to wait for something."""
    state = poll.timeline.state
    if not state and poll.plan.terminal:
        states = [escape(one) for one in sorted(poll.plan.terminal)]
        return ValueCheck(DEFAULT_PATH, Operator.IN, states)
    return _state_check(state)


def _state_check(state: str | None) -> ValueCheck:
    """Wait for a state; where none was seen, for any."""
    if state:
        return ValueCheck(DEFAULT_PATH, Operator.EQUALS, escape(state))
    return ValueCheck(DEFAULT_PATH, Operator.EXISTS, True)


def _kept_check(text: str) -> ValueCheck | None:
    """Read a stop rule that the history kept; None for another check, of which it has the words.

    A rule is kept with its path, such as `status=agent-ready`: no other text is read so.
    """
    try:
        rule = StopRule.parse(text)
    except StopRuleError:
        return None
    return _check(rule) if str(rule) == text and MASK not in text else None


def _within(plan: PollPlan) -> float:
    if plan.within is not None:
        return plan.within
    return DEFAULT_WITHIN if plan.attempts is None else plan.every * plan.attempts
