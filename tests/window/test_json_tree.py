"""The tree of an answer: its rows, keys, copies, and what is too much at once."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from gms_console.ui.panes.answer.whole_value import WholeValue
from gms_console.ui.window import MainWindow
from tests.support.wire_server import WireServer, json_answer
from tests.window.answers import clipboard
from tests.window.driving import (
    active_dialog,
    add_row,
    back_in,
    click_row,
    find,
    press,
    retype,
    row,
    said,
    send,
    type_text,
)
from tests.window.json_tree import asked_status, by_menu, rows, shown

ANSWER = (
    '{"_id": "I-1", "wait": 1.10, "big": 12345678901234567890, "ready": true, "none": null,'
    ' "slots": [{"time": "09:00", "free-at": 3}, {"time": "10:00"}], "two": 1, "two": 2,'
    ' "text": "a\\n\\u00e9 & <b>", "empty": {}}'
)


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
