"""How a Poll stands at a moment, as the history notes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gms_console.model.environment import Environment
    from gms_console.model.form import Form
    from gms_console.model.timeline import Attempt
    from gms_console.poll import Poll


@dataclass(frozen=True, slots=True, kw_only=True)
class PollStanding:
    """A Poll at a moment; `attempts` are those that are new since it was noted before."""

    id: str
    environment: Environment
    service: str
    instance_id: str
    request: str
    method: str
    form: Form
    every: float
    until: tuple[str, ...]
    started: datetime
    ended: datetime | None
    outcome: str
    reason: str
    attempts: Sequence[Attempt]


def standing_of(poll: Poll, noted: int) -> PollStanding | None:
    """Note how a Poll stands, of whose attempts `noted` are known; None before it starts."""
    if poll.started is None:
        return None
    plan, instance = poll.plan, poll.instance
    return PollStanding(
        id=poll.id,
        environment=instance.environment,
        service=instance.service,
        instance_id=instance.id,
        request=plan.request,
        method=plan.method,
        form=plan.form,
        every=plan.every,
        until=tuple(str(rule) for rule in plan.until),
        started=poll.started,
        ended=poll.ended,
        outcome="" if poll.outcome is None else poll.outcome.value,
        reason=poll.reason,
        attempts=tuple(poll.timeline.attempts[noted:]),
    )
