"""The state timeline: how it is shown, zoomed, read and driven."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QToolButton
from pytestqt.qtbot import QtBot

from gms_console.catalogue import ServiceKind, Tone
from gms_console.poll import Poll, PollOutcome
from gms_console.ui.panes.state_timeline import StateTimeline
from gms_console.ui.panes.timeline_layout import (
    ALL,
    Axis,
    Lanes,
    Track,
    lay_out,
    nearest,
)
from gms_console.ui.panes.timeline_words import EMPTY, attempt_text, readout, spoken
from gms_console.ui.theme import LIGHT
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, PollSettings, Workspace
from tests.support.wire_server import WireServer, json_answer
from tests.window.conftest import OpenWindow
from tests.window.driving import click, find, press
from tests.window.timelines import TEN, kind_of, poll_of

# --- the widget -----------------------------------------------------------------------------


@pytest.fixture
def timeline(application: QApplication, qtbot: QtBot) -> Iterator[StateTimeline]:
    widget = StateTimeline()
    widget.resize(1020, 130)
    qtbot.addWidget(widget)
    widget.show()
    widget.activateWindow()
    qtbot.waitActive(widget)
    yield widget
    widget.show_poll(None)


def show(widget: StateTimeline, poll: Poll | None, kind: ServiceKind | None = None) -> list[str]:
    """Show a poll, painted; give the list that chosen attempts are added to."""
    chosen: list[str] = []
    widget.attempt_chosen.connect(chosen.append)
    widget.show_poll(poll, kind)
    widget.grab()
    return chosen


def axis(widget: StateTimeline) -> Axis:
    assert widget.shown is not None
    return widget.shown.axis


def spot(widget: StateTimeline, seconds: float) -> QPoint:
    """Give where a moment's tick stands."""
    return QPoint(round(axis(widget).x(seconds)), 50)


def click_at(widget: StateTimeline, seconds: float) -> None:
    click(widget, spot(widget, seconds))


def turn_wheel(
    widget: StateTimeline,
    place: QPoint,
    steps: int,
    modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """Turn the mouse wheel away from the hand, or back."""
    event = QWheelEvent(
        QPointF(place), QPointF(widget.mapToGlobal(place)), QPoint(), QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton, modifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def drag(widget: StateTimeline, begin: QPoint, by: int) -> None:
    """Press, move in small steps, and let go."""
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(widget, left, none, begin)
    for part in range(1, 6):
        place = begin + QPoint(by * part // 5, 0)
        event = QMouseEvent(
            QEvent.Type.MouseMove, QPointF(place), QPointF(widget.mapToGlobal(place)),
            Qt.MouseButton.NoButton, left, none,
        )  # fmt: skip
        QApplication.sendEvent(widget, event)
    QTest.mouseRelease(widget, left, none, begin + QPoint(by, 0))


def picture(widget: StateTimeline) -> QImage:
    image: QImage = widget.grab().toImage()
    return image


def ground_at(widget: StateTimeline, seconds: float) -> QColor:
    """Give the colour of the state at a moment, at the lower edge of its box."""
    lanes = Lanes.of(widget.height(), 15)
    image = picture(widget)
    colours = [
        image.pixelColor(round(axis(widget).x(seconds)) + by, round(lanes.span_top) + 3)
        for by in range(-6, 7)
    ]
    # A pattern makes some of them lighter.
    return min(colours, key=lambda one: one.lightness())


def test_a_click_on_a_tick_chooses_its_attempt(timeline: StateTimeline) -> None:
    chosen = show(timeline, TEN)
    for seconds in (0, 2.03, 3.97):
        click_at(timeline, seconds)
    assert chosen == ["exchange-1", "exchange-2", "exchange-3"]


def test_a_click_beside_all_ticks_chooses_nothing(timeline: StateTimeline) -> None:
    chosen = show(timeline, TEN)
    click_at(timeline, 3)
    assert chosen == []


def test_keys_go_from_attempt_to_attempt(timeline: StateTimeline) -> None:
    chosen = show(timeline, TEN)
    timeline.setFocus()
    press(timeline, "Left", "Left", "Home", "Right", "End", "Right", "Return")
    assert [one.removeprefix("exchange-") for one in chosen] == list("5412555")


def test_keys_without_a_poll_do_nothing(timeline: StateTimeline) -> None:
    chosen = show(timeline, None)
    timeline.setFocus()
    press(timeline, "Left", "Right", "Home", "End", "Return", "+", "-", "0", "PgUp")
    click(timeline, QPoint(100, 50))
    turn_wheel(timeline, QPoint(100, 50), 1)
    drag(timeline, QPoint(400, 50), -200)
    assert chosen == []
    assert timeline.zoom == ALL


def test_ticks_of_an_earlier_poll_cannot_be_chosen(timeline: StateTimeline) -> None:
    chosen = show(timeline, TEN)
    place = spot(timeline, 0)
    show(timeline, None)
    timeline.setFocus()
    click(timeline, place)
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
    assert timeline.accessibleDescription().endswith("20 ms: error: connection reset")


def test_many_states_are_read_out_in_short() -> None:
    said = spoken(poll_of(*((second, 1, f"s{second}") for second in range(40))))
    assert said.startswith("28 earlier states; s28 seen once from ")


def test_an_attempt_in_words() -> None:
    attempt = TEN.timeline.attempts[0]
    assert attempt_text(attempt).startswith("Attempt 1 at ")
    assert attempt_text(attempt).endswith(", 10 ms: waiting")


def words_at(poll: Poll, seconds: float) -> list[str]:
    track = Track(poll)
    layout = lay_out(poll, 10, 1000, track=track)
    x = layout.axis.x(seconds)
    lines: list[str] = readout(layout, track, x, nearest(track, layout.axis, x))
    return lines


def test_what_is_under_the_mouse_is_said() -> None:
    clock, attempt, span = words_at(TEN, 0.02)
    assert clock.endswith(":00:00.000 · +0.0 s")
    assert attempt == "Attempt 1 · 10 ms"
    assert span == "waiting: 6 s, seen 2 times"
    assert words_at(TEN, 3)[1:] == ["waiting: 6 s, seen 2 times"]
    assert words_at(TEN, 4)[1:3] == ["Attempt 3 · 20 ms", "Error: connection reset"]
    short = poll_of((0, 1, "a"), ended=2)
    assert words_at(short, 4.5) == ["Reached  after 1 attempt."]


def test_the_mouse_draws_a_line_where_it_is_and_none_when_it_has_gone(
    timeline: StateTimeline,
) -> None:
    show(timeline, TEN)
    before = picture(timeline)
    QTest.mouseMove(timeline, QPoint(spot(timeline, 5).x(), 90))
    QTest.mouseMove(timeline, QPoint(spot(timeline, 5).x() + 1, 90))
    assert picture(timeline) != before
    QApplication.sendEvent(timeline, QEvent(QEvent.Type.Leave))
    assert picture(timeline) == before


def test_states_are_painted_in_the_colours_of_their_tones(timeline: StateTimeline) -> None:
    show(timeline, TEN, kind_of(waiting=Tone.WAITING, ready=Tone.GOOD))
    assert ground_at(timeline, 5.5) == QColor(LIGHT.tones["waiting"][0])
    assert ground_at(timeline, 9.5) == QColor(LIGHT.tones["good"][0])


def test_states_that_are_not_known_are_told_apart(timeline: StateTimeline) -> None:
    show(timeline, TEN)
    assert ground_at(timeline, 5.5) != ground_at(timeline, 9.5)


def test_an_error_is_painted_in_its_own_colour(timeline: StateTimeline) -> None:
    show(timeline, TEN)
    lanes = Lanes.of(timeline.height(), 15)
    image = picture(timeline)
    at = spot(timeline, 4).x()
    reds = [
        image.pixelColor(at + by, round(lanes.tick_top + 7) + down)
        for by in range(-4, 5)
        for down in range(-4, 5)
    ]
    assert any(one.red() > one.green() + 100 for one in reds)


# --- zoom -----------------------------------------------------------------------------------

HUNDRED = poll_of(
    *((second, 10, "waiting" if second < 60 else "ready") for second in range(100)), ended=100
)


def test_the_wheel_zooms_around_the_pointer(timeline: StateTimeline) -> None:
    chosen = show(timeline, HUNDRED)
    place = spot(timeline, 30)
    begun = axis(timeline).seconds(place.x())
    for _ in range(8):
        turn_wheel(timeline, place, 1)
    assert axis(timeline).length < 30
    assert axis(timeline).seconds(place.x()) == pytest.approx(begun, abs=0.01)
    click(timeline, place)
    click_at(timeline, 33)
    assert chosen == ["exchange-31", "exchange-34"]
    for _ in range(8):
        turn_wheel(timeline, place, -1)
    assert timeline.zoom == ALL


def test_dragging_moves_and_chooses_nothing(timeline: StateTimeline) -> None:
    chosen = show(timeline, HUNDRED)
    turn_wheel(timeline, spot(timeline, 50), 6)
    place = spot(timeline, 50)
    drag(timeline, place, -100)
    assert axis(timeline).x(50) == pytest.approx(place.x() - 100, abs=1)
    assert chosen == []
    click_at(timeline, 52)
    assert chosen == ["exchange-53"]
    drag(timeline, place, -9000)
    assert timeline.zoom.follows
    turn_wheel(timeline, place, 1, Qt.KeyboardModifier.ShiftModifier)
    assert not timeline.zoom.follows


def test_keys_zoom_and_move(timeline: StateTimeline) -> None:
    show(timeline, HUNDRED)
    timeline.setFocus()
    whole = axis(timeline).length
    press(timeline, "+", "+")
    assert axis(timeline).length == pytest.approx(whole / 2.25)
    first = axis(timeline).first
    press(timeline, "PgUp")
    assert axis(timeline).first < first
    press(timeline, "PgDown", "PgDown", "PgDown", "PgDown")
    assert timeline.zoom.follows
    press(timeline, "-")
    assert axis(timeline).length == pytest.approx(whole / 1.5)
    press(timeline, "0")
    assert timeline.zoom == ALL


def test_an_attempt_that_is_chosen_by_keys_comes_in_sight(timeline: StateTimeline) -> None:
    chosen = show(timeline, HUNDRED)
    timeline.setFocus()
    press(timeline, "+", "+", "+", "+", "Home")
    assert axis(timeline).x(0) >= axis(timeline).left
    assert axis(timeline).first == 0
    press(timeline, "End")
    assert axis(timeline).left < axis(timeline).x(99) < axis(timeline).right
    assert chosen == ["exchange-1", "exchange-100"]
    press(timeline, "+")
    assert axis(timeline).left < axis(timeline).x(99) < axis(timeline).right


def test_another_poll_is_shown_whole(timeline: StateTimeline) -> None:
    show(timeline, HUNDRED)
    timeline.setFocus()
    press(timeline, "+", "Home")
    show(timeline, TEN)
    assert timeline.zoom == ALL
    assert timeline.marked == -1


def test_a_running_poll_is_followed_until_one_looks_back(timeline: StateTimeline) -> None:
    begun = datetime.now(UTC) - timedelta(seconds=100)
    poll = poll_of(*((second, 10, "waiting") for second in range(100)), started=begun)
    show(timeline, poll)
    timeline.setFocus()
    press(timeline, "+", "+", "+")
    assert timeline.zoom.follows
    assert timeline.shown is not None
    assert timeline.shown.now is not None
    press(timeline, "PgUp", "PgUp")
    assert not timeline.zoom.follows
    press(timeline, "End")
    assert timeline.zoom.follows


def test_five_thousand_attempts_are_shown_and_chosen(timeline: StateTimeline) -> None:
    seen = [(n, 10.0, None if n % 50 == 0 else f"s{n // 100}") for n in range(5000)]
    chosen = show(timeline, poll_of(*seen, ended=5000))
    assert timeline.shown is not None
    assert len(timeline.shown.ticks) < timeline.width()
    place = spot(timeline, 2510)
    for _ in range(35):
        turn_wheel(timeline, place, 1)
    click_at(timeline, 2511)
    assert chosen == ["exchange-2512"]


def test_a_long_poll_is_not_painted_anew_for_less_than_a_pixel(timeline: StateTimeline) -> None:
    begun = datetime.now(UTC) - timedelta(hours=10)
    poll = poll_of((0, 10, "waiting"), (36_000, 10, "waiting"), started=begun)
    show(timeline, poll)
    drawn = timeline._picture
    timeline._go_on()
    assert timeline._picture is drawn
    poll.timeline.add(poll_of((36_000, 10, "ready"), started=begun).timeline.attempts[0])
    timeline.show_poll(poll)
    timeline._go_on()
    assert timeline._picture is not drawn


def test_a_hidden_timeline_does_not_paint(timeline: StateTimeline) -> None:
    poll = poll_of((0, 10, "waiting"))
    poll.started = datetime.now(UTC)
    show(timeline, poll)
    assert timeline._clock.isActive()
    timeline.hide()
    assert not timeline._clock.isActive()
    timeline.show()
    assert timeline._clock.isActive()
    poll.outcome = PollOutcome.CANCELLED
    poll.ended = datetime.now(UTC)
    timeline.show_poll(poll)
    assert not timeline._clock.isActive()


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
    qtbot.waitUntil(
        lambda: window.console.live.poll is not None and not window.console.live.poll.running
    )
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
    assert timeline.shown is not None
    click(timeline, QPoint(round(timeline.shown.ticks[2].x), 50))
    assert '"n": 3' in answer.toPlainText()


def test_buttons_zoom(polled: MainWindow) -> None:
    timeline = find(polled, StateTimeline, "stateTimeline")
    click(find(polled, QToolButton, "timelineZoomIn"))
    click(find(polled, QToolButton, "timelineZoomIn"))
    length = timeline.zoom.length
    assert length is not None
    click(find(polled, QToolButton, "timelineZoomOut"))
    assert timeline.zoom.length == pytest.approx(length * 1.5)
    click(find(polled, QToolButton, "timelineZoomFit"))
    assert timeline.zoom == ALL


def test_states_of_a_known_service_have_their_tones(polled: MainWindow) -> None:
    timeline = find(polled, StateTimeline, "stateTimeline")
    looks = timeline._looks
    assert looks.look("waiting-for-agent").tone == "waiting"
    assert looks.look("agent-ready").tone == "good"


def test_the_poll_says_how_it_ended(polled: MainWindow) -> None:
    state = find(polled, QLabel, "pollStateLabel")
    assert state.text() == "Reached agent-ready after 3 attempts."
    assert state.property("role") == "good"
    description = find(polled, StateTimeline, "stateTimeline").accessibleDescription()
    assert "waiting-for-agent seen 2 times" in description
    assert "agent-ready seen 1 times" not in description
