"""A push: composed for the instance or pasted, and what an app sends when it comes."""

import json

import pytest
from PySide6.QtWidgets import QApplication, QComboBox, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, Workspace
from tests.support.wire_server import WireServer, json_answer
from tests.window import driving as drive
from tests.window.conftest import OpenWindow
from tests.window.phone_story import (
    CONFIRMATION,
    ID,
    NUMBER,
    choose,
    create,
    foot,
    idle,
    open_phone,
    press_button,
    request_bytes,
    shown,
    spoken,
)

INBOUND = Draft(service="request-inbound-poll")


def open_inbound(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, *answers: object
) -> MainWindow:
    workspace = Workspace(base_url=wire.base_url, create=INBOUND)
    return open_phone(open_window, wire, qtbot, *answers, workspace=workspace)


def push_edit(window: MainWindow) -> QPlainTextEdit:
    return drive.find(window, QPlainTextEdit, "pushEdit")


def paste(window: MainWindow, text: str) -> None:
    QApplication.clipboard().setText(text)
    press_button(window, "pushPaste")


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_the_composed_push_is_received(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, method: str
) -> None:
    window = open_inbound(open_window, wire, qtbot, {"_id": ID}, CONFIRMATION)
    assert json.loads(push_edit(window).toPlainText()) == {"_id": ID, "_action": "get-dialog"}
    drive.choose(drive.find(window, QComboBox, "followMethodCombo"), method)
    request = choose(window, "pushButton", wire, qtbot)
    line = f"{method} /genesys/1/service/{ID}/get-dialog"
    assert request.raw == request_bytes(wire, line, post=method == "POST")
    assert CONFIRMATION["_text"] in shown(window)
    assert window.console.exchange is not None
    assert window.console.exchange.operation.request == "get-dialog"


def test_another_request_of_the_catalogue_is_chosen(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_inbound(open_window, wire, qtbot, {"_id": ID}, CONFIRMATION)
    drive.choose(drive.find(window, QComboBox, "pushRequestCombo"), "status")
    assert json.loads(push_edit(window).toPlainText())["_action"] == "status"
    assert choose(window, "pushButton", wire, qtbot).target.endswith("/status")


@pytest.mark.parametrize(
    "text",
    [
        f'{{"_id": "{ID}", "_action": "connect now"}}',
        json.dumps({"message": json.dumps({"_id": ID, "_action": "connect now"})}, indent=2),
    ],
)
def test_a_pasted_push_is_received(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, text: str
) -> None:
    window = open_inbound(open_window, wire, qtbot, {"_id": ID}, NUMBER)
    paste(window, text)
    assert push_edit(window).toPlainText() == text
    request = choose(window, "pushButton", wire, qtbot)
    assert request.raw == request_bytes(wire, f"POST /genesys/1/service/{ID}/connect%20now")
    assert "8003449999" in shown(window)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "The push is empty"),
        ("{", "The push is not JSON"),
        ("[1]", "a list"),
        ('{"_id": "x"}', "no _action"),
        ('{"a": 1}', "neither _id nor _action"),
        ('{"_id": "x", "_action": ".."}', "cannot be followed"),
    ],
)
def test_what_is_no_push_is_explained_on_the_phone(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, text: str, reason: str
) -> None:
    window = open_inbound(open_window, wire, qtbot, {"_id": ID})
    paste(window, text or " ")
    press_button(window, "pushButton")
    assert reason in foot(window)
    assert reason in spoken(window)
    assert len(wire.requests) == 1
    assert len(window.console.session.instances) == 1


def test_a_push_for_another_listed_instance_goes_to_its_phone(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_inbound(open_window, wire, qtbot, {"_id": ID}, {"_id": "second"}, NUMBER)
    create(window, qtbot)
    drive.press(window, "Alt+8")
    paste(window, f'{{"_id":"{ID}","_action":"get-dialog"}}')
    press_button(window, "pushButton")
    idle(window, qtbot)
    assert window.console.live.selected is window.console.session.instances[0]
    assert wire.requests[-1].target == f"/genesys/1/service/{ID}/get-dialog"
    assert "8003449999" in shown(window)
    assert len(window.console.session.instances) == 2


def test_a_push_starts_a_flow_without_any_instance(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer(NUMBER))
    window = open_window(Workspace(base_url=wire.base_url))
    drive.press(window, "Alt+8")
    assert push_edit(window).toPlainText() == ""
    paste(window, f'{{"_id":"{ID}","_action":"get-dialog"}}')
    request = choose(window, "pushButton", wire, qtbot)
    assert request.raw == request_bytes(wire, f"POST /genesys/1/service/{ID}/get-dialog")
    assert "8003449999" in shown(window)
    assert [one.id for one in window.console.session.instances] == [ID]


def test_a_push_without_a_base_url_says_what_is_missing(
    open_window: OpenWindow, wire: WireServer
) -> None:
    window = open_window(Workspace(base_url="ftp://nowhere"))
    drive.press(window, "Alt+8")
    paste(window, f'{{"_id":"{ID}","_action":"get-dialog"}}')
    press_button(window, "pushButton")
    assert foot(window)
    assert window.console.session.instances == []


def test_a_push_that_a_person_wrote_is_kept_and_a_composed_one_follows_the_instance(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_inbound(open_window, wire, qtbot, {"_id": ID}, {"_id": "second"})
    create(window, qtbot)
    drive.press(window, "Alt+8")
    assert json.loads(push_edit(window).toPlainText())["_id"] == "second"
    drive.retype(push_edit(window), "mine")
    window.console.live.select(window.console.session.instances[0])
    drive.settle()
    assert push_edit(window).toPlainText() == "mine"
    drive.retype(push_edit(window), "")
    window.console.live.select(window.console.session.instances[1])
    drive.settle()
    assert json.loads(push_edit(window).toPlainText())["_id"] == "second"


def test_digits_in_the_push_choose_nothing(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    entries = [{"_label": "A", "_user_action_url": "/a"}]
    answer = {
        "_id": ID,
        "_action": "DisplayMenu",
        "_content": [{"_group_name": "", "_group_content": entries}],
    }
    window = open_inbound(open_window, wire, qtbot, answer)
    drive.retype(push_edit(window), "1")
    assert push_edit(window).toPlainText() == "1"
    assert drive.find(window, QPushButton, "phoneItem1").isEnabled()
    assert len(wire.requests) == 1


def test_a_push_that_the_simulator_has_is_told_and_starts_the_customer_s_journey(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window(Workspace(create=Draft(service="callback/VOICE-WAIT-USERORIG")))
    drive.add_row(window, "_customer_number", "+16504669999")
    create(window, qtbot)
    drive.press(window, "Alt+8")
    name = window.request_pane.phone_pane.push.name if window.request_pane.phone_pane else None
    assert name is not None
    simulator = window.console.simulator.simulator
    assert simulator is not None
    assert name.text() == "Push"
    simulator.clock.advance(15)
    qtbot.waitUntil(lambda: name.text() == "Push waiting")
    assert json.loads(push_edit(window).toPlainText())["_action"] == "get-dialog"
    press_button(window, "pushButton")
    idle(window, qtbot)
    assert "Connect me now" in shown(window)
    assert name.text() == "Push"
    drive.press(window, "Alt+8", "1")
    idle(window, qtbot)
    assert "Copy number" in shown(window)
    assert name.text() == "Push"
