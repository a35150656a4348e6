"""Polls with timelines, and kinds of service with states, for tests that need no server."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

from gms_console.catalogue import Provenance, ServiceKind, State, Tone
from gms_console.model.timeline import Attempt
from gms_console.poll import Poll, PollOutcome, PollPlan

START = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
Seen = tuple[float, float, str | None]
"""Seconds since the start, milliseconds it took, state (None: a fault)."""


def poll_of(*seen: Seen, ended: float | None = None, started: datetime = START) -> Poll:
    """Make a poll that has seen these attempts."""
    poll = Poll(cast("Any", None), PollPlan())
    poll.started = started
    for number, (at, elapsed, state) in enumerate(seen, start=1):
        poll.timeline.add(
            Attempt(
                number=number,
                started=started + timedelta(seconds=at),
                elapsed=elapsed,
                exchange_id=f"exchange-{number}",
                state=state,
                fault=None if state is not None else "connection reset",
            )
        )
    if ended is not None:
        poll.ended = started + timedelta(seconds=ended)
        poll.outcome = PollOutcome.REACHED
    return poll


TEN = poll_of(
    (0, 10, "waiting"), (2, 40, "waiting"), (4, 20, None), (6, 20, "ready"), (8, 5, "ready"),
    ended=10,
)  # fmt: skip


def kind_of(**tones: Tone) -> ServiceKind:
    return ServiceKind(
        name="callme",
        meaning="",
        provenance=Provenance.UNVERIFIED,
        states=tuple(
            State(name=name, meaning="", tone=tone, provenance=Provenance.UNVERIFIED)
            for name, tone in tones.items()
        ),
    )
