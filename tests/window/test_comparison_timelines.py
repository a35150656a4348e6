"""Two polls over each other, of this start and of the history."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QTabWidget
from pytestqt.qtbot import QtBot

from gms_console.comparison.timelines import overlay
from gms_console.ui.panes.comparison.timeline_overlay import TimelineOverlay
from gms_console.ui.panes.state_looks import StateLooks
from gms_console.ui.window import MainWindow
from tests.support.cluster import Cluster
from tests.support.wire_server import json_answer
from tests.window.comparisons import result, to_front
from tests.window.conftest import OpenWindow, close_window
from tests.window.driving import find, press, said, texts
from tests.window.environments import open_on, write
from tests.window.timelines import poll_of

ONE = poll_of((0, 10, "queued"), (1, 10, None), (2, 10, "offered"), (5, 10, "ready"), ended=5.1)
TWO = poll_of((0, 10, "queued"), (4, 10, "failed"), ended=4.1)


def poll(window: MainWindow, node: str, states: tuple[str, ...], qa: Cluster, qtbot: QtBot) -> str:
    """Create at a node, poll to the last of these states, and give the last exchange's id."""
    server = qa.one if node == "node1" else qa.two
    server.script(json_answer({"_id": node}), *(json_answer({"status": one}) for one in states))
    window.console.environments.choose("qa", node)
    press(window, "Ctrl+Shift+Return")
    qtbot.waitUntil(lambda: said(window).startswith(f"Reached {states[-1]}"))
    last: str = window.console.live.poll.last_exchange.id
    return last


def test_two_polls_are_laid_over_each_other(
    open_window: OpenWindow, tmp_path: Path, qa: Cluster, qtbot: QtBot
) -> None:
    write(tmp_path, "qa", qa.one.base_url, qa.two.base_url)
    window = open_on(open_window, tmp_path, "qa", service="request-inbound-poll", every=0.1)
    poll(window, "node1", ("queued", "offered", "agent-ready"), qa, qtbot)
    press(window, "Ctrl+Shift+D")
    poll(window, "node2", ("queued", "agent-ready"), qa, qtbot)
    press(window, "Ctrl+Shift+M")
    shown = result(qtbot)
    tabs = find(shown, QTabWidget, "comparisonTabs")
    assert tabs.tabText(tabs.currentIndex()) == "Timelines"
    said_of_both = find(shown, QLabel, "timelinesSummary").text()
    assert said_of_both.startswith("They part after “queued”: the left one goes on to “offered”")
    assert texts(shown.timelines.table) == ["queued", "− offered", "agent-ready"]
    assert texts(shown.timelines.table, 2)[1] == "–"
    picture = find(shown, TimelineOverlay, "timelineOverlay")
    assert said_of_both in picture.accessibleDescription()
    # The answer of an attempt beside another request's has no timelines.
    window.console.comparison.compare(window.console.exchange, window.console.exchange)
    to_front(shown, qtbot)
    qtbot.waitUntil(lambda: not window.console.comparison.busy)
    assert not tabs.isTabVisible(tabs.indexOf(shown.timelines))


def test_polls_of_an_earlier_start_are_laid_over_each_other(
    open_window: OpenWindow, tmp_path: Path, qa: Cluster, qtbot: QtBot
) -> None:
    write(tmp_path, "qa", qa.one.base_url, qa.two.base_url)
    window = open_on(open_window, tmp_path, "qa", service="request-inbound-poll", every=0.1)
    left = poll(window, "node1", ("queued", "agent-ready"), qa, qtbot)
    right = poll(window, "node2", ("queued", "agent-ready"), qa, qtbot)
    close_window(window, qtbot)
    again = open_window(folder=tmp_path)
    again.console.history.compare(left, right)
    shown = result(qtbot)
    assert find(shown, QLabel, "timelinesSummary").text().startswith("Both went through the same")
    assert texts(shown.timelines.table) == ["queued", "agent-ready"]


@pytest.fixture
def picture(qtbot: QtBot, application: object) -> TimelineOverlay:
    made = TimelineOverlay()
    qtbot.addWidget(made)
    made.resize(700, 200)
    made.show_overlay(overlay(ONE.timeline, TWO.timeline), StateLooks())
    made.show()
    qtbot.waitActive(made)
    made.setFocus()
    return made


def test_keys_go_from_change_to_change(picture: TimelineOverlay) -> None:
    moments = []
    for _ in range(5):
        press(picture, "Right")
        moments.append(picture.at)
    assert moments == [0, 2, 4, 5, 5]
    press(picture, "Left")
    assert picture.readout(picture.at or 0.0) == [
        "After 4.0 s",
        "Left: offered, since 2.0 s",
        "Right: failed, since 4.0 s",
    ]
    assert picture.accessibleDescription().startswith("After 4.0 s; Left: offered")
    press(picture, "End")
    assert picture.readout(picture.at or 0.0)[2].startswith("Right: ended as failed after 4.0")
    press(picture, "Home")
    assert picture.at == 0


def test_the_pointer_reads_both(picture: TimelineOverlay) -> None:
    QTest.mouseMove(picture, QPoint(400, 40))
    QTest.mouseMove(picture, QPoint(402, 40))
    assert picture.at is not None
    assert 2 < picture.at < 4
    assert picture.readout(picture.at)[1:] == [
        "Left: offered, since 2.0 s",
        "Right: queued, since 0.0 s",
    ]


def test_the_last_state_has_its_name_beside_it_at_the_edge(picture: TimelineOverlay) -> None:
    # “ready” and “failed” were seen but once, “ready” at the very end of the axis.
    image = picture.grab().toImage()
    ratio = image.devicePixelRatio()
    ground = image.pixelColor(round(3 * ratio), round(30 * ratio))
    edge = range(round((picture.width() - 40) * ratio), round((picture.width() - 12) * ratio))
    lane = range(round(18 * ratio), round(32 * ratio))
    written = {image.pixelColor(x, y).name() for x in edge for y in lane}
    above = {image.pixelColor(x, round(11 * ratio)).name() for x in edge}
    assert above == {ground.name()}, "the name stands on the ground, and on no other state"
    assert len(written) > 1


def test_polls_without_a_state_are_painted_too(picture: TimelineOverlay) -> None:
    picture.show_overlay(overlay(poll_of().timeline, TWO.timeline), StateLooks())
    picture.grab()
    press(picture, "Right")
    assert picture.readout(0.0)[1] == "Left: no state yet"
    picture.show_overlay(None, StateLooks())
    picture.grab()
    press(picture, "Right")
    assert picture.at is None
