"""Two polls over each other: when each came to a state, and where they part."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from gms_console.comparison import Change
from gms_console.comparison.timelines import Fault, Overlay, Stretch, overlay
from gms_console.model.timeline import Attempt
from tests.engine.polls import plan, run, state
from tests.support.wire_server import WireServer


@dataclass
class Seen:
    """Attempts as a poll keeps them."""

    attempts: Sequence[Attempt]


def seen(*states: tuple[float, str | None], minute: int = 0) -> Seen:
    """Attempts at these seconds; None is one that failed. Each took 100 ms."""
    begun = datetime(2025, 5, 1, 12, minute, tzinfo=UTC)
    return Seen(
        [
            Attempt(
                number=number,
                started=begun + timedelta(seconds=at),
                elapsed=100.0,
                exchange_id=str(number),
                state=state,
                fault="timed out" if state is None else None,
            )
            for number, (at, state) in enumerate(states, start=1)
        ]
    )


LEFT = seen((0, "waiting"), (1, "waiting"), (2.1, "offered"), (4, "agent-ready"))


def told(found: Overlay) -> list[tuple[str, Change]]:
    return [(row.state, row.change) for row in found.rows]


def test_both_went_through_the_same_states_at_other_times_of_the_day() -> None:
    found = overlay(LEFT, seen((0, "waiting"), (3.4, "offered"), (75, "agent-ready"), minute=9))
    assert found.left == (
        Stretch("waiting", 0.0, 2.1, 2),
        Stretch("offered", 2.1, 4.0, 1),
        Stretch("agent-ready", 4.0, 4.1, 1),
    )
    assert found.parting is None
    assert [row.text for row in found.rows] == [
        "waiting: after 0.0 s / 0.0 s",
        "offered: after 2.1 s / 3.4 s",
        "agent-ready: after 4.0 s / 1 min 15 s",
    ]
    assert found.summary == (
        "Both went through the same 3 states; last agent-ready: after 4.0 s / 1 min 15 s."
    )
    assert found.length == pytest.approx(75.1)


def test_where_they_part_is_said() -> None:
    found = overlay(LEFT, seen((0, "waiting"), (2, None), (5, "abandoned")))
    assert told(found) == [
        ("waiting", Change.SAME),
        ("offered", Change.REMOVED),
        ("agent-ready", Change.REMOVED),
        ("abandoned", Change.ADDED),
    ]
    assert found.parting == 1
    assert found.summary == (
        "They part after “waiting”: the left one goes on to “offered” (after 2.1 s), "
        "the right one goes on to “abandoned” (after 5.0 s)."
    )
    assert found.right_faults == (Fault(2.0, "timed out"),)
    assert found.text().splitlines()[1:] == [
        "waiting: after 0.0 s / 0.0 s",
        "offered: only on the left, after 2.1 s",
        "agent-ready: only on the left, after 4.0 s",
        "abandoned: only on the right, after 5.0 s",
        "right, after 2.0 s: timed out",
    ]


def test_a_state_that_one_has_left_out_does_not_hide_what_both_come_to() -> None:
    found = overlay(LEFT, seen((0, "waiting"), (3, "agent-ready")))
    assert told(found) == [
        ("waiting", Change.SAME),
        ("offered", Change.REMOVED),
        ("agent-ready", Change.SAME),
    ]
    assert found.summary == (
        "They part after “waiting”: the left one goes on to “offered” (after 2.1 s), "
        "the right one goes on to “agent-ready” (after 3.0 s)."
    )


def test_one_that_has_stopped_earlier() -> None:
    found = overlay(LEFT, seen((0, "waiting")))
    assert found.summary == (
        "They part after “waiting”: the left one goes on to “offered” (after 2.1 s)."
    )


def test_they_part_from_the_start() -> None:
    assert overlay(LEFT, seen((0, "ended"))).summary.startswith("They part from the start: the ")


def test_polls_without_a_state() -> None:
    found = overlay(seen(), seen((0, None)))
    assert not found.rows
    assert not found.left
    assert found.length == pytest.approx(0.1)
    assert found.summary == "Neither poll has read a state."


async def test_two_polls_of_this_start(wire: WireServer) -> None:
    wire.script(state("waiting"), state("offered"), state("agent-ready"))
    first = await run(wire, plan())
    wire.script(state("waiting"), state("waiting"), state("agent-ready"))
    found = overlay(first.timeline, (await run(wire, plan())).timeline)
    assert told(found) == [
        ("waiting", Change.SAME),
        ("offered", Change.REMOVED),
        ("agent-ready", Change.SAME),
    ]
