"""The tree of an answer: its rows, keys, copies, variables, polls, and what is too much at once."""

import json
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QTabBar,
    QTabWidget,
    QTreeView,
    QTreeWidget,
)
from pytestqt.qtbot import QtBot

from gms_console.ui.panes.answer.variable_dialog import VariableDialog
from gms_console.ui.panes.answer.whole_value import WholeValue
from gms_console.ui.panes.captures_dialog import CapturesDialog
from gms_console.ui.window import MainWindow
from tests.support.wire_server import Answer, WireServer, json_answer
from tests.window.driving import (
    active_dialog,
    add_row,
    back_in,
    click_row,
    find,
    open_tab,
    press,
    retype,
    row,
    said,
    send,
    type_text,
)

ANSWER = (
    '{"_id": "I-1", "wait": 1.10, "big": 12345678901234567890, "ready": true, "none": null,'
    ' "slots": [{"time": "09:00", "free-at": 3}, {"time": "10:00"}], "two": 1, "two": 2,'
    ' "text": "a\\n\\u00e9 & <b>", "empty": {}}'
)


def shown(window: MainWindow, wire: WireServer, qtbot: QtBot, answer: Answer) -> QTreeView:
    """Send, and bring the tree of the answer to the front."""
    wire.script(answer)
    send(window, wire, qtbot)
    return tree(window)


def tree(window: MainWindow) -> QTreeView:
    open_tab(find(window, QTabWidget, "answerBodyTabs"), "Tree")
    view = find(window, QTreeView, "answerTree")
    view.setFocus()
    return view


def rows(view: QTreeView, parent: QModelIndex | None = None) -> Iterator[str]:
    """Give the rows that can be seen by opening nothing, each with its depth as blanks."""
    model, above = view.model(), parent or QModelIndex()
    for place in range(model.rowCount(above)):
        index = model.index(place, 0, above)
        texts = [str(model.index(place, column, above).data() or "") for column in range(3)]
        yield " | ".join(texts).rstrip(" |")
        if view.isExpanded(index):
            yield from (f"  {one}" for one in rows(view, index))


def clipboard() -> str:
    return QApplication.clipboard().text()


def by_menu(view: QTreeView, qtbot: QtBot, text: str) -> QMenu:
    """Open the menu of the current row by its key, as a person without a mouse does."""
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
    QApplication.sendEvent(view.viewport(), event)
    menu = find(view.window(), QMenu, "answerTreeMenu")
    qtbot.waitUntil(menu.isVisible)
    action = next(one for one in menu.actions() if one.text().replace("&", "") == text)
    if action.isEnabled():
        press(view, *["Down"] * (enabled(menu).index(action) + 1), "Return")
    return menu


def enabled(menu: QMenu) -> list[QAction]:
    return [one for one in menu.actions() if one.isEnabled() and not one.isSeparator()]


def test_a_small_answer_is_open_and_exact(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    view = shown(window, wire, qtbot, json_answer(ANSWER))
    assert list(rows(view)) == [
        '_id | "I-1" | string',
        "wait | 1.10 | number",
        "big | 12345678901234567890 | number",
        "ready | true | boolean",
        "none | null | null",
        "slots | [ 2 elements ] | array",
        "  [0] | { 2 members } | object",
        '    time | "09:00" | string',
        "    free-at | 3 | number",
        "  [1] | { 1 member } | object",
        '    time | "10:00" | string',
        "two | 1 | number",
        "two | 2 | number",
        'text | "a\\n\\u00e9 & <b>" | string',
        "empty | {} | object",
    ]
    spoken = row(view, "ready").data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "ready, true, boolean"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("7", ["(whole answer) | 7 | number"], id="a number"),
        pytest.param("[]", ["(whole answer) | [] | array"], id="nothing in it"),
        pytest.param('["a", null]', ['[0] | "a" | string', "[1] | null | null"], id="an array"),
    ],
)
def test_what_is_no_object(
    window: MainWindow, wire: WireServer, qtbot: QtBot, body: str, expected: list[str]
) -> None:
    assert list(rows(shown(window, wire, qtbot, json_answer(body)))) == expected


def test_an_answer_that_is_no_json_says_so(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    view = shown(window, wire, qtbot, json_answer('{"a": '))
    hint = next(one for one in view.findChildren(QLabel) if one.isVisible())
    assert "no JSON" in hint.text()
    assert view.model().rowCount() == 0


def test_keys_open_close_and_copy(window: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    view = shown(window, wire, qtbot, json_answer(ANSWER))
    press(view, "Home", "Ctrl+C")
    assert clipboard() == "I-1"
    press(view, "Ctrl+Shift+C")
    assert clipboard() == "_id"
    press(view, *["Down"] * 5)
    slots = view.currentIndex()
    press(view, "Return")
    assert not view.isExpanded(slots)
    press(view, "Return", "Down", "Down", "Down")
    assert find(window, QLabel, "answerTreePath").text() == 'slots[0]."free-at"'
    press(view, "Ctrl+Shift+C")
    assert clipboard() == 'slots[0]."free-at"'
    press(view, "Up", "Ctrl+C")
    assert clipboard() == "09:00"
    press(view, "Up", "Ctrl+C")
    assert clipboard() == '{"time": "09:00", "free-at": 3}'
    press(view, "End", "Up", "Ctrl+C")
    assert clipboard() == "a\né & <b>"
    press(view, "Up", "Ctrl+Shift+C")
    assert clipboard() == "two"  # the last of two is what a path finds
    press(view, "Up", "Ctrl+Shift+C")
    assert said(window).startswith("No JMESPath leads to this value")


def test_secrets_within_a_copied_object_are_masked(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    add_row(window, "password", "hunter2!")
    answer = json_answer({"echo": {"said": "hunter2!"}})
    view = shown(window, wire, qtbot, answer)
    press(view, "Home", "Ctrl+C")
    assert clipboard() == '{"said": "***"}'
    assert said(window).endswith("Secrets in it are masked.")


def test_the_menu_copies_a_key_and_shows_a_whole_value(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    long = "line\n" * 2000 + "x" * 9000
    view = shown(window, wire, qtbot, json_answer({"free-at": 1, "long": long}))
    press(view, "Home")
    by_menu(view, qtbot, "Copy key")
    assert clipboard() == "free-at"
    press(view, "Down", "Return")
    dialog = active_dialog(qtbot, WholeValue)
    text = find(dialog, QPlainTextEdit, "wholeValueView").toPlainText()
    assert text.replace("\n", "") == long.replace("\n", "")
    assert max(map(len, text.split("\n"))) <= 4000
    find(dialog, QPushButton, "wholeValueCopyButton").click()
    assert clipboard() == long
    press(dialog, "Esc")
    back_in(window, qtbot)


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


def asked_status(window: MainWindow, wire: WireServer, qtbot: QtBot, answer: object) -> QTreeView:
    """Create an instance, ask for its status, and show that answer's tree."""
    wire.script(json_answer({"_id": "I-1"}))
    send(window, wire, qtbot)
    open_tab(find(window, QTabBar, "targetTabs"), "Request on an instance")
    retype(find(window, QLineEdit, "requestNameEdit"), "status")
    return shown(window, wire, qtbot, json_answer(answer))


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


def test_what_is_open_stays_for_the_same_answer_and_the_next_one(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answer = {"a": {"x": [1, 2]}, "b": {"y": {"z": 1}}}
    view = asked_status(window, wire, qtbot, answer)
    click_row(view, "a")
    press(view, "Left")
    click_row(view, "y")
    first = window.console.exchange
    assert first is not None
    expected = ["a", "b", "  y", "    z"]

    def keys() -> list[str]:
        return [one.partition(" | ")[0] for one in rows(view)]

    assert keys() == expected
    wire.script(json_answer({**answer, "c": {"d": 1}}))
    send(window, wire, qtbot)
    qtbot.waitUntil(lambda: keys() == [*expected, "c"])
    assert view.currentIndex().siblingAtColumn(0).data() == "y"
    wire.script(json_answer({"other": {"deep": 1}}))
    retype(find(window, QLineEdit, "requestNameEdit"), "another")
    send(window, wire, qtbot)
    qtbot.waitUntil(lambda: keys() == ["other", "  deep"])
    window.console.show_exchange(first.id)
    qtbot.waitUntil(lambda: keys() == expected)
    assert view.currentIndex().siblingAtColumn(0).data() == "y"


def test_a_long_array_is_read_page_by_page(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    view = shown(window, wire, qtbot, json_answer(json.dumps(list(range(1800)))))
    model = view.model()
    last = model.rowCount() - 1
    assert last == 500
    assert model.index(last, 0).data() == "… 1,300 more"
    press(view, "End")
    qtbot.waitUntil(lambda: model.rowCount() == 1001)
    assert view.currentIndex().siblingAtColumn(0).data() == "[500]"
    press(view, "End")
    qtbot.waitUntil(lambda: model.rowCount() == 1501)
    press(view, "End")
    qtbot.waitUntil(lambda: model.rowCount() == 1800)
    assert model.index(1799, 1).data() == "1799"
    assert view.currentIndex().siblingAtColumn(0).data() == "[1500]"


def test_expand_below_stops_where_it_is_too_much(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    many = {"all": [{"n": [index] * 9} for index in range(400)], "deep": {"a": {"b": {"c": 1}}}}
    view = shown(window, wire, qtbot, json_answer(many))
    press(view, "Home", "*")
    qtbot.waitUntil(lambda: "There are more" in said(window))
    assert 2000 <= len(list(rows(view))) < 2600
    click_row(view, "all")
    press(view, "Left")
    click_row(view, "deep")
    by_menu(view, qtbot, "Expand below")
    qtbot.waitUntil(lambda: list(rows(view))[-1] == "      c | 1 | number")
    by_menu(view, qtbot, "Collapse")
    assert list(rows(view))[-1] == "deep | { 1 member } | object"


def test_a_deep_answer_is_opened_level_by_level(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    view = shown(window, wire, qtbot, json_answer("[" * 10_000 + "]" * 10_000))
    press(view, "Home")
    for _ in range(5):
        press(view, "Right", "Down")
    assert view.currentIndex().siblingAtColumn(0).data() == "[0]"
    assert len(list(rows(view))) == 6


def test_a_large_answer_is_read_outside_the_window(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    """Longer than what is held in memory, with an array that is longer than a page."""
    numbers = ", ".join(f"{n}.10" for n in range(700))
    text = f'{{"first": "{"x" * 1_200_000}", "numbers": [{numbers}], "last": {{"a": [1]}}}}'
    view = shown(window, wire, qtbot, json_answer(text))
    model = view.model()
    qtbot.waitUntil(lambda: model.rowCount() == 3, timeout=10_000)
    click_row(view, "last")
    press(view, "*")
    qtbot.waitUntil(lambda: list(rows(view))[-1] == "    [0] | 1 | number")
    click_row(view, "numbers")
    press(view, "Right")
    numbers_row = model.index(1, 0)
    qtbot.waitUntil(lambda: model.rowCount(numbers_row) == 501)
    assert model.index(499, 1, numbers_row).data() == "499.10"
    press(view, "Home", "Ctrl+C")
    qtbot.waitUntil(lambda: clipboard() == "x" * 1_200_000)


def test_a_path_within_what_a_filter_found_leads_there_from_the_answer(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    view = asked_status(window, wire, qtbot, {"slots": [{"state": "a"}, {"state": "b"}]})
    press(window, "Ctrl+Shift+F")
    type_text(window, "slots[1:]")
    press(window, "Return")
    expected = ["[0] | { 1 member } | object", '  state | "b" | string']
    qtbot.waitUntil(lambda: list(rows(view)) == expected)
    click_row(view, "state")
    press(view, "Ctrl+Shift+C")
    assert clipboard() == "slots[1:] | [0].state"
    by_menu(view, qtbot, "Poll until this value")
    assert find(window, QLineEdit, "pollUntilEdit").text() == "slots[1:] | [0].state=b"


def test_a_row_says_how_many_it_has_once_all_were_read(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    long = ["x" * 300] * 400
    view = shown(window, wire, qtbot, json_answer(json.dumps({"items": long, "last": 1})))
    assert next(rows(view)) == "items | [ … ] | array"
    press(view, "Home", "Right")
    qtbot.waitUntil(lambda: view.model().index(0, 1).data() == "[ 400 elements ]")


def test_the_right_arrow_opens_one_level(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    members = [{"id": number, "more": {"deep": number}} for number in range(100)]
    view = shown(window, wire, qtbot, json_answer(json.dumps(members)))
    press(view, "Home", "Right")
    assert list(rows(view))[:4] == [
        "[0] | { 2 members } | object",
        "  id | 0 | number",
        "  more | { 1 member } | object",
        "[1] | { 2 members } | object",
    ]
