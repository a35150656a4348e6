"""Guard levels in the window: what is asked before a create, and what does not go out at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from gms_console.ui.panes.environment.confirm_dialog import ConfirmDialog
from gms_console.ui.window import MainWindow
from tests.support.wire_server import WireServer, json_answer
from tests.window.conftest import OpenWindow
from tests.window.driving import (
    active_dialog,
    add_row,
    back_in,
    click,
    find,
    press,
    retype,
    said,
    send,
    type_text,
)
from tests.window.environments import on, open_on, shown, switch, write

CREATED = json_answer({"_id": "I-1"})


@pytest.fixture
def second() -> Iterator[WireServer]:
    with WireServer(default=CREATED) as server:
        yield server


def guarded(
    open_window: OpenWindow,
    folder: Path,
    wire: WireServer,
    level: str,
    service: str = "request-interaction",
) -> MainWindow:
    write(folder, "prod", wire.base_url, more=f"colour: red\nguard: {level}\n")
    return open_on(open_window, folder, "prod", service=service)


def question(window: MainWindow, qtbot: QtBot, key: str = "Ctrl+Return") -> ConfirmDialog:
    press(window, key)
    return active_dialog(qtbot, ConfirmDialog)


def test_the_first_create_of_a_start_is_confirmed(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(CREATED, json_answer({"_id": "I-2"}))
    window = guarded(open_window, tmp_path, wire, "confirm-first")
    assert shown(window, "guardMark") == "confirms first create"
    for key in ("Return", "Esc"):
        dialog = question(window, qtbot)
        assert find(dialog, QLabel, "environmentBanner").text() == "prod"
        assert "Create request-interaction in prod?" in find(dialog, QLabel, "confirmText").text()
        press(dialog, key)
        back_in(window, qtbot)
        assert not window.console.sending
    assert wire.requests == []
    press(question(window, qtbot), "Alt+R")
    back_in(window, qtbot)
    qtbot.waitUntil(lambda: len(wire.requests) == 1 and not window.console.sending)
    send(window, wire, qtbot)
    assert len(window.console.session.instances) == 2


def test_every_create_is_confirmed_by_the_name(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(CREATED)
    window = guarded(open_window, tmp_path, wire, "confirm-every")
    for confirmed in range(2):
        dialog = question(window, qtbot)
        button = find(dialog, QPushButton, "confirmCreateButton")
        edit = find(dialog, QLineEdit, "confirmNameEdit")
        assert edit.hasFocus()
        for text in ("p", "ro", "d"):
            assert not button.isEnabled()
            type_text(dialog, text)
        if confirmed:
            press(dialog, "Return")
        else:
            click(button)
        back_in(window, qtbot)
        qtbot.waitUntil(lambda: not window.console.sending)
        assert len(wire.requests) == confirmed + 1
    dialog = question(window, qtbot)
    type_text(dialog, "Prod")
    assert not find(dialog, QPushButton, "confirmCreateButton").isEnabled()
    press(dialog, "Return")
    back_in(window, qtbot)
    assert len(wire.requests) == 2


def test_a_confirmed_create_is_polled_as_it_was_asked_for(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(CREATED, json_answer({"status": "waiting-for-agent"}))
    window = guarded(open_window, tmp_path, wire, "confirm-first", service="request-inbound-poll")
    dialog = question(window, qtbot, "Ctrl+Shift+Return")
    find(dialog, QPushButton, "confirmCreateButton").setFocus(Qt.FocusReason.TabFocusReason)
    press(dialog, "Return")  # the button that has the focus, not the one that is the default
    qtbot.waitUntil(lambda: len(wire.requests) >= 3)
    assert window.console.live.poll.running


def test_a_request_that_only_asks_needs_no_confirmation(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer({"status": "x"}))
    window = guarded(open_window, tmp_path, wire, "confirm-every")
    window.console.live.reopening.reopen("abc-1", "request-inbound-poll")
    click(find(window, QToolButton, "requestButton_status"))
    qtbot.waitUntil(lambda: len(wire.requests) == 1)


def test_a_read_only_environment_lets_no_create_out(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, second: WireServer, qtbot: QtBot
) -> None:
    write(tmp_path, "qa", second.base_url)
    window = guarded(open_window, tmp_path, wire, "read-only")
    button = find(window, QPushButton, "sendButton")
    assert button.text() == "Read-only"
    assert "prod is read-only" in button.toolTip()
    assert "create request-interaction may change something" in shown(window, "guardLabel")
    press(window, "Ctrl+Return")
    assert said(window).startswith("Not sent. prod is read-only")
    press(window, "Ctrl+Shift+Return")
    assert said(window).startswith("Not sent. prod is read-only")
    assert wire.requests == []

    switch(window, "qa")
    on(window, "qa", qtbot)
    assert button.text() == "Send"
    assert shown(window, "guardLabel") == ""
    send(window, second, qtbot)


def test_read_only_holds_for_cards_polls_and_the_phone(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer({"status": "waiting-for-agent"}))
    window = guarded(open_window, tmp_path, wire, "read-only")
    window.console.live.reopening.reopen("abc-1", "request-inbound-poll")
    click(find(window, QToolButton, "requestButton_cancel"))
    assert said(window).startswith("Not sent. prod is read-only")
    find(window, QLineEdit, "pollRequestEdit").setText("move-on")
    press(window, "Ctrl+R")
    assert said(window).startswith("Not started. prod is read-only")
    assert window.console.live.poll is None
    press(window, "Alt+8")
    retype(find(window, QPlainTextEdit, "pushEdit"), '{"_id": "abc-1", "_action": "get-dialog"}')
    click(find(window, QPushButton, "pushButton"))
    assert "prod is read-only" in window.console.phone.handset.trouble
    assert wire.requests == []

    find(window, QLineEdit, "pollRequestEdit").setText("status")
    press(window, "Ctrl+R")
    qtbot.waitUntil(lambda: len(wire.requests) >= 2)
    press(window, "Esc")


def test_office_hours_are_asked_in_a_read_only_environment_and_nothing_is_created_by_get(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, qtbot: QtBot
) -> None:
    window = guarded(open_window, tmp_path, wire, "read-only")
    method = window.request_pane.target_bar.method_combo
    method.setEditText("GET")
    assert find(window, QPushButton, "sendButton").text() == "Read-only"
    press(window, "Ctrl+Return")
    assert "read-only" in said(window)
    window.console.services.choose("office-hours")
    assert method.currentText() == "GET"
    add_row(window, "a", "1")
    assert find(window, QPushButton, "sendButton").text() == "Send"
    send(window, wire, qtbot)
