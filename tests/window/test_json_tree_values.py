"""What is made of a value in the tree of an answer: a variable, or a poll that waits for it."""

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QTreeWidget
from pytestqt.qtbot import QtBot

from gms_console.ui.panes.answer.variable_dialog import VariableDialog
from gms_console.ui.panes.captures_dialog import CapturesDialog
from gms_console.ui.window import MainWindow
from tests.support.wire_server import WireServer, json_answer
from tests.window.driving import (
    active_dialog,
    add_row,
    back_in,
    click_row,
    find,
    press,
    retype,
    said,
    send,
)
from tests.window.json_tree import asked_status, by_menu, enabled, shown


def test_use_as_variable_in_the_next_request(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    """A value with braces is sent as it is: an answer must read no variable of the system."""
    answer = json_answer({"_id": "I-1", "token": "{{$env:HOME}} & more"})
    view = shown(window, wire, qtbot, answer)
    click_row(view, "token")
    by_menu(view, qtbot, "Use as variable …")
    dialog = active_dialog(qtbot, VariableDialog)
    edit = find(dialog, QLineEdit, "variableNameEdit")
    outcome = find(dialog, QLabel, "variableOutcomeLabel")
    assert edit.text() == "token"
    assert outcome.text() == "Write {{token}} where the value is wanted."
    retype(edit, "$x")
    assert outcome.text() == "A name with $ before it is one of those built in."
    assert edit.property("invalid") is True
    assert not find(dialog, QPushButton, "variableKeepButton").isEnabled()
    retype(edit, "proof", "Return")
    back_in(window, qtbot)
    add_row(window, "t", "<{{proof}}>")
    wire.script(json_answer({}))
    assert send(window, wire, qtbot).body == b"t=%3C%7B%7B%24env%3AHOME%7D%7D+%26+more%3E"

    press(window, "Ctrl+Alt+V")
    listed = active_dialog(qtbot, CapturesDialog)
    entries = find(listed, QTreeWidget, "captureList")
    item = entries.topLevelItem(0)
    assert item is not None
    # A token is a credential, by whatever name it is kept.
    assert [item.text(n) for n in range(3)] == [
        "{{proof}}",
        "***",
        "token of create request-interaction",
    ]
    press(listed, "Delete")
    assert entries.topLevelItemCount() == 0
    press(listed, "Esc")
    back_in(window, qtbot)
    press(window, "Ctrl+Return")
    assert said(window).startswith("Not sent. Row 1 (t): {{proof}} is not a variable")
    assert len(wire.requests) == 2


def test_a_variable_from_an_answer_is_not_saved(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    view = shown(window, wire, qtbot, json_answer({"list": ["s3cret-value"]}))
    click_row(view, "[0]")
    by_menu(view, qtbot, "Use as variable …")
    dialog = active_dialog(qtbot, VariableDialog)
    assert find(dialog, QLineEdit, "variableNameEdit").text() == "list_0"
    press(dialog, "Return")
    back_in(window, qtbot)
    assert window.console.captures.captures == {"list_0": "s3cret-value"}
    assert "s3cret-value" not in repr(window.console.saved())


def test_poll_until_this_value(window: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    view = asked_status(window, wire, qtbot, {"agent": {"state": "on {{hold}}", "n": 1.50}})
    click_row(view, "n")
    by_menu(view, qtbot, "Poll until this value")
    until = find(window, QLineEdit, "pollUntilEdit")
    assert until.text() == "agent.n=1.5"  # as polls compare numbers
    click_row(view, "state")
    by_menu(view, qtbot, "Poll until this value")
    assert QApplication.focusWidget() is until
    assert until.text() == "agent.state=on {{{{hold}}"
    assert find(window, QLineEdit, "pollRequestEdit").text() == "status"
    wire.script(
        json_answer({"agent": {"state": "busy"}}), json_answer({"agent": {"state": "on {{hold}}"}})
    )
    window.poll_pane.interval_spin.setValue(0.1)
    press(window, "Ctrl+R")
    qtbot.waitUntil(lambda: said(window) == "Reached on {{hold}} after 2 attempts.")
    assert wire.requests[-1].target == "/genesys/1/service/I-1/status"


@pytest.mark.parametrize(
    ("value", "why"),
    [
        pytest.param("a,b", "a comma in it would part it in two", id="comma"),
        pytest.param(" a", "the blanks around it would be lost", id="blank"),
        pytest.param("a\nb", "it has a line end", id="line end"),
        pytest.param("", "it is empty", id="empty"),
    ],
)
def test_a_value_that_no_rule_can_name(
    window: MainWindow, wire: WireServer, qtbot: QtBot, value: str, why: str
) -> None:
    view = asked_status(window, wire, qtbot, {"state": value})
    before = find(window, QLineEdit, "pollUntilEdit").text()
    click_row(view, "state")
    by_menu(view, qtbot, "Poll until this value")
    assert said(window).startswith(f"No poll can wait for this value: {why}")
    assert find(window, QLineEdit, "pollUntilEdit").text() == before


def test_the_answer_of_a_create_is_not_polled_for(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    view = shown(window, wire, qtbot, json_answer({"_id": "I-1", "sub": {"a": 1}}))
    press(view, "Home")
    menu = by_menu(view, qtbot, "Poll until this value")
    assert menu.isVisible()
    names = {one.text().replace("&", "") for one in enabled(menu)}
    assert names == {
        "Copy value",
        "Copy path (JMESPath)",
        "Copy key",
        "Use as variable …",
        "Show whole value …",
    }
    press(view, "Esc")
    assert not menu.isVisible()
