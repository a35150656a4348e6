"""Switching to another place: what runs at the old one is never left unnoticed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from gms_console.ui.models.instance_model import CARD_ROLE
from gms_console.ui.panes.environment.switch_dialog import SwitchDialog
from gms_console.ui.window import MainWindow
from tests.support.wire_server import WireServer, hold, json_answer
from tests.window.conftest import OpenWindow, close_window
from tests.window.driving import active_dialog, back_in, click, find, press, retype, said, send
from tests.window.environments import combo, on, open_on, pick, switch, write

CREATED = json_answer({"_id": "I-1"})
WAITING = json_answer({"status": "waiting-for-agent"})
MARK = "pollElsewhereButton"


@pytest.fixture
def second() -> Iterator[WireServer]:
    with WireServer(default=json_answer({"_id": "I-2"})) as server:
        yield server


@pytest.fixture
def polling(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, second: WireServer, qtbot: QtBot
) -> MainWindow:
    """A window on `qa`, where a poll runs; `live` is the other environment."""
    wire.script(CREATED, WAITING)
    write(tmp_path, "qa", wire.base_url, more="colour: green\n")
    write(tmp_path, "live", second.base_url, more="colour: red\n")
    window = open_on(open_window, tmp_path, "qa", service="request-inbound-poll")
    press(window, "Ctrl+Shift+Return")
    qtbot.waitUntil(lambda: len(wire.requests) >= 3)
    return window


def question(qtbot: QtBot) -> SwitchDialog:
    return active_dialog(qtbot, SwitchDialog)


def mark(window: MainWindow) -> str:
    """Give what the bar says of polls elsewhere."""
    found = [one for one in window.findChildren(QToolButton, MARK) if one.isVisible()]
    return found[0].text() if found else ""


def test_staying_is_what_enter_and_escape_do(
    polling: MainWindow, wire: WireServer, second: WireServer, qtbot: QtBot
) -> None:
    for key in ("Return", "Esc"):
        switch(polling, "live")
        dialog = question(qtbot)
        (text,) = [item.text() for item in _items(dialog)]
        assert text.startswith("Poll of status: ")
        assert "waiting-for-agent" in text
        assert find(dialog, QPushButton, "stayButton").hasFocus()
        press(dialog, key)
        back_in(polling, qtbot)
        assert polling.windowTitle() == "qa – GMS Console"
        assert combo(polling).currentText() == "qa"
        assert said(polling) == "Still sending to qa."
        assert polling.console.live.poll.running
    assert mark(polling) == ""
    assert second.requests == []


def _items(dialog: SwitchDialog) -> list[QListWidgetItem]:
    listed = find(dialog, QListWidget, "runningList")
    return [listed.item(row) for row in range(listed.count())]


def test_a_poll_that_is_stopped_asks_no_more(
    polling: MainWindow, wire: WireServer, second: WireServer, qtbot: QtBot
) -> None:
    poll = polling.console.live.poll
    switch(polling, "live")
    click(find(question(qtbot), QPushButton, "stopAndSwitchButton"))
    back_in(polling, qtbot)
    on(polling, "live", qtbot)
    qtbot.waitUntil(lambda: not poll.running)
    assert poll.outcome.value == "cancelled"
    assert mark(polling) == ""
    send(polling, second, qtbot)


def test_a_poll_that_is_kept_stays_marked_and_can_be_found(
    polling: MainWindow, wire: WireServer, second: WireServer, qtbot: QtBot
) -> None:
    switch(polling, "live")
    press(polling, "Alt+K")
    back_in(polling, qtbot)
    on(polling, "live", qtbot)
    assert mark(polling) == "1 poll runs on qa"
    count = len(wire.requests)
    qtbot.waitUntil(lambda: len(wire.requests) >= count + 2)
    assert wire.requests[-1].target == "/genesys/1/service/I-1/status"

    send(polling, second, qtbot)
    view = find(polling, QListView, "instanceList")
    cards = [view.model().index(row, 0).data(CARD_ROLE) for row in range(2)]
    assert [(card.elsewhere, card.colour) for card in cards] == [("", ""), ("qa", "#2e7d4f")]
    assert polling.console.live.selected.id == "I-2"
    click(find(polling, QToolButton, MARK))
    assert polling.console.live.selected.id == "I-1"
    assert view.hasFocus()

    polling.console.live.stop_poll()
    qtbot.waitUntil(lambda: not mark(polling))


def test_what_was_kept_is_not_asked_about_again(
    polling: MainWindow, wire: WireServer, second: WireServer, qtbot: QtBot
) -> None:
    switch(polling, "live")
    click(find(question(qtbot), QPushButton, "keepButton"))
    back_in(polling, qtbot)
    switch(polling, "qa")
    on(polling, "qa", qtbot)
    assert mark(polling) == ""


def test_a_base_url_that_is_typed_asks_too(
    polling: MainWindow, wire: WireServer, second: WireServer, qtbot: QtBot
) -> None:
    switch(polling, "Any base URL")
    # The place before was none, so nothing was left but an error to read.
    edit = find(polling, QLineEdit, "baseUrlEdit")
    assert mark(polling) == "1 poll runs on qa"
    retype(edit, second.base_url, "Return")
    dialog = question(qtbot)
    press(dialog, "Esc")
    back_in(polling, qtbot)
    assert second.requests == []
    retype(edit, second.base_url)
    # Enter is on its way to the send: what was typed must not go to the old place.
    press(polling, "Ctrl+Return")
    click(find(question(qtbot), QPushButton, "keepButton"))
    back_in(polling, qtbot)
    assert not polling.console.sending
    assert polling.console.environment.base_url == f"{second.base_url}/genesys"
    send(polling, second, qtbot)


def test_the_simulator_asks_too(polling: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    click(find(polling, QToolButton, "simulatorButton"))
    press(question(qtbot), "Esc")
    back_in(polling, qtbot)
    assert polling.windowTitle() == "qa – GMS Console"
    assert polling.console.connection.tone != "busy"


def test_a_node_of_the_same_cluster_asks_nothing(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, second: WireServer, qtbot: QtBot
) -> None:
    wire.script(CREATED, WAITING)
    write(tmp_path, "qa", wire.base_url, second.base_url)
    window = open_on(open_window, tmp_path, "qa", service="request-inbound-poll")
    press(window, "Ctrl+Shift+Return")
    qtbot.waitUntil(lambda: len(wire.requests) >= 2)
    nodes = window.environment_bar.node_combo
    click(nodes)
    pick(nodes, "node2")
    on(window, "qa (node2)", qtbot)
    count = len(wire.requests)
    qtbot.waitUntil(lambda: len(wire.requests) >= count + 2)
    assert mark(window) == ""
    assert window.console.instances.card(window.console.live.selected).node == "node1"


def test_a_send_under_way_is_told_and_can_be_stopped(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, second: WireServer, qtbot: QtBot
) -> None:
    wire.script(hold())
    write(tmp_path, "qa", wire.base_url)
    write(tmp_path, "live", second.base_url)
    window = open_on(open_window, tmp_path, "qa")
    press(window, "Ctrl+Return")
    qtbot.waitUntil(lambda: len(wire.requests) == 1)
    switch(window, "live")
    dialog = question(qtbot)
    (text,) = [item.text() for item in _items(dialog)]
    assert text.startswith("Send: create request-interaction")
    click(find(dialog, QPushButton, "stopAndSwitchButton"))
    back_in(window, qtbot)
    qtbot.waitUntil(lambda: not window.console.sending)
    on(window, "live", qtbot)
    assert "Cancelled" in find(window, QLabel, "answerStatusLabel").text()
    send(window, second, qtbot)


def test_the_window_closes_without_a_question(polling: MainWindow, qtbot: QtBot) -> None:
    close_window(polling, qtbot)
