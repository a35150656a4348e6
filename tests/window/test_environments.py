"""Environments by name: choosing one and its node, what the window shows of it, and its files."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from gms_console.workspace import load_workspace
from tests.support.wire_server import WireServer, json_answer
from tests.window.conftest import OpenWindow, close_window
from tests.window.driving import click, find, press, retype, said, send
from tests.window.environments import combo, on, open_on, pick, shown, switch, write


@pytest.fixture
def second() -> Iterator[WireServer]:
    with WireServer(default=json_answer({"_id": "I-2"})) as server:
        yield server


def test_an_environment_is_chosen_by_its_name_and_used(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, second: WireServer, qtbot: QtBot
) -> None:
    write(tmp_path, "qa", wire.base_url, more="gms_user: tester\ncolour: green\n")
    write(tmp_path, "live", second.base_url, more="headers: [{name: X-Site, value: berlin}]\n")
    window = open_on(open_window, tmp_path, base_url="http://127.0.0.1:9")
    places = [combo(window).itemText(row) for row in range(combo(window).count())]
    assert [text for text in places if text] == ["live", "qa", "Any base URL", "Simulator"]
    assert combo(window).currentText() == "Any base URL"
    assert window.windowTitle() == "GMS Console"
    assert window.frame.colour == ""

    press(window, "Ctrl+E")
    assert combo(window).view().isVisible()
    press(window, "Home", "Down", "Return")
    on(window, "qa", qtbot)
    assert combo(window).currentText() == "qa"
    assert window.windowTitle() == "qa – GMS Console"
    assert shown(window, "environmentMark") == "qa"
    assert window.frame.colour == "#2e7d4f"
    assert said(window) == "Sending to qa from now on."
    edit = find(window, QLineEdit, "baseUrlEdit")
    assert edit.isReadOnly()
    assert edit.text() == f"{wire.base_url}/genesys"
    assert dict(send(window, wire, qtbot).headers)["gms_user"] == "tester"

    switch(window, "live")
    on(window, "live", qtbot)
    sent = dict(send(window, second, qtbot).headers)
    assert sent["X-Site"] == "berlin"
    assert "gms_user" not in sent
    assert len(wire.requests) == 1


def test_the_environment_and_its_node_are_there_again_at_the_next_start(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, second: WireServer, qtbot: QtBot
) -> None:
    write(tmp_path, "qa", wire.base_url, second.base_url)
    first = open_on(open_window, tmp_path, "qa")
    nodes = find(first, QComboBox, "nodeCombo")
    assert [nodes.itemText(row) for row in range(nodes.count())] == ["node1", "node2"]
    assert first.windowTitle() == "qa (node1) – GMS Console"
    click(nodes)
    pick(nodes, "node2")
    on(first, "qa (node2)", qtbot)
    assert said(first) == "Sending to node2 of qa from now on."
    close_window(first, qtbot)
    assert "secret" not in (tmp_path / "workspace.json").read_text("utf-8")

    later = open_window(folder=tmp_path)
    on(later, "qa (node2)", qtbot)
    assert later.windowTitle() == "qa (node2) – GMS Console"
    send(later, second, qtbot)
    assert wire.requests == []


def test_a_base_url_is_typed_again_after_an_environment(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, second: WireServer, qtbot: QtBot
) -> None:
    write(tmp_path, "qa", wire.base_url)
    window = open_on(open_window, tmp_path, "qa", base_url="http://127.0.0.1:9")
    edit = find(window, QLineEdit, "baseUrlEdit")
    press(window, "Ctrl+L")
    assert edit.hasFocus()
    assert edit.selectedText() == f"{wire.base_url}/genesys"
    assert "choose Any base URL" in said(window)

    switch(window, "Any base URL")
    assert edit.hasFocus()
    assert edit.text() == "http://127.0.0.1:9"
    retype(edit, second.base_url, "Return")
    assert window.windowTitle() == "GMS Console"
    assert shown(window, "environmentMark") == ""
    send(window, second, qtbot)
    close_window(window, qtbot)
    kept = load_workspace(tmp_path)
    assert (kept.environment, kept.base_url) == ("", second.base_url)


def test_the_simulator_is_one_of_the_places(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, qtbot: QtBot
) -> None:
    write(tmp_path, "qa", wire.base_url)
    window = open_on(open_window, tmp_path, "qa")
    switch(window, "Simulator")
    button = find(window, QToolButton, "simulatorButton")
    qtbot.waitUntil(lambda: button.text() == "On the simulator")
    assert combo(window).currentText() == "Simulator"
    assert window.windowTitle() == "GMS Console"
    switch(window, "qa")
    on(window, "qa", qtbot)
    assert button.isEnabled()
    send(window, wire, qtbot)


def test_an_arrow_or_the_wheel_sends_nothing_elsewhere(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer
) -> None:
    write(tmp_path, "a", wire.base_url)
    write(tmp_path, "b", wire.base_url)
    window = open_on(open_window, tmp_path, "a")
    combo(window).setFocus()
    press(window, "Down")
    assert combo(window).view().isVisible()
    press(window, "Esc")
    press(window, "b", "Esc")
    assert window.console.environments.chosen == "a"
    assert combo(window).currentText() == "a"


def test_a_file_that_changes_on_disk_is_taken_over(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, second: WireServer, qtbot: QtBot
) -> None:
    write(tmp_path, "qa", wire.base_url)
    window = open_on(open_window, tmp_path, "qa")
    send(window, wire, qtbot)
    write(tmp_path, "qa", second.base_url, more="guard: confirm-first\ntls: {verify: false}\n")
    write(tmp_path, "new", wire.base_url)
    qtbot.waitUntil(lambda: combo(window).findText("new") >= 0)
    assert find(window, QLineEdit, "baseUrlEdit").text() == f"{second.base_url}/genesys"
    assert shown(window, "tlsMark") == "TLS not checked"
    assert shown(window, "guardMark") == "confirms first create"


def test_settings_of_the_same_place_hold_for_its_instances(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer({"_id": "I-1"}), json_answer({"status": "x"}))
    write(tmp_path, "qa", wire.base_url)
    window = open_on(open_window, tmp_path, "qa")
    send(window, wire, qtbot)
    write(tmp_path, "qa", wire.base_url, more="gms_user: somebody\n")
    qtbot.waitUntil(lambda: bool(window.console.environment.headers))
    press(window, "Ctrl+R")
    qtbot.waitUntil(lambda: len(wire.requests) >= 2)
    assert dict(wire.requests[1].headers)["gms_user"] == "somebody"


def test_a_broken_file_hides_no_other_and_is_told(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, qtbot: QtBot
) -> None:
    write(tmp_path, "qa", wire.base_url)
    write(tmp_path, "bad", wire.base_url, more="guard: sometimes\n")
    window = open_on(open_window, tmp_path, "qa")
    mark = find(window, QToolButton, "environmentMistakesMark")
    assert mark.isVisible()
    assert mark.text() == "1 file not read"
    assert "bad.yaml" in mark.toolTip()
    assert combo(window).findText("bad") < 0
    send(window, wire, qtbot)
    write(tmp_path, "bad", wire.base_url)
    qtbot.waitUntil(lambda: combo(window).findText("bad") >= 0)
    assert not mark.isVisible()


@pytest.mark.parametrize("broken", [False, True])
def test_an_environment_that_is_gone_stops_the_send(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, broken: bool
) -> None:
    if broken:
        write(tmp_path, "qa", wire.base_url, more="nonsense: 1\n")
    window = open_on(open_window, tmp_path, "qa")
    label = find(window, QLabel, "connectionLabel")
    assert (
        "qa cannot be read. qa.yaml" if broken else "There is no environment qa"
    ) in label.text()
    press(window, "Ctrl+Return")
    assert said(window).startswith("Not sent.")
    assert wire.requests == []
    assert combo(window).currentText() == "qa"


def test_only_a_window_with_environments_loads_what_reads_them(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer
) -> None:
    window = open_on(open_window, tmp_path, base_url=wire.base_url)
    assert window.console.environments.loaded
    assert window.console.environments.profiles == ()
    assert not (tmp_path / "environments").exists()
    assert QApplication.activeModalWidget() is None
