"""Reopening: instances of this start and earlier ones, by the list and by id."""

import json
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QToolButton,
    QTreeWidget,
)
from pytestqt.qtbot import QtBot

from gms_console.ui.panes.reopen_dialog import ReopenDialog
from gms_console.ui.window import MainWindow
from gms_console.workspace import KEPT_INSTANCES, Draft, KnownInstance, Workspace, load_workspace
from tests.support.wire_server import WireServer, json_answer
from tests.window.conftest import OpenWindow, close_window
from tests.window.driving import active_dialog, back_in, click, find, press, said, send, type_text
from tests.window.environments import open_on, pick, write

ELSEWHERE = "http://gms.example:8080/genesys"


def known(number: int, base_url: str, service: str = "request-inbound-poll") -> KnownInstance:
    return KnownInstance(
        id=f"instance-{number}",
        service=service,
        base_url=base_url,
        created=f"2026-03-01T12:00:{number:02}+00:00",
    )


def home(wire: WireServer) -> str:
    return f"{wire.base_url}/genesys"


def open_dialog(window: MainWindow, qtbot: QtBot) -> ReopenDialog:
    press(window, "Ctrl+O")
    return active_dialog(qtbot, ReopenDialog)


def rows(dialog: ReopenDialog) -> list[list[str]]:
    tree = find(dialog, QTreeWidget, "reopenList")
    items = [tree.topLevelItem(place) for place in range(tree.topLevelItemCount())]
    return [[item.text(column) for column in range(4)] for item in items if item is not None]


def ids(dialog: ReopenDialog) -> list[str]:
    return [row[1] for row in rows(dialog)]


def with_known(open_window: OpenWindow, wire: WireServer, *instances: KnownInstance) -> MainWindow:
    return open_window(
        Workspace(
            base_url=wire.base_url,
            create=Draft(service="request-inbound-poll"),
            known_instances=instances,
        )
    )


def test_an_instance_is_reopened_after_a_restart_by_keys(
    open_window: OpenWindow, wire: WireServer, tmp_path: Path, qtbot: QtBot
) -> None:
    wire.script(json_answer({"_id": "abc-1"}), json_answer({"status": "agent-ready"}))
    (tmp_path / "workspace.json").write_text(
        json.dumps(
            {
                "version": 1,
                "base_url": wire.base_url,
                "create": {"service": "request-inbound-poll"},
            }
        )
    )
    first = open_window(folder=tmp_path)
    send(first, wire, qtbot)
    close_window(first, qtbot)

    second = open_window(folder=tmp_path)
    dialog = open_dialog(second, qtbot)
    assert [row[:2] for row in rows(dialog)] == [["request-inbound-poll", "abc-1"]]
    press(dialog, "Return")
    back_in(second, qtbot)
    instance = second.console.live.selected
    assert instance is not None
    assert (instance.id, instance.service) == ("abc-1", "request-inbound-poll")
    assert second.console.instances.card(instance).state == "reopened"
    click(find(second, QToolButton, "requestButton_status"))
    qtbot.waitUntil(lambda: instance.state == "agent-ready")
    assert wire.requests[-1].target == "/genesys/1/service/abc-1/status"
    assert second.console.instances.card(instance).state == "agent-ready"


def test_a_closed_instance_is_reopened_in_the_same_start(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = with_known(open_window, wire)
    wire.script(json_answer({"_id": "abc-1"}), json_answer({"_id": "abc-2"}))
    send(window, wire, qtbot)
    send(window, wire, qtbot)
    dialog = open_dialog(window, qtbot)
    assert [(row[1], row[3]) for row in rows(dialog)] == [
        ("abc-2", "open now"),
        ("abc-1", "open now"),
    ]
    press(dialog, "Esc")
    back_in(window, qtbot)
    press(window, "Alt+4", "Delete")
    qtbot.waitUntil(lambda: len(window.console.session.instances) == 1)
    click(find(window, QToolButton, "reopenButton"))
    dialog = active_dialog(qtbot, ReopenDialog)
    assert [row[3] for row in rows(dialog)] == ["", "open now"]
    click(find(dialog, QPushButton, "reopenConfirmButton"))
    back_in(window, qtbot)
    assert window.console.live.selected is not None
    assert window.console.live.selected.id == "abc-2"
    assert "Reopened" in said(window)


def test_one_that_is_open_is_selected_and_not_listed_twice(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = with_known(open_window, wire)
    wire.script(json_answer({"_id": "abc-1"}), json_answer({"_id": "abc-2"}))
    send(window, wire, qtbot)
    first = window.console.live.selected
    send(window, wire, qtbot)
    dialog = open_dialog(window, qtbot)
    press(dialog, "Down", "Return")
    back_in(window, qtbot)
    assert window.console.live.selected is first
    assert find(window, QListView, "instanceList").model().rowCount() == 2


def test_any_id_is_reopened_with_a_service(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = with_known(open_window, wire, known(1, home(wire)))
    dialog = open_dialog(window, qtbot)
    type_text(find(dialog, QLineEdit, "reopenIdEdit"), "my-id")
    press(dialog, "Tab")
    type_text(dialog, "my-service")
    press(dialog, "Return")
    back_in(window, qtbot)
    instance = window.console.live.selected
    assert instance is not None
    assert (instance.id, instance.service) == ("my-id", "my-service")
    # Nothing has said that there is one.
    assert [one.id for one in window.console.live.known_instances] == ["instance-1"]
    wire.script(json_answer({"status": "waiting-for-agent"}))
    click(find(window, QToolButton, "requestButton_status"))
    qtbot.waitUntil(lambda: instance.state is not None)
    assert [one.id for one in window.console.live.known_instances] == ["my-id", "instance-1"]


def test_an_id_that_cannot_be_sent_is_refused_in_the_dialog(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = with_known(open_window, wire)
    dialog = open_dialog(window, qtbot)
    type_text(find(dialog, QLineEdit, "reopenIdEdit"), "..")
    press(dialog, "Return")
    assert dialog.isVisible()
    assert find(dialog, QLabel, "reopenNoteLabel").text()
    press(dialog, "Esc")
    back_in(window, qtbot)
    assert window.console.session.instances == []


def test_those_of_other_environments_are_grey_and_say_where_they_live(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = with_known(open_window, wire, known(1, ELSEWHERE), known(2, home(wire)))
    dialog = open_dialog(window, qtbot)
    tree = find(dialog, QTreeWidget, "reopenList")
    assert [row[3] for row in rows(dialog)] == [ELSEWHERE, ""]
    other, here = tree.topLevelItem(0), tree.topLevelItem(1)
    assert other is not None
    assert here is not None
    assert other.foreground(0).style() != Qt.BrushStyle.NoBrush
    assert here.foreground(0).style() == Qt.BrushStyle.NoBrush
    press(dialog, "Up")
    assert ELSEWHERE in find(dialog, QLabel, "reopenNoteLabel").text()
    button = find(dialog, QPushButton, "reopenConfirmButton")
    assert button.text() == "Switch and reopen"
    press(dialog, "Down")
    assert button.text() == "Reopen"
    press(dialog, "Return")
    back_in(window, qtbot)
    assert window.console.live.selected is not None
    assert window.console.live.selected.id == "instance-2"


def test_one_of_another_environment_is_reopened_there(
    open_window: OpenWindow, wire: WireServer, tmp_path: Path, qtbot: QtBot
) -> None:
    with WireServer(default=json_answer({"_id": "abc-2", "status": "there"})) as other:
        write(tmp_path, "qa", "http://127.0.0.1:9", other.base_url)
        window = open_on(open_window, tmp_path, "qa", service="request-inbound-poll")
        press(window, "Ctrl+E")
        pick(find(window, QComboBox, "environmentCombo"), "qa")
        click(find(window, QComboBox, "nodeCombo"))
        pick(find(window, QComboBox, "nodeCombo"), "node2")
        send(window, other, qtbot)
        close_window(window, qtbot)

        later = open_window(
            replace(load_workspace(tmp_path), environment="", base_url=wire.base_url), tmp_path
        )
        dialog = open_dialog(later, qtbot)
        assert [row[3] for row in rows(dialog)] == ["lives in qa (node2)"]
        press(dialog, "Return")
        back_in(later, qtbot)
        assert later.windowTitle() == "qa (node2) – GMS Console"
        instance = later.console.live.selected
        assert instance is not None
        click(find(later, QToolButton, "requestButton_status"))
        qtbot.waitUntil(lambda: instance.state == "there")
        assert other.requests[-1].target == "/genesys/1/service/abc-2/status"


def test_one_whose_environment_is_gone_cannot_be_reopened(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    gone = replace(known(1, ELSEWHERE), environment="old", node="")
    window = with_known(open_window, wire, gone)
    dialog = open_dialog(window, qtbot)
    assert rows(dialog)[0][3] == "lives in old"
    assert not find(dialog, QPushButton, "reopenConfirmButton").isEnabled()
    assert "not among the environments" in find(dialog, QLabel, "reopenNoteLabel").text()
    press(dialog, "Return")
    assert dialog.isVisible()
    press(dialog, "Esc")
    back_in(window, qtbot)


def test_the_list_is_filtered_and_forgotten(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    instances = [known(number, home(wire)) for number in (3, 2, 1)]
    instances.append(known(4, ELSEWHERE, "callback/callme"))
    window = with_known(open_window, wire, *instances)
    dialog = open_dialog(window, qtbot)
    assert ids(dialog) == ["instance-3", "instance-2", "instance-1", "instance-4"]
    type_text(dialog, "callme gms.example")
    assert ids(dialog) == ["instance-4"]
    press(dialog, "Ctrl+A", "Delete")
    assert len(ids(dialog)) == 4
    tree = find(dialog, QTreeWidget, "reopenList")
    press(dialog, "Tab", "Home", "Down", "Delete")
    assert QApplication.focusWidget() is tree
    assert ids(dialog) == ["instance-3", "instance-1", "instance-4"]
    click(find(dialog, QPushButton, "forgetButton"))
    assert ids(dialog) == ["instance-3", "instance-4"]
    click(find(dialog, QPushButton, "forgetAllButton"))
    assert ids(dialog) == []
    assert window.console.saved().known_instances == ()
    press(dialog, "Esc")
    back_in(window, qtbot)


def test_no_more_than_a_hundred_are_kept(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    instances = [known(number, home(wire)) for number in range(KEPT_INSTANCES)]
    window = with_known(open_window, wire, *instances)
    wire.script(json_answer({"_id": "newest"}))
    send(window, wire, qtbot)
    kept = window.console.live.known_instances
    assert len(kept) == KEPT_INSTANCES
    assert kept[0].id == "newest"
    assert instances[-1] not in kept


def test_the_simulators_instances_are_not_kept_for_the_next_start(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window(Workspace(create=Draft(service="request-inbound-poll")))
    press(window, "Ctrl+Return")
    qtbot.waitUntil(lambda: window.console.live.selected is not None)
    assert len(window.console.live.reopening.entries()) == 1
    assert window.console.saved().known_instances == ()
