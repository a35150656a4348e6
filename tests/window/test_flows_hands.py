"""Steps are edited by keys as they are seen, and what is typed is led along by what is known."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QListView,
    QTableView,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gms_console.flow.types import HttpCheck, Operator, StepKind, ValueCheck
from gms_console.ui.panes.flows.step_editor import CHECKS, ROWS, UNTIL
from gms_console.ui.panes.flows.window import FlowsWindow
from tests.support.wire_server import WireServer, json_answer
from tests.window.conftest import OpenWindow
from tests.window.driving import (
    click,
    edit_cell,
    find,
    open_tab,
    press,
    receiver,
    retype,
    type_text,
)
from tests.window.flows import (
    CALL,
    button,
    choose_in_cell,
    choose_step,
    flow,
    open_flows,
    open_one,
)


@pytest.fixture
def shown(open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path) -> FlowsWindow:
    """Open the window of flows on a call."""
    made = open_flows(open_window, wire, tmp_path, qtbot, call=CALL)
    open_one(made, "Inbound call", qtbot)
    return made


def focused() -> str:
    """Give the object name of the part that has the keyboard, or of what it is in."""
    widget: QWidget | None = QApplication.focusWidget()
    while widget is not None and not widget.objectName():
        widget = widget.parentWidget()
    return widget.objectName() if widget is not None else ""


def test_rows_are_added_and_moved_by_the_keys_that_the_empty_table_names(
    shown: FlowsWindow,
) -> None:
    choose_step(shown, "3  request cancel")
    open_tab(find(shown, QTabWidget, "stepTabs"), "Rows")
    table = find(shown, QTableView, "stepFormTable")
    said = [one.text() for one in table.findChildren(QLabel) if one.isVisible()]
    assert "Add one (Insert)" in said[0]
    table.setFocus()
    for key in ("reason", "who"):
        press(shown, "Ins")
        type_text(shown, key)
        press(shown, "Tab")
        type_text(shown, "x")
        press(shown, "Return")
    assert [one.key for one in flow(shown).steps[2].form] == ["reason", "who"]
    press(table, "Alt+Up")
    assert [one.key for one in flow(shown).steps[2].form] == ["who", "reason"]
    assert len(shown.desk.documents) == 1


def test_the_tab_key_goes_through_the_step_as_it_is_seen(shown: FlowsWindow) -> None:
    open_tab(find(shown, QTabWidget, "stepTabs"), "Checks (1)")
    find(shown, QWidget, "stepEncodingCombo").setFocus()
    seen = []
    for _ in range(9):
        press(shown, "Tab")
        seen.append(focused())
    assert seen[1:] == [
        "checksAddButton",
        "checksUpButton",
        "checksDownButton",
        "checksRemoveButton",
        "checksTable",
        "keepGoingBox",
        "alwaysBox",
        "stepNoteEdit",
    ]


def test_a_check_is_typed_from_cell_to_cell(shown: FlowsWindow) -> None:
    open_tab(find(shown, QTabWidget, "stepTabs"), "Checks (1)")
    table = find(shown, QTableView, "checksTable")
    click(button(shown, "checksAddButton"))
    type_text(shown, "_access_code")
    press(shown, "Tab")
    choose_in_cell(table, 1, 1, "matches")
    # The value comes next, without another key.
    type_text(shown, "^[0-9]{4}$")
    press(shown, "Tab")
    assert flow(shown).steps[0].expect[1] == ValueCheck(
        "_access_code", Operator.MATCHES, "^[0-9]{4}$"
    )
    assert table.hasFocus()
    assert not flow(shown).steps[0].keep_going


def test_what_was_not_taken_is_said_until_all_is_well_again(
    shown: FlowsWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    open_tab(find(shown, QTabWidget, "stepTabs"), "Checks (1)")
    table = find(shown, QTableView, "checksTable")
    message = find(shown, QLabel, "checksMessage")
    top = table.mapTo(shown, table.rect().topLeft())
    edit_cell(table, 0, 2, "{{code}}")
    assert "found '{{code}}'" in message.text()
    assert message.isVisible()
    assert table.mapTo(shown, table.rect().topLeft()) == top
    edit_cell(table, 0, 2, "200")
    assert not message.isVisible()
    edit_cell(table, 0, 2, "{{code}}")
    assert message.isVisible()
    retype(find(shown, QLineEdit, "stepNoteEdit"), "in a moment")
    press(shown, "Ctrl+S")
    assert not message.isVisible()
    assert flow(shown).steps[0].expect == (HttpCheck((200,)),)


def test_a_step_opens_on_what_it_is_about(shown: FlowsWindow) -> None:
    tabs = find(shown, QTabWidget, "stepTabs")
    assert tabs.currentIndex() == ROWS
    choose_step(shown, "2  poll status")
    assert tabs.currentIndex() == UNTIL
    choose_step(shown, "3  request cancel")
    assert tabs.currentIndex() == CHECKS
    shown.desk.insert_step(StepKind.FOLLOW)
    assert tabs.currentIndex() == CHECKS
    choose_step(shown, "1  create request-inbound-poll")
    assert tabs.currentIndex() == ROWS
    open_tab(tabs, "Captures")
    choose_step(shown, "2  poll status")
    assert tabs.tabText(tabs.currentIndex()) == "Captures"


def test_paths_of_the_latest_answer_are_offered(
    shown: FlowsWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer({"_id": "I-1", "queue": {"place": 4}, "a-b": [{"c": 1}]}))
    open_tab(find(shown, QTabWidget, "stepTabs"), "Checks (1)")
    shown.desk.set_flow(flow(shown))
    shown.desk.change("without the rest", steps=flow(shown).steps[:1])
    open_tab(find(shown, QTabWidget, "stepTabs"), "Checks (1)")
    table = find(shown, QTableView, "checksTable")

    def offered() -> list[str]:
        click(button(shown, "checksAddButton"))
        line = receiver(table)
        assert isinstance(line, QLineEdit)
        model = line.completer().model()
        found = [str(model.index(n, 0).data()) for n in range(model.rowCount())]
        press(shown, "Escape")
        return found

    before = offered()
    assert "_id" in before
    assert "queue.place" not in before
    press(shown, "Ctrl+Z", "F5")
    qtbot.waitUntil(lambda: shown.console.runs.summary is not None)
    assert {"_id", "queue.place", '"a-b"[0].c'} <= set(offered())


def test_what_may_be_wrong_is_a_hint_and_moves_nothing(
    shown: FlowsWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    text = find(shown, QLabel, "flowMistakeText")
    hints = button(shown, "flowMistakesButton")
    steps = find(shown, QListView, "stepList")
    assert text.text() == "No mistakes."
    top = steps.mapTo(shown, steps.rect().topLeft())
    table = find(shown, QTableView, "stepFormTable")
    edit_cell(table, 0, 3, "{{phonne}}")
    qtbot.waitUntil(lambda: hints.text() == "1 hint")
    assert text.text() == (
        "Step 1 (create request-inbound-poll), rows, row 1: {{phonne}} is not known here. "
        "Data rows may have it."
    )
    form = flow(shown).steps[0].form
    shown.step_editor.form._on_files([str(tmp_path / "flows" / "nowhere.png")])
    assert len(flow(shown).steps[0].form) == len(form) + 1
    qtbot.waitUntil(lambda: hints.text() == "2 hints")
    assert shown.desk.mistakes == ()
    retype(find(shown, QLineEdit, "stepNameEdit"), "")
    assert hints.text() == "⚠ 1 mistake"
    assert steps.mapTo(shown, steps.rect().topLeft()) == top
