"""The state timeline: where things stand on it, and how it is read and driven."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit
from pytestqt.qtbot import QtBot

from gms_console.model.timeline import Attempt
from gms_console.poll import Poll, PollOutcome, PollPlan
from gms_console.ui.panes.state_timeline import EMPTY, StateTimeline, attempt_text
from gms_console.ui.panes.timeline_layout import lay_out
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, PollSettings, Workspace
from tests.support.wire_server import WireServer, json_answer
from tests.window.conftest import OpenWindow
from tests.window.driving import find, press

START = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
Seen = tuple[float, float, str | None]
"""Seconds since the start, milliseconds it took, state (None: a fault)."""


def poll_of(*seen: Seen, ended: float | None = None) -> Poll:
    """Make a poll that has seen these attempts."""
    poll = Poll(cast("Any", None), PollPlan())
    poll.started = START
    for number, (at, elapsed, state) in enumerate(seen, start=1):
        poll.timeline.add(
            Attempt(
                number=number,
                started=START + timedelta(seconds=at),
                elapsed=elapsed,
                exchange_id=f"exchange-{number}",
                state=state,
                fault=None if state is not None else "connection reset",
            )
        )
    if ended is not None:
        poll.ended = START + timedelta(seconds=ended)
        poll.outcome = PollOutcome.REACHED
    return poll


TEN = poll_of(
    (0, 10, "waiting"), (2, 40, "waiting"), (4, 20, None), (6, 20, "ready"), (8, 5, "ready"),
    ended=10,
)  # fmt: skip


# --- places ---------------------------------------------------------------------------------


def test_times_are_placed_in_proportion() -> None:
    layout = lay_out(TEN, 10, 1000)
    assert [tick.x for tick in layout.ticks] == pytest.approx([10, 210, 410, 610, 810])
    assert [tick.attempt.number for tick in layout.ticks] == [1, 2, 3, 4, 5]
    assert [tick.latency for tick in layout.ticks] == pytest.approx([0.25, 1, 0.5, 0.5, 0.125])
    assert layout.slowest == 40


def test_a_state_lasts_until_the_next_one_is_seen() -> None:
    first, second = lay_out(TEN, 10, 1000).spans
    assert (first.state, first.left, first.right, first.seconds) == ("waiting", 10, 610, 6)
    assert (second.state, second.left, second.right, second.seconds) == ("ready", 610, 1010, 4)
    assert (first.attempts, second.attempts) == (2, 2)


def test_an_ended_poll_has_no_now_and_a_running_one_has() -> None:
    assert lay_out(TEN, 10, 1000).now is None
    poll = poll_of((0, 10, "waiting"))
    poll.started = datetime.now(UTC) - timedelta(seconds=20)
    now = lay_out(poll, 10, 1000).now
    assert now is not None
    assert 900 < now < 1010


def test_a_short_poll_does_not_fill_the_axis() -> None:
    layout = lay_out(poll_of((0, 1, "waiting"), ended=2), 0, 500)
    assert layout.spans[0].right == pytest.approx(200)


def test_a_state_seen_for_no_time_can_still_be_seen() -> None:
    layout = lay_out(poll_of((0, 1, "a"), (5, 1, "b"), (5, 1, "c"), ended=10), 0, 500)
    assert layout.spans[1].right - layout.spans[1].left == pytest.approx(3)


@pytest.mark.parametrize("width", [200, 500, 1500])
def test_the_state_that_ended_a_poll_has_room_for_its_name(width: float) -> None:
    layout = lay_out(poll_of((0, 1, "a"), (10, 1, "ready"), ended=10), 10, width)
    last = layout.spans[-1]
    assert last.right - last.left >= min(130, width * 0.3) - 0.01
    assert last.right <= 10 + width + 0.01


def test_a_poll_without_attempts_is_empty() -> None:
    layout = lay_out(poll_of(), 10, 500)
    assert (layout.spans, layout.ticks, layout.slowest) == ((), (), 0)
    never = Poll(cast("Any", None), PollPlan())
    assert lay_out(never, 10, 500).now is None


@given(
    seconds=st.lists(st.floats(0, 5000), min_size=1, max_size=40).map(sorted),
    states=st.lists(st.sampled_from(["a", "b", "c", None]), min_size=40, max_size=40),
    width=st.floats(180, 3000),
    after=st.floats(0, 100),
)
def test_whatever_was_seen_is_in_order_and_inside(
    seconds: list[float], states: list[str | None], width: float, after: float
) -> None:
    seen = [(at, 1.0, state) for at, state in zip(seconds, states, strict=False)]
    layout = lay_out(poll_of(*seen, ended=seconds[-1] + after), 10, width)
    places = [tick.x for tick in layout.ticks]
    assert places == sorted(places)
    assert all(10 <= x <= 10 + width + 0.01 for x in places)
    for one, following in pairwise(layout.spans):
        assert one.left <= following.left
        assert one.state != following.state or None in states
    marks = [x for x, _ in layout.marks]
    gaps = [right - left for left, right in pairwise(marks)]
    assert all(gap >= 69.9 for gap in gaps)
    assert marks[0] == 10
    assert marks[-1] <= 10 + width + 0.01


# --- the widget -----------------------------------------------------------------------------


@pytest.fixture
def timeline(application: QApplication, qtbot: QtBot) -> Iterator[StateTimeline]:
    widget = StateTimeline()
    widget.resize(1020, 100)
    qtbot.addWidget(widget)
    widget.show()
    widget.activateWindow()
    qtbot.waitActive(widget)
    yield widget
    widget.show_poll(None)


def show(widget: StateTimeline, poll: Poll | None) -> list[str]:
    """Show a poll, painted; give the list that chosen attempts are added to."""
    chosen: list[str] = []
    widget.attempt_chosen.connect(chosen.append)
    widget.show_poll(poll)
    widget.grab()
    return chosen


def click_at(widget: StateTimeline, x: float) -> None:
    QTest.mouseClick(
        widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(round(x), 45)
    )


def test_a_click_on_a_tick_chooses_its_attempt(timeline: StateTimeline) -> None:
    chosen = show(timeline, TEN)
    for x in (10, 213, 407):
        click_at(timeline, x)
    assert chosen == ["exchange-1", "exchange-2", "exchange-3"]


def test_a_click_beside_all_ticks_chooses_nothing(timeline: StateTimeline) -> None:
    chosen = show(timeline, TEN)
    click_at(timeline, 300)
    assert chosen == []


def test_keys_go_from_attempt_to_attempt(timeline: StateTimeline) -> None:
    chosen = show(timeline, TEN)
    timeline.setFocus()
    press(timeline, "Left", "Left", "Home", "Right", "End", "Right", "Return")
    assert [one.removeprefix("exchange-") for one in chosen] == list("5412555")


def test_keys_without_a_poll_do_nothing(timeline: StateTimeline) -> None:
    chosen = show(timeline, None)
    timeline.setFocus()
    press(timeline, "Left", "Right", "Home", "End", "Return")
    click_at(timeline, 10)
    assert chosen == []


def test_ticks_of_an_earlier_poll_cannot_be_chosen(timeline: StateTimeline) -> None:
    chosen = show(timeline, TEN)
    show(timeline, None)
    timeline.setFocus()
    click_at(timeline, 10)
    press(timeline, "Home")
    assert chosen == []


def test_the_timeline_is_read_out(timeline: StateTimeline) -> None:
    assert timeline.accessibleName() == "State timeline"
    show(timeline, None)
    assert timeline.accessibleDescription() == EMPTY
    show(timeline, TEN)
    description = timeline.accessibleDescription()
    assert "waiting seen 2 times" in description
    assert "ready seen 2 times" in description
    timeline.setFocus()
    press(timeline, "Home", "Right", "Right")
    assert timeline.accessibleDescription().startswith("Attempt 3 at ")
    assert timeline.accessibleDescription().endswith("20 ms: connection reset")


def test_an_attempt_in_words() -> None:
    attempt = TEN.timeline.attempts[0]
    assert attempt_text(attempt).startswith("Attempt 1 at ")
    assert attempt_text(attempt).endswith(", 10 ms: waiting")


def test_what_is_under_the_mouse_is_said(timeline: StateTimeline) -> None:
    show(timeline, TEN)
    assert timeline._text_at(11).startswith("Attempt 1 ")
    assert timeline._text_at(300).startswith("waiting: 6 s, ")
    assert timeline._text_at(1019) == ""


def test_states_are_painted_in_colours_of_their_own(timeline: StateTimeline) -> None:
    show(timeline, TEN)
    picture = timeline.grab().toImage()
    first, second = picture.pixelColor(590, 31), picture.pixelColor(990, 31)
    assert first != second
    assert picture.pixelColor(200, 31) == first


# --- in the window --------------------------------------------------------------------------


@pytest.fixture
def polled(open_window: OpenWindow, wire: WireServer, qtbot: QtBot) -> MainWindow:
    """A window with a poll that has come to its end in three attempts."""
    wire.script(
        json_answer({"_id": "I-1"}),
        json_answer({"status": "waiting-for-agent", "n": 1}),
        json_answer({"status": "waiting-for-agent", "n": 2}),
        json_answer({"status": "agent-ready", "n": 3}),
    )
    window = open_window(
        Workspace(
            base_url=wire.base_url,
            create=Draft(service="request-inbound-poll"),
            poll=PollSettings(every=0.1),
        )
    )
    press(window, "Ctrl+Shift+Return")
    qtbot.waitUntil(lambda: window.console.poll is not None and not window.console.poll.running)
    return window


def test_an_attempt_that_is_chosen_is_shown_as_an_answer(polled: MainWindow) -> None:
    answer = find(polled, QPlainTextEdit, "answerView")
    assert '"n": 3' in answer.toPlainText()
    press(polled, "Alt+6", "Home")
    assert '"n": 1' in answer.toPlainText()
    press(polled, "Right")
    assert '"n": 2' in answer.toPlainText()
    assert "waiting-for-agent" in find(polled, QLabel, "answerMeaningLabel").text()
    timeline = find(polled, StateTimeline, "stateTimeline")
    timeline.grab()
    QTest.mouseClick(
        timeline,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        QPoint(round(timeline._layout.ticks[2].x), 45),
    )
    assert '"n": 3' in answer.toPlainText()


def test_the_poll_says_how_it_ended(polled: MainWindow) -> None:
    state = find(polled, QLabel, "pollStateLabel")
    assert state.text() == "Reached agent-ready after 3 attempts."
    assert state.property("role") == "good"
    description = find(polled, StateTimeline, "stateTimeline").accessibleDescription()
    assert "waiting-for-agent seen 2 times" in description
    assert "agent-ready seen 1 times" not in description
