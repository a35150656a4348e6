"""A Problem explained beside the answer, and times that GMS offers instead."""

import pytest
from PySide6.QtWidgets import QComboBox, QLabel, QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from gms_console.model.form import Form
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, Workspace
from tests.support.wire_server import WireServer, json_answer, text_answer
from tests.window.conftest import OpenWindow
from tests.window.driving import click, find, press, problem_text, retype, texts

CLOSED = {
    "exception": "com.genesyslab.gsg.services.callback.exceptions.CallbackExceptionAvailability",
    "message": "Office is closed.",
    "phrase": "Bad Request",
    "code": 400,
    "availability": {
        "2026-11-25T09:00:00.000Z": 3,
        "2026-11-25T09:15:00.000Z": "0",
        "2026-11-25T09:30:00.000Z": "1",
    },
}


def open_callback(open_window: OpenWindow, wire: WireServer, *pairs: tuple[str, str]) -> MainWindow:
    draft = Draft(
        service="callback/callme", form=Form.of(("_customer_number", "+15550100"), *pairs)
    )
    return open_window(Workspace(base_url=wire.base_url, create=draft))


def send(window: MainWindow, qtbot: QtBot) -> None:
    press(window, "Ctrl+Return")
    qtbot.waitUntil(lambda: not window.console.sending)


def label_text(window: MainWindow, name: str) -> str:
    label = find(window, QLabel, name)
    assert label.isVisible()
    return label.text()


def test_gms_words_come_first_and_each_part_has_its_place(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer(CLOSED, 400))
    window = open_callback(open_window, wire)
    send(window, qtbot)
    assert label_text(window, "problemLabel") == "Office is closed."
    details = label_text(window, "problemDetailsLabel").splitlines()
    assert details == [CLOSED["exception"], "Bad Request", "code 400"]
    for name in ("problemMeansLabel", "problemLookLabel", "problemTryLabel"):
        assert label_text(window, name).strip()


def test_a_plain_refusal_of_a_gateway_is_no_green_success(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(text_answer("Forbidden", 200))
    window = open_callback(open_window, wire)
    send(window, qtbot)
    assert label_text(window, "problemLabel") == "Forbidden"
    assert find(window, QLabel, "answerStatusLabel").property("tone") == "error"


def test_an_offered_time_is_taken_over_by_keys_and_sent(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer(CLOSED, 400), json_answer({"_id": "7"}))
    window = open_callback(open_window, wire)
    send(window, qtbot)
    slots = find(window, QListWidget, "slotList")
    shown = texts(slots)
    assert len(shown) == 3
    assert shown[0].endswith("3 free")
    assert shown[1].endswith("full")
    slots.setFocus()
    press(slots, "Home", "Return")
    assert len(wire.requests) == 1, "picking a time sends nothing"
    send(window, qtbot)
    assert wire.requests[1].body == (
        b"_customer_number=%2B15550100&_desired_time=2026-11-25T09%3A00%3A00.000Z"
    )
    assert not slots.isVisible()
    assert problem_text(window) is None


def test_an_offered_time_replaces_the_one_that_was_refused(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer(CLOSED, 400))
    window = open_callback(
        open_window, wire, ("_desired_time", "2026-11-24T23:00:00.000Z"), ("language", "french")
    )
    send(window, qtbot)
    slots = find(window, QListWidget, "slotList")
    slots.setFocus()
    press(slots, "End", "Return")
    assert [(row.key, row.value) for row in window.console.draft.form_model.form] == [
        ("_customer_number", "+15550100"),
        ("_desired_time", "2026-11-25T09:30:00.000Z"),
        ("language", "french"),
    ]
    press(window, "Ctrl+Z")
    assert window.console.draft.form_model.form.rows[1].value == "2026-11-24T23:00:00.000Z"


def test_slots_of_an_availability_answer_can_be_picked_too(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer({"2026-11-25T09:00:00.000Z": 3}))
    window = open_callback(open_window, wire)
    send(window, qtbot)
    assert find(window, QListWidget, "slotList").isVisible()
    assert problem_text(window) is None


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_the_method_can_be_typed(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, method: str
) -> None:
    window = open_callback(open_window, wire)
    combo = find(window, QComboBox, "methodCombo")
    edit = combo.lineEdit()
    assert edit is not None
    retype(edit, method.lower())
    click(find(window, QPushButton, "sendButton"))
    qtbot.waitUntil(lambda: not window.console.sending)
    [request] = wire.requests
    assert request.method == method
    rows = "_customer_number=%2B15550100"
    assert (request.target.partition("?")[2], request.body) == (
        ("", rows.encode()) if method == "PUT" else (rows, b"")
    )


def test_a_method_that_is_none_is_said_and_stops_the_send(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_callback(open_window, wire)
    edit = find(window, QComboBox, "methodCombo").lineEdit()
    assert edit is not None
    retype(edit, "PO ST")
    press(window, "Ctrl+Return")
    assert "no HTTP method" in window.statusBar().currentMessage()
    retype(edit, "post")
    send(window, qtbot)
    assert [request.method for request in wire.requests] == ["POST"]


def test_a_long_word_of_gms_breaks_and_the_window_keeps_its_size(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer(CLOSED | {"message": "x" * 300}, 400))
    window = open_callback(open_window, wire)
    window.resize(1280, 800)
    send(window, qtbot)
    assert label_text(window, "problemLabel") == "x" * 300
    assert window.minimumSizeHint().width() <= 1280
