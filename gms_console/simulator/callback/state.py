"""One callback and its way through the states, as the clock has it.

State names and the 120 s before a desired time are known (domain: seen in the vendor's tests);
all other durations and the reasons are this simulator's choice.
"""

import math
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gms_console.simulator.callback.scenarios import Scenario
from gms_console.simulator.world.controls import Controls
from gms_console.simulator.world.pool import Wish

QUEUE_AHEAD_SECONDS = 120.0
"""A scheduled callback is queued so long before its time."""

AGENT_SECONDS = 10.0
"""In the queue until an agent is ready."""

CONFIRM_SECONDS = 120.0
"""So long a ready agent waits for the user."""

CALL_SECONDS = 20.0
PREVIEW_SECONDS = 10.0
CHAT_SECONDS = 300.0

CANCELLED = "CANCELLED_BY_USER"
NOT_CONFIRMED = "NOT_CONFIRMED_BY_USER"


class State(StrEnum):
    """The states that a record shows (domain: seen in the vendor's tests)."""

    SCHEDULED = "SCHEDULED"
    QUEUED = "QUEUED"
    PAUSED = "PAUSED"
    PROCESSING = "PROCESSING"
    COMPLETED = "COMPLETED"


@dataclass
class Callback:
    """A callback; the times are readings of the simulator's clock.

    `wish` is what a number to dial is booked with, `booked` says that a slot of the office
    hours is taken, `begun_at` is when the connection was made on the user's request; where the
    user is not needed, a ready agent makes it.
    """

    service: str
    scenario: Scenario
    customer_number: str | None
    desired: datetime
    wish: Wish
    connect_limit: int
    booked: bool = False
    queued_at: float = 0.0
    ready_at: float = 0.0
    begun_at: float | None = None
    busy_seconds: float = CALL_SECONDS
    connects: int = 0
    pushed: bool = False
    reason: str | None = None
    shown: dict[str, str] = field(default_factory=dict)

    def schedule(self, now: float, desired_at: float | None, *, queue: bool | None) -> None:
        """Take a place: in the queue now, or later when the desired time is far enough.

        `queue` is what the request wants regardless of the time: True for QUEUED at once, False
        for SCHEDULED, which without a time lasts until it is rescheduled.
        """
        if queue is True or (desired_at is None and queue is None):
            self.queued_at = now
        elif desired_at is None:
            self.queued_at = math.inf
        else:
            self.queued_at = max(now, desired_at - QUEUE_AHEAD_SECONDS)
        waits = self.scenario.wait_for_agent or self.scenario.user_terminated
        self.ready_at = self.queued_at + (AGENT_SECONDS if waits else 0.0)
        if desired_at is not None:
            self.ready_at = max(self.ready_at, desired_at)
        self.begun_at = None
        self.pushed = False

    def ready(self, controls: Controls) -> float:
        """Return when an agent is ready, pauses of the service waited out."""
        return controls.put_off(self.service, self.queued_at, self.ready_at)

    def begin(self, now: float, seconds: float) -> None:
        """Make the connection; it lasts so long."""
        self.begun_at = now
        self.busy_seconds = seconds

    def finish(self, now: float, reason: str | None = None) -> None:
        """End it now."""
        self.reason = reason
        self.begin(now, 0.0)

    def state(self, now: float, controls: Controls) -> State:
        """Return where it stands."""
        ready = self.ready(controls)
        begins = self.begun_at
        if begins is None and not self.scenario.needs_user:
            begins = ready
        if begins is not None and now >= begins:
            return State.COMPLETED if now >= begins + self.busy_seconds else State.PROCESSING
        if now < self.queued_at:
            return State.SCHEDULED
        if begins is None and now >= ready + CONFIRM_SECONDS:
            return State.COMPLETED
        return State.PAUSED if controls.suspended(self.service) and now < ready else State.QUEUED

    def over(self, now: float, controls: Controls) -> bool:
        """Return whether it is completed."""
        return self.state(now, controls) is State.COMPLETED

    def awaits_user(self, now: float, controls: Controls) -> bool:
        """Return whether an agent is ready and the user must say what to do."""
        return (
            self.scenario.needs_user
            and self.begun_at is None
            and self.ready(controls) <= now
            and not self.over(now, controls)
        )

    def reason_at(self, now: float, controls: Controls) -> str | None:
        """Return why it ended, when it did not end well."""
        if self.reason is None and self.begun_at is None and self.scenario.needs_user:
            return NOT_CONFIRMED if self.over(now, controls) else None
        return self.reason
