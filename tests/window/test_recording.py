"""Records what a person does as a flow, and makes flows of rows of the history."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from gms_console.flow.types import Flow, StepKind
from gms_console.ui.window import MainWindow
from tests.support.wire_server import WireServer, hold, json_answer
from tests.window.conftest import OpenWindow
from tests.window.driving import active_dialog, add_row, click, find, press, said, send, settle
from tests.window.history import open_history, open_kept
from tests.window.runs import cancel, create

CREATED = json_answer({"_id": "I-1"})
READY = json_answer({"status": "agent-ready"})


@pytest.fixture
def recorded(window: MainWindow) -> Iterator[MainWindow]:
    """A window whose recorded flows are closed at the end, so that no question is asked."""
    yield window
    drop_flows(window)


def drop_flows(window: MainWindow) -> None:
    for document in tuple(window.console.flows.documents):
        window.console.flows.close_document(document)


def flow_of(window: MainWindow) -> Flow:
    settle()
    flow = window.console.flows.flow
    assert isinstance(flow, Flow)
    return flow


def test_what_is_sent_becomes_the_steps_of_a_new_flow(
    recorded: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = recorded
    wire.script(CREATED, READY)
    mark = find(window, QToolButton, "recordingMark")
    assert mark.text() == "Record"
    click(mark)
    assert mark.text() == "● Recording, 0 steps"
    assert window.action("recordFlow").isChecked()
    add_row(window, "language", "french")
    send(window, wire, qtbot)
    assert mark.text() == "● Recording, 1 step"
    press(window, "Ctrl+R")
    qtbot.waitUntil(lambda: mark.text() == "● Recording, 2 steps")
    qtbot.waitUntil(lambda: not window.console.session.running_polls())
    click(mark)
    flow = flow_of(window)
    first, second = flow.steps
    assert (first.kind, first.name, first.instance) == (
        StepKind.CREATE,
        "request-interaction",
        "interaction",
    )
    assert [(row.key, row.value) for row in first.form] == [("language", "french")]
    assert (second.kind, second.name, second.instance) == (StepKind.POLL, "status", "interaction")
    assert mark.text() == "Record"
    assert not window.action("recordFlow").isChecked()
    assert window.flow_actions.window is not None
    assert window.flow_actions.window.isVisible()
    assert window.flow_actions.window.statusBar().currentMessage() == (
        "2 steps recorded; Ctrl+S saves."
    )


def test_a_secret_is_not_recorded(recorded: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    window = recorded
    wire.script(CREATED)
    press(window, "Ctrl+Alt+F")
    add_row(window, "password", "hunter22")
    send(window, wire, qtbot)
    press(window, "Ctrl+Alt+F")
    flow = flow_of(window)
    assert [row.value for row in flow.steps[0].form] == ["{{password}}"]
    assert "hunter22" not in repr(flow)


def test_recorded_steps_can_go_to_the_flow_that_is_open(
    recorded: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = recorded
    wire.script(CREATED)
    window.console.flows.set_flow(Flow(name="Mine", steps=(create("request-chat"),)))
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    press(window, "Ctrl+Alt+F")
    send(window, wire, qtbot)
    press(window, "Ctrl+Alt+F")
    box = active_dialog(qtbot, QMessageBox)
    assert "Recorded 1 step." in box.text()
    click(find(box, QPushButton, "recordedAddButton"))
    assert [step.name for step in flow_of(window).steps] == ["request-chat", "request-interaction"]
    assert flow_of(window).name == "Mine"


def test_what_a_person_sends_beside_a_run_is_recorded_and_the_run_is_not(
    recorded: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = recorded
    gate = threading.Event()
    wire.script(CREATED, hold(gate, json_answer({})), json_answer({"_id": "I-2"}))
    window.console.flows.set_flow(Flow(name="Mine", steps=(create("request-chat"), cancel())))
    window.console.runs.run()
    qtbot.waitUntil(lambda: wire.waiting == 1)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    press(window, "Ctrl+Alt+F")
    send(window, wire, qtbot)
    gate.set()
    qtbot.waitUntil(lambda: not window.console.runs.running)
    assert find(window, QToolButton, "recordingMark").text() == "● Recording, 1 step"
    press(window, "Ctrl+Alt+F")
    click(find(active_dialog(qtbot, QMessageBox), QPushButton, "recordedNewButton"))
    assert [step.name for step in flow_of(window).steps] == ["request-interaction"]


def test_without_anything_sent_there_is_no_flow(recorded: MainWindow) -> None:
    press(recorded, "Ctrl+Alt+F", "Ctrl+Alt+F")
    assert said(recorded) == "Nothing was sent while it recorded: there is no flow."
    assert recorded.console.flows.documents == []


def test_rows_of_the_history_become_a_flow(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(CREATED, READY)
    window = open_kept(open_window, tmp_path, wire)
    send(window, wire, qtbot)
    press(window, "Ctrl+R")
    qtbot.waitUntil(lambda: len(wire.requests) == 2)
    qtbot.waitUntil(lambda: not window.console.session.running_polls())
    view = open_history(window, qtbot, 2)
    view.setFocus()
    press(window, "Ctrl+A", "Ctrl+Alt+W")
    qtbot.waitUntil(lambda: bool(window.console.flows.documents))
    assert [(step.kind, step.name, step.instance) for step in flow_of(window).steps] == [
        (StepKind.CREATE, "request-interaction", "interaction"),
        (StepKind.POLL, "status", "interaction"),
    ]
    drop_flows(window)
