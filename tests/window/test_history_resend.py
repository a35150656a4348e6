"""Edit and resend: what was sent comes back into the form as it was typed."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QTabBar
from pytestqt.qtbot import QtBot

from gms_console.model.form import Form
from gms_console.ui.window import MainWindow
from gms_console.workspace import load_workspace, save_workspace
from tests.support.cluster import cluster
from tests.support.wire_server import WireServer, json_answer
from tests.window import environments, history
from tests.window.conftest import OpenWindow, close_window
from tests.window.driving import (
    add_row,
    choose,
    drop_files,
    find,
    form,
    form_table,
    open_tab,
    press,
    retype,
    said,
    select_rows,
    send,
)


def without_boundary(body: bytes) -> bytes:
    found = re.match(rb"--([^\r\n]+)\r\n", body)
    return body if found is None else body.replace(found[1], b"BOUNDARY")


def switch_off(window: MainWindow, place: int) -> None:
    select_rows(window, place)
    press(form_table(window), "Space")


def resend(window: MainWindow, qtbot: QtBot, place: int = 0) -> None:
    """Choose a row of the history and press Ctrl+Shift+R."""
    history.click_row(window, place)
    press(window, "Ctrl+Shift+R")
    qtbot.waitUntil(lambda: "is in the form again" in said(window))


@pytest.mark.parametrize("kind", ["Auto", "Multipart Form", "Form URL Encoded"])
def test_after_a_restart_the_same_bytes_go_out_again(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path, kind: str
) -> None:
    first = history.open_kept(open_window, tmp_path, wire)
    attached = tmp_path / "picture.txt"
    attached.write_text("a picture")
    combo = find(first, QComboBox, "bodyKindCombo")
    choose(combo, kind)
    for key, value in (
        ("z", "1"),
        ("a", "2"),
        ("z", "3"),
        ("off", "x"),
        ("plus+ blank", "1 & = %41"),
    ):
        add_row(first, key, value)
    switch_off(first, 3)
    if kind == "Multipart Form":
        drop_files(first.request_pane, attached)
    rows = form(first)
    wire.script(json_answer({"_id": "I-1"}), json_answer({"_id": "I-2"}))
    sent = send(first, wire, qtbot)
    # Something else stands in the form by the time it is closed.
    retype(find(first, QLineEdit, "serviceNameEdit"), "other-service")
    close_window(first, qtbot)

    again = open_window(folder=tmp_path)
    history.open_history(again, qtbot, 1)
    resend(again, qtbot)
    assert form(again) == rows
    assert find(again, QLineEdit, "serviceNameEdit").text() == "request-interaction"
    resent = send(again, wire, qtbot)
    assert resent.target == sent.target
    assert resent.method == sent.method
    assert without_boundary(resent.body) == without_boundary(sent.body)


def test_what_was_in_the_form_is_not_lost(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    window = history.open_kept(open_window, tmp_path, wire)
    add_row(window, "key", "sent")
    wire.script(json_answer({"_id": "I-1"}))
    send(window, wire, qtbot)
    table = form_table(window)
    select_rows(window, 0)
    press(table, "Delete")
    add_row(window, "new", "typed meanwhile")
    kind = find(window, QComboBox, "bodyKindCombo")
    choose(kind, "JSON")
    history.open_history(window, qtbot, 1)
    resend(window, qtbot)
    assert form(window) == Form.of(("key", "sent"))
    assert kind.currentText() == "Auto"
    assert "Ctrl+Z brings back what was in the form." in said(window)
    assert form_table(window).hasFocus()
    press(window, "Ctrl+Z")
    assert form(window) == Form.of(("new", "typed meanwhile"))
    assert kind.currentText() == "JSON"
    press(window, "Ctrl+Shift+Z")
    assert form(window) == Form.of(("key", "sent"))


def test_a_file_that_is_gone_is_marked_and_stops_the_send(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    window = history.open_kept(open_window, tmp_path, wire)
    attached = tmp_path / "gone.txt"
    attached.write_text("content")
    drop_files(window.request_pane, attached)
    wire.script(json_answer({"_id": "I-1"}))
    send(window, wire, qtbot)
    close_window(window, qtbot)
    attached.unlink()

    again = open_window(folder=tmp_path)
    history.open_history(again, qtbot, 1)
    resend(again, qtbot)
    count = len(wire.requests)
    press(again, "Ctrl+Return")
    qtbot.waitUntil(lambda: said(again).startswith("Not sent."))
    assert again.console.draft.form_model.note(0) != ""
    assert find(again, QPushButton, "sendButton").text() == "Send"
    assert len(wire.requests) == count


def test_a_request_on_an_instance_goes_to_it_again(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    first = history.open_kept(open_window, tmp_path, wire)
    wire.script(json_answer({"_id": "I-7"}), json_answer({"ok": True}), json_answer({"ok": True}))
    send(first, wire, qtbot)
    open_tab(find(first, QTabBar, "targetTabs"), "Request on an instance")
    retype(find(first, QLineEdit, "requestNameEdit"), "update")
    add_row(first, "lines", "two")
    sent = send(first, wire, qtbot)
    close_window(first, qtbot)

    again = open_window(folder=tmp_path)
    retype_request = find(again, QLineEdit, "requestNameEdit")
    history.open_history(again, qtbot, 2)
    resend(again, qtbot)
    assert retype_request.text() == "update"
    assert find(again, QLineEdit, "requestInstanceEdit").text() == "I-7"
    resent = send(again, wire, qtbot)
    assert (resent.target, resent.body) == (sent.target, sent.body)


def test_what_a_poll_sent_can_be_sent_by_the_form(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    window = history.open_kept(open_window, tmp_path, wire)
    wire.script(
        json_answer({"_id": "I-7"}),
        json_answer({"status": "agent-ready"}),
        json_answer({"status": "agent-ready"}),
    )
    press(window, "Ctrl+Shift+Return")
    qtbot.waitUntil(lambda: (p := window.console.live.poll) is not None and p.outcome is not None)
    polled = wire.requests[-1]
    history.open_history(window, qtbot, 2)
    resend(window, qtbot)
    assert send(window, wire, qtbot).target == polled.target


def test_variables_come_back_as_typed_and_another_environment_is_said(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    for name in ("qa", "staging"):
        environments.write(tmp_path, name, wire.base_url, more=f"variables: {{phone: {name}-1}}\n")
    window = environments.open_on(open_window, tmp_path, "qa")
    environments.on(window, "qa", qtbot)
    press(window, "Alt+1")
    add_row(window, "number", "{{phone}}")
    wire.script(json_answer({"_id": "I-1"}), json_answer({"_id": "I-2"}))
    assert b"qa-1" in send(window, wire, qtbot).body
    close_window(window, qtbot)

    again = environments.open_on(open_window, tmp_path, "staging", service="other-service")
    environments.on(again, "staging", qtbot)
    history.open_history(again, qtbot, 1)
    resend(again, qtbot)
    assert "It was sent to qa; you are sending to staging." in said(again)
    assert form(again).rows[0].value == "{{phone}}"
    assert b"staging-1" in send(again, wire, qtbot).body


def test_another_node_of_the_environment_is_said(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    with cluster() as qa:
        environments.write(tmp_path, "qa", qa.one.base_url, qa.two.base_url)
        window = environments.open_on(open_window, tmp_path, "qa")
        environments.on(window, "qa (node1)", qtbot)
        qa.one.script(json_answer({"_id": "I-1"}))
        send(window, qa.one, qtbot)
        close_window(window, qtbot)

        kept = replace(load_workspace(tmp_path), nodes={"qa": "node2"})
        save_workspace(tmp_path, kept)
        again = open_window(folder=tmp_path)
        environments.on(again, "qa (node2)", qtbot)
        history.open_history(again, qtbot, 1)
        resend(again, qtbot)
        assert "It was sent to qa · node1; you are sending to qa (node2)." in said(again)
        close_window(again, qtbot)


def test_another_base_url_that_was_typed_is_said(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    window = history.open_kept(open_window, tmp_path, wire)
    wire.script(json_answer({"_id": "I-1"}))
    send(window, wire, qtbot)
    history.open_history(window, qtbot, 1)
    resend(window, qtbot)
    assert "It was sent to" not in said(window)
    window.console.set_base_url("http://127.0.0.1:9/genesys")
    resend(window, qtbot)
    origin = wire.base_url.removesuffix("/genesys")
    assert f"It was sent to {origin}; you are sending to http://127.0.0.1:9" in said(window)


def test_a_typed_base_url_is_named_where_an_environment_is_in_use(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    environments.write(tmp_path, "qa", "http://127.0.0.1:9/genesys")
    window = history.open_kept(open_window, tmp_path, wire)
    wire.script(json_answer([]))
    send(window, wire, qtbot)
    close_window(window, qtbot)

    again = environments.open_on(open_window, tmp_path, "qa")
    environments.on(again, "qa", qtbot)
    history.open_history(again, qtbot, 1)
    resend(again, qtbot)
    origin = wire.base_url.removesuffix("/genesys")
    assert f"It was sent to {origin}; you are sending to qa" in said(again)


def test_a_secret_is_not_kept_and_its_row_says_so(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    window = history.open_kept(open_window, tmp_path, wire)
    add_row(window, "password", "hunter2-hunter2")
    wire.script(json_answer({"_id": "I-1"}))
    send(window, wire, qtbot)
    close_window(window, qtbot)
    assert not any(
        b"hunter2-hunter2" in one.read_bytes() for one in history.history_files(tmp_path)
    )

    again = open_window(folder=tmp_path)
    history.open_history(again, qtbot, 1)
    resend(again, qtbot)
    assert "type it again" in said(again)
    row = form(again).rows[0]
    assert (row.key, row.value, row.enabled) == ("password", "", False)
