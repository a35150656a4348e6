"""Reading in an answer while a poll brings the next one: what one looks at stays in sight."""

import pytest
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTabWidget
from pytestqt.qtbot import QtBot

from gms_console.ui.panes.answer.text_view import TextView
from gms_console.ui.window import MainWindow
from tests.support.wire_server import Answer, WireServer, json_answer
from tests.window.driving import find, open_tab, press, retype, send, type_text

ROWS = [{"name": f"agent {place}", "state": "busy"} for place in range(120)]


def standing(count: int) -> Answer:
    return json_answer({"_id": "I-1", "asked": count, "first": ROWS[:3], "agents": ROWS})


@pytest.fixture
def polled(window: MainWindow, wire: WireServer, qtbot: QtBot) -> MainWindow:
    """A window with a first answer of a poll in front, which asks again when it is told to."""
    wire.script(json_answer({"_id": "I-1"}))
    send(window, wire, qtbot)
    wire.script(standing(1))
    retype(find(window, QLineEdit, "pollRequestEdit"), "status")
    window.poll_pane.interval_spin.setValue(0.5)
    press(window, "Ctrl+R")
    qtbot.waitUntil(lambda: '"asked": 1' in view(window).toPlainText())
    return window


def view(window: MainWindow) -> TextView:
    return find(window, TextView, "answerView")


def next_answer(window: MainWindow, wire: WireServer, qtbot: QtBot, answer: Answer) -> None:
    """Let the poll ask once more."""
    before = window.console.exchange
    wire.script(answer)
    qtbot.waitUntil(lambda: window.console.exchange is not before)


def select(shown: QPlainTextEdit, text: str) -> None:
    cursor = shown.document().find(text)
    assert not cursor.isNull()
    shown.setTextCursor(cursor)


def test_the_next_answer_of_a_poll_is_read_at_the_same_place(
    polled: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    shown = view(polled)
    select(shown, '"agent 60"')
    top = shown.verticalScrollBar().value()
    assert top > 0
    next_answer(polled, wire, qtbot, standing(2))
    assert '"asked": 2' in shown.toPlainText()
    assert shown.textCursor().selectedText() == '"agent 60"'
    assert shown.verticalScrollBar().value() == top


def test_what_was_folded_stays_folded(polled: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    shown = view(polled)
    opener = shown.document().find('"first": [').block()
    shown.setTextCursor(QTextCursor(opener))
    shown.setFocus()
    press(polled, "-")
    assert not opener.next().isVisible()
    next_answer(polled, wire, qtbot, standing(2))
    opener = shown.document().find('"first": [').block()
    assert shown.folds.is_folded(opener)
    assert not opener.next().isVisible()


def test_headers_stay_in_sight_too(polled: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    open_tab(find(polled, QTabWidget, "answerTabs"), "Headers")
    shown = find(polled, QPlainTextEdit, "answerHeadersView")
    select(shown, "Content-Length")
    before = shown.toPlainText()
    next_answer(polled, wire, qtbot, json_answer({"_id": "I-1", "asked": 22}))
    assert shown.toPlainText() != before
    assert shown.textCursor().selectedText() == "Content-Length"


@pytest.mark.parametrize("count", [1, 2], ids=["the same text", "another text"])
def test_an_open_find_bar_does_not_take_one_back_to_its_hit(
    polled: MainWindow, wire: WireServer, qtbot: QtBot, count: int
) -> None:
    shown = view(polled)
    press(polled, "Ctrl+F")
    type_text(polled, "agent 1")
    assert len(shown.extraSelections()) > 0
    bar = shown.verticalScrollBar()
    bar.setValue(bar.maximum())
    next_answer(polled, wire, qtbot, standing(count))
    assert bar.value() == bar.maximum()
    press(polled, "F3")
    assert bar.value() < bar.maximum()


def test_another_answer_begins_at_its_top(
    polled: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    shown = view(polled)
    press(polled, "Ctrl+R")
    shown.verticalScrollBar().setValue(40)
    wire.script(standing(3))
    send(polled, wire, qtbot)
    assert '"asked": 3' in shown.toPlainText()
    assert shown.verticalScrollBar().value() == 0


def test_a_find_bar_that_gives_way_to_the_tree_leaves_no_marks(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(standing(1))
    send(window, wire, qtbot)
    press(window, "Ctrl+F")
    type_text(window, "busy")
    assert view(window).extraSelections() != []
    tabs = find(window, QTabWidget, "answerBodyTabs")
    open_tab(tabs, "Tree")
    open_tab(tabs, "Pretty")
    assert view(window).extraSelections() == []
