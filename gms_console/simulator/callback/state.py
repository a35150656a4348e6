"""One callback and its way through the states, as the clock has it.

State names are known (domain: seen in the vendor's tests), as is the reason CANCELLED_BY_ADMIN;
all other reasons are this simulator's choice.
"""

import math
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gms_console.simulator.callback.scenarios import Scenario
from gms_console.simulator.callback.times import USUAL, Times
from gms_console.simulator.world.controls import Controls
from gms_console.simulator.world.line import Turn
from gms_console.simulator.world.pool import Wish
from gms_console.simulator.world.staff import Staff

CANCELLED = "CANCELLED_BY_USER"
CANCELLED_BY_ADMIN = "CANCELLED_BY_ADMIN"
NOT_CONFIRMED = "NOT_CONFIRMED_BY_USER"
HUNG_UP = "HUNG_UP_BY_USER"


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
    user is not needed, a ready agent makes it. `ready_at` is when an agent is ready if one is free
    then, and `turn` the place with the agents.
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
    busy_seconds: float = USUAL.call
    connects: int = 0
    pushed: bool = False
    reason: str | None = None
    shown: dict[str, str] = field(default_factory=dict)
    turn: Turn | None = None
    times: Times = USUAL

    def schedule(self, now: float, desired_at: float | None, *, queue: bool | None) -> None:
        """Choose a place in time: now, or later when the desired time is far enough.

        `queue` is what the request wants regardless of the time: True for QUEUED at once, False
        for SCHEDULED, which without a time lasts until it is rescheduled.
        """
        if queue is True or (desired_at is None and queue is None):
            self.queued_at = now
        elif desired_at is None:
            self.queued_at = math.inf
        else:
            self.queued_at = max(now, desired_at - self.times.ahead)
        waits = self.scenario.wait_for_agent or self.scenario.user_terminated
        self.ready_at = self.queued_at + (self.times.agent if waits else 0.0)
        if desired_at is not None:
            self.ready_at = max(self.ready_at, desired_at)
        self.begun_at = None
        self.pushed = False
        self.busy_seconds = self.call_seconds

    def line_up(self, staff: Staff, callback_id: str, now: float) -> None:
        """Wait for an agent at the chosen place; one that is SCHEDULED for no time does not.

        Who is connected already waits on the phone, which no suspension of the service stops.
        """
        staff.leave(callback_id, now)
        self.turn = None
        if math.isinf(self.queued_at):
            return
        connected = self.begun_at is not None
        seconds = self.times.confirm if self.scenario.needs_user else self.busy_seconds
        self.turn = staff.wait(
            callback_id,
            self.queued_at,
            self.queued_at if connected else self.ready_at,
            seconds,
            "" if connected else self.service,
        )
        if self.begun_at is not None:
            self.turn.hold(self.begun_at + self.busy_seconds, now)

    @property
    def call_seconds(self) -> float:
        """How long a call lasts that the contact center makes."""
        return self.times.call + (self.times.preview if self.scenario.preview else 0.0)

    def ready(self, now: float) -> float:
        """Return when an agent was ready; infinity as long as none is."""
        return math.inf if self.turn is None else self.turn.ready(now)

    def begin(self, now: float, seconds: float) -> None:
        """Make the connection; it lasts so long, and keeps its agent."""
        self.begun_at = now
        self.busy_seconds = seconds
        if self.turn is not None:
            self.turn.hold(now + seconds, now)

    @property
    def ends_at(self) -> float:
        """When the connection that was made ends; infinity while there is none."""
        return math.inf if self.begun_at is None else self.begun_at + self.busy_seconds

    def end_at(self, until: float, now: float) -> None:
        """Let the connection that was made last until then."""
        # Kept as a length, which rounding must not make seem a change each time.
        if self.begun_at is not None and not math.isclose(until, self.ends_at, abs_tol=1e-6):
            self.busy_seconds = until - self.begun_at
            if self.turn is not None:
                self.turn.hold(until, now)

    def finish(self, now: float, reason: str | None = None) -> None:
        """End it now."""
        self.reason = reason
        self.begin(now, 0.0)

    def state(self, now: float, controls: Controls) -> State:
        """Return where it stands."""
        ready = self.ready(now)
        begins = self.begun_at
        if begins is None and not self.scenario.needs_user:
            begins = ready
        if begins is not None and now >= begins:
            return State.COMPLETED if now >= begins + self.busy_seconds else State.PROCESSING
        if now < self.queued_at:
            return State.SCHEDULED
        if begins is None and now >= ready + self.times.confirm:
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
            and self.ready(now) <= now
            and not self.over(now, controls)
        )

    def reason_at(self, now: float, controls: Controls) -> str | None:
        """Return why it ended, when it did not end well."""
        if self.reason is None and self.begun_at is None and self.scenario.needs_user:
            return NOT_CONFIRMED if self.over(now, controls) else None
        return self.reason
