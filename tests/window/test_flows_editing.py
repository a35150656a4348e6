"""Steps are edited beside their list, each edit can be undone, and mistakes show where they are."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QListWidget,
    QTableView,
    QTabWidget,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from gms_console.flow.types import HttpCheck, Operator, StepKind, TimeCheck, ValueCheck
from gms_console.runner.results import Verdict
from gms_console.ui.flows.desk import StepMark
from gms_console.ui.panes.flows.questions import MistakesDialog
from tests.support.wire_server import WireServer
from tests.window.conftest import OpenWindow
from tests.window.driving import (
    active_dialog,
    back_in,
    choose,
    click,
    edit_cell,
    find,
    open_tab,
    press,
    retype,
    settle,
    texts,
    type_text,
)
from tests.window.flows import (
    CALL,
    button,
    choose_in_cell,
    choose_step,
    flow,
    listed,
    on_disk,
    open_flows,
    open_one,
    steps,
)


def test_a_flow_is_built_and_saved_by_keys_alone(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot)
    press(shown, "Ctrl+N")
    assert QApplication.focusWidget() is find(shown, QLineEdit, "flowNameEdit")
    press(shown, "Ctrl+A")
    type_text(shown, "Cancel a call")
    press(shown, "Ctrl+1", "Alt+4")
    type_text(shown, "request-inbound-poll")
    press(shown, "Escape")
    retype(find(shown, QLineEdit, "stepAsEdit"), "call")
    press(shown, "Ctrl+4")
    assert flow(shown).steps[1].kind is StepKind.FOLLOW
    press(shown, "Ctrl+Delete", "Ctrl+2", "Alt+4")
    type_text(shown, "cancel")
    press(shown, "Escape")
    assert steps(shown) == ["1  create request-inbound-poll", "2  request cancel"]
    assert listed(shown) == ["• Cancel a call"]
    assert shown.windowTitle() == "• Cancel a call – Flows"
    assert shown.desk.mistakes == ()
    press(shown, "Ctrl+S")
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    assert dialog.objectName() == "saveFlowDialog"
    press(dialog, "Return")
    qtbot.waitUntil(lambda: not shown.desk.modified)
    kept = on_disk(tmp_path, "cancel-a-call")
    assert [(one.kind, one.name, one.instance) for one in kept.steps] == [
        (StepKind.CREATE, "request-inbound-poll", "call"),
        (StepKind.REQUEST, "cancel", ""),
    ]
    qtbot.waitUntil(lambda: listed(shown) == ["Cancel a call"])


def test_checks_are_chosen_without_code(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=CALL)
    open_one(shown, "Inbound call", qtbot)
    open_tab(find(shown, QTabWidget, "stepTabs"), "Checks (1)")
    table = find(shown, QTableView, "checksTable")
    click(button(shown, "checksAddButton"))
    type_text(shown, "status")
    press(shown, "Return")
    choose_in_cell(table, 1, 1, "is one of")
    edit_cell(table, 1, 2, "agent-ready, connected")
    click(button(shown, "checksAddButton"))
    press(shown, "Escape")
    choose_in_cell(table, 2, 1, "takes at most")
    edit_cell(table, 2, 2, "1.5 s")
    edit_cell(table, 0, 2, "200, 204")
    assert flow(shown).steps[0].expect == (
        HttpCheck((200, 204)),
        ValueCheck("status", Operator.IN, ["agent-ready", "connected"]),
        TimeCheck(1500.0),
    )
    assert texts(table, 2) == ["200, 204", "agent-ready, connected", "1500 ms"]
    edit_cell(table, 0, 2, "two hundred")
    message = find(shown, QLabel, "checksMessage")
    assert message.isVisible()
    assert message.text() == "HTTP statuses are numbers, such as 200, 204; found 'two hundred'."
    assert texts(table, 2)[0] == "200, 204"
    edit_cell(table, 0, 2, "200, 204")
    assert not message.isVisible()
    press(shown, "Ctrl+Z", "Ctrl+Z", "Ctrl+Z")
    assert flow(shown).steps[0].expect[2] == ValueCheck("", Operator.EQUALS, "")


def test_a_mistake_is_shown_in_its_cell_and_counted(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=CALL)
    open_one(shown, "Inbound call", qtbot)
    choose_step(shown, "2  poll status")
    tabs = find(shown, QTabWidget, "stepTabs")
    open_tab(tabs, "Until (1)")
    table = find(shown, QTableView, "untilTable")
    edit_cell(table, 0, 0, "status[")
    assert "⚠ Found 'status['" in texts(table, 3)[0]
    assert tabs.tabText(tabs.currentIndex()) == "⚠ Until (1)"
    marks = find(shown, QToolButton, "flowMistakesButton")
    assert marks.text() == "⚠ 1 mistake"
    choose_step(shown, "3  request cancel")
    on = find(shown, QComboBox, "stepOnCombo")
    line = on.lineEdit()
    assert line is not None
    retype(line, "cal", "Return")
    assert marks.text() == "⚠ 2 mistakes"
    wrong = find(shown, QLabel, "stepMistake")
    assert wrong.text() == "No earlier create is called cal. It may be call."
    press(shown, "F8")
    assert shown.desk.current_step == 1
    assert table.hasFocus()


def test_a_flow_with_mistakes_is_not_saved_and_keeps_its_edits(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=CALL)
    open_one(shown, "Inbound call", qtbot)
    choose_step(shown, "2  poll status")
    open_tab(find(shown, QTabWidget, "stepTabs"), "Until (1)")
    table = find(shown, QTableView, "untilTable")
    table.selectRow(0)
    click(button(shown, "untilRemoveButton"))
    press(shown, "Ctrl+S")
    dialog = active_dialog(qtbot, MistakesDialog)
    assert texts(find(dialog, QListWidget, "flowMistakesList")) == [
        "Step 2 (poll status), until: A poll needs to know when it is done: add a row."
    ]
    choose_step_before = shown.desk.current_step
    press(dialog, "Return")
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    assert shown.desk.current_step == choose_step_before
    assert flow(shown).steps[1].until == ()
    assert (tmp_path / "flows" / "call.yaml").read_text("utf-8") == CALL


def test_steps_are_moved_by_keys_and_by_dragging(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=CALL)
    open_one(shown, "Inbound call", qtbot)
    choose_step(shown, "3  request cancel")
    press(shown, "Alt+Up")
    assert steps(shown)[1:] == ["2  request cancel", "3  poll status"]
    assert shown.desk.current_step == 1
    press(shown, "Ctrl+D")
    assert steps(shown)[1:] == ["2  request cancel", "3  request cancel", "4  poll status"]
    view = find(shown, QListView, "stepList")
    model = view.model()
    data = model.mimeData([model.index(3, 0)])
    model.dropMimeData(data, Qt.DropAction.MoveAction, 1, 0, model.index(-1, 0))
    settle()
    assert steps(shown)[1:] == ["2  poll status", "3  request cancel", "4  request cancel"]
    press(shown, "Ctrl+Z", "Ctrl+Z", "Ctrl+Z")
    assert steps(shown)[1:] == ["2  poll status", "3  request cancel"]
    assert listed(shown) == ["Inbound call"]
    press(shown, "Ctrl+Y")
    assert steps(shown)[1:] == ["2  request cancel", "3  poll status"]


def test_typing_a_name_is_one_step_to_undo(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=CALL)
    open_one(shown, "Inbound call", qtbot)
    retype(find(shown, QLineEdit, "stepNoteEdit"), "the customer calls")
    press(find(shown, QListView, "stepList"), "Alt+3", "Ctrl+Z")
    assert flow(shown).steps[0].note == ""
    assert not shown.desk.modified


def test_rows_are_edited_in_the_table_of_the_main_window(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=CALL)
    open_one(shown, "Inbound call", qtbot)
    table = find(shown, QTableView, "stepFormTable")
    click(button(shown, "addFormRowButton"))
    type_text(shown, "language")
    press(shown, "Tab")
    type_text(shown, "french")
    press(shown, "Return")
    assert [(one.key, one.value) for one in flow(shown).steps[0].form] == [
        ("_phone_number", "{{phone}}"),
        ("language", "french"),
    ]
    table.selectRow(0)
    press(table, "Alt+3")
    press(shown, "Ctrl+Z")
    assert flow(shown).steps[0].form.rows[-1].value == ""
    # The rows of the main window are its own.
    main = shown.parentWidget()
    assert main is not None
    assert not len(shown.console.draft.form_model.form)


def test_a_time_that_cannot_be_read_stays_and_stops_save_and_run(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=CALL)
    open_one(shown, "Inbound call", qtbot)
    choose_step(shown, "2  poll status")
    edit = find(shown, QLineEdit, "stepEveryEdit")
    retype(edit, "soon", "Return")
    assert edit.text() == "soon"
    assert "expected a time such as 500ms" in find(shown, QLabel, "stepMistake").text()
    retype(find(shown, QLineEdit, "stepWithinEdit"), "2m")
    # It is a mistake of the step, and stays with it.
    choose_step(shown, "3  request cancel")
    assert button(shown, "flowMistakesButton").text() == "⚠ 1 mistake"
    reason = "Step 2 (poll status), every: Found 'soon', expected a time such as 500ms, 1s or 2m."
    for key, verb in (("Ctrl+S", "saved"), ("F5", "run")):
        press(shown, key)
        dialog = active_dialog(qtbot, MistakesDialog)
        assert texts(find(dialog, QListWidget, "flowMistakesList")) == [reason]
        assert shown.statusBar().currentMessage() == f"Not {verb}. {reason}"
        press(dialog, "Escape")
        back_in(shown, qtbot)
    assert not shown.console.runs.running
    assert wire.requests == []
    press(shown, "F8")
    assert edit.hasFocus()
    assert (edit.text(), shown.desk.current_step) == ("soon", 1)
    retype(edit, "500ms", "Return")
    press(shown, "Ctrl+S")
    qtbot.waitUntil(lambda: not shown.desk.modified)
    poll = on_disk(tmp_path, "call").steps[1]
    assert (poll.every, poll.within) == (0.5, 120.0)


def test_variables_and_switches_reach_the_file_and_comments_stay(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=CALL)
    open_one(shown, "Inbound call", qtbot)
    click(button(shown, "flowVariablesButton"))
    table = find(shown, QTableView, "flowVarsTable")
    edit_cell(table, 0, 1, "6504660000")
    choose_step(shown, "3  request cancel")
    click(find(shown, QCheckBox, "alwaysBox"))
    choose(find(shown, QComboBox, "stepEncodingCombo"), "JSON")
    press(shown, "Ctrl+S")
    qtbot.waitUntil(lambda: not shown.desk.modified)
    text = (tmp_path / "flows" / "call.yaml").read_text("utf-8")
    for comment in ("# How support reproduces", "# the real one", "# Until somebody answers."):
        assert comment in text
    kept = on_disk(tmp_path, "call")
    assert kept.vars == (("phone", "6504660000"),)
    assert kept.steps[2].always


def test_captures_show_what_a_run_took_and_steps_how_they_ended(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=CALL)
    open_one(shown, "Inbound call", qtbot)
    open_tab(find(shown, QTabWidget, "stepTabs"), "Captures")
    click(button(shown, "capturesAddButton"))
    type_text(shown, "number")
    press(shown, "Return")
    table = find(shown, QTableView, "capturesTable")
    edit_cell(table, 0, 1, "_access_number")
    assert flow(shown).steps[0].capture == (("number", "_access_number"),)
    marks = {0: StepMark(Verdict.PASSED, "all checks held"), 1: StepMark(Verdict.NOT_REACHED)}
    shown.desk.set_marks(marks, {(0, "number"): "8005551234"})
    assert texts(table, 2) == ["8005551234"]
    view = find(shown, QListView, "stepList")
    spoken = view.model().index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "last run: not reached" in spoken


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)], ids=["small", "large"])
def test_the_window_fits_its_screen(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path, size: tuple[int, int]
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=CALL)
    open_one(shown, "Inbound call", qtbot)
    shown.resize(*size)
    settle()
    assert (shown.width(), shown.height()) == size


def test_another_kind_keeps_what_it_has_and_can_be_saved(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=CALL)
    open_one(shown, "Inbound call", qtbot)
    choose_step(shown, "2  poll status")
    retype(find(shown, QLineEdit, "stepNoteEdit"), "in a moment")
    kind = find(shown, QComboBox, "stepKindCombo")
    choose(kind, "Follow on the phone")
    choose(kind, "Request on an instance")
    step = flow(shown).steps[1]
    assert (step.kind, step.name, step.instance) == (StepKind.REQUEST, "status", "call")
    assert step.note == "in a moment"
    press(shown, "Alt+3", "Ctrl+S")
    qtbot.waitUntil(lambda: not shown.desk.modified)
    assert on_disk(tmp_path, "call").steps[1].kind is StepKind.REQUEST
