"""Finding in the answer: what is in sight, and what is in 10 MB of it."""

import json
import threading

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QTabWidget, QToolButton, QTreeView
from pytestqt.qtbot import QtBot

from gms_console.ui.panes.answer.text_view import TextView
from gms_console.ui.window import MainWindow
from tests.support.wire_server import WireServer, hold, json_answer
from tests.window.answers import answered, open_view, status, view_of
from tests.window.driving import click, find, open_tab, press, receiver, retype, said, type_text
from tests.window.large_answers import PATIENCE_MS, TEN_MB, Watch, all_of_it, text_view


def hits(window: MainWindow) -> str:
    return find(window, QLabel, "findCountLabel").text()


def trouble(window: MainWindow) -> str:
    shown = find(window, QLabel, "findErrorLabel")
    return shown.text() if shown.isVisible() else ""


def field(window: MainWindow) -> QLineEdit:
    return find(window, QLineEdit, "findEdit")


def marked(view: QPlainTextEdit) -> list[str]:
    return [mark.cursor.selectedText() for mark in view.extraSelections()]


def says(window: MainWindow, qtbot: QtBot, text: str) -> None:
    qtbot.waitUntil(lambda: hits(window) == text, timeout=PATIENCE_MS)


def test_finding_in_ten_megabytes(window: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    view = all_of_it(window, wire, qtbot, TEN_MB)
    watch = Watch()
    press(window, "Ctrl+F")
    type_text(window, "needle 9999")
    says(window, qtbot, "1 of 11")
    qtbot.waitUntil(
        lambda: view.textCursor().block().text() == '    "name": "needle 9999",',
        timeout=PATIENCE_MS,
    )
    qtbot.waitUntil(lambda: marked(view) == ["needle 9999"])
    press(window, "Return")
    assert hits(window) == "2 of 11"
    qtbot.waitUntil(
        lambda: view.textCursor().block().text() == '    "name": "needle 99990",',
        timeout=PATIENCE_MS,
    )
    qtbot.waitUntil(lambda: len(marked(view)) == 10)
    press(window, "F3")
    assert hits(window) == "3 of 11"
    press(window, "Shift+Return", "Shift+F3", "Shift+F3")
    assert hits(window) == "11 of 11"
    qtbot.waitUntil(
        lambda: view.textCursor().block().text() == '    "name": "needle 99999",',
        timeout=PATIENCE_MS,
    )
    busy = watch.stop()
    assert busy < 0.5, f"the window was busy for {busy:.2f} s"


def test_more_hits_than_anyone_goes_through_are_counted(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    all_of_it(window, wire, qtbot, TEN_MB)
    press(window, "Ctrl+F")
    type_text(window, "needle")
    says(window, qtbot, "1 of 100,000")


def test_an_expression_finds_in_all_of_it_and_a_wrong_one_is_explained(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    view = all_of_it(window, wire, qtbot, TEN_MB)
    press(window, "Ctrl+F", "Alt+R")
    type_text(window, r"needle 500\d\d\b")
    says(window, qtbot, "1 of 100")
    qtbot.waitUntil(lambda: '"needle 50000"' in view.toPlainText(), timeout=PATIENCE_MS)
    type_text(window, "(")
    qtbot.waitUntil(lambda: trouble(window) != "", timeout=PATIENCE_MS)
    assert hits(window) == ""
    assert field(window).property("invalid") is True
    press(window, "Backspace")
    says(window, qtbot, "1 of 100")
    assert trouble(window) == ""


@pytest.mark.parametrize("in_worker", [False, True], ids=["plain", "expression"])
def test_case_counts_when_it_is_asked_to(
    window: MainWindow, wire: WireServer, qtbot: QtBot, *, in_worker: bool
) -> None:
    answered(window, wire, qtbot, b'{"a": "Needle", "b": "needle"}')
    press(window, "Ctrl+F")
    if in_worker:
        click(find(window, QToolButton, "findRegexButton"))
        press(field(window), "Ctrl+F")
    type_text(window, "needle")
    says(window, qtbot, "1 of 2")
    press(window, "Alt+C")
    says(window, qtbot, "1 of 1")
    assert text_view(window, "Pretty").textCursor().blockNumber() == 2


def test_an_expression_finds_in_a_small_answer_and_in_its_headers(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answered(window, wire, qtbot, '{"a": "😀 needle 12", "b": "needle x"}'.encode())
    press(window, "Ctrl+F", "Alt+R")
    type_text(window, r"needle \d+")
    says(window, qtbot, "1 of 1")
    assert marked(text_view(window, "Pretty")) == ["needle 12"]
    retype(field(window), r"^content-\w+:")
    says(window, qtbot, "no hit")
    open_tab(find(window, QTabWidget, "answerTabs"), "Request")
    says(window, qtbot, "1 of 1")
    shown = find(window, QPlainTextEdit, "answerRequestView")
    assert shown.textCursor().block().text().startswith("Content-Length:")


def test_an_expression_that_takes_for_ever_can_be_left(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answered(window, wire, qtbot, json.dumps({"a": "a" * 5000 + "!"}).encode())
    press(window, "Ctrl+F", "Alt+R")
    type_text(window, "(a+)+$")
    qtbot.waitUntil(lambda: len(window.console.session.tasks) > 0)
    assert hits(window) == "searching …"
    retype(field(window), "a!")
    says(window, qtbot, "1 of 1")


def test_escape_ends_a_search_that_is_going_on(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    view = all_of_it(window, wire, qtbot, TEN_MB)
    press(window, "Ctrl+F")
    type_text(window, "needle 99999")
    press(window, "Esc")
    assert not field(window).isVisible()
    assert view.hasFocus()
    qtbot.waitUntil(lambda: len(window.console.session.tasks) == 0)
    assert view.textCursor().block().text() == "["
    assert marked(view) == []


def test_f3_opens_the_bar_where_it_is_closed(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answered(window, wire, qtbot, b'{"a": 1, "b": 1}')
    press(window, "F3")
    assert receiver(window) is field(window)
    type_text(window, "1")
    press(window, "F3")
    assert hits(window) == "2 of 2"


def test_a_hit_in_what_is_left_out_of_a_row_is_marked_there(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    view = all_of_it(window, wire, qtbot, json.dumps({"a": "wörd " * 300_000 + "needle"}).encode())
    press(window, "Ctrl+F")
    type_text(window, "needle")
    says(window, qtbot, "1 of 1")
    qtbot.waitUntil(lambda: len(marked(view)) == 1)
    assert "more characters" in marked(view)[0]
    press(window, "Ctrl+Shift+U")
    qtbot.waitUntil(lambda: marked(view) == ["needle"], timeout=PATIENCE_MS)


def test_a_search_in_the_tree_goes_back_to_it(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answered(window, wire, qtbot, b'{"a": "needle", "b": 1}')
    views = find(window, QTabWidget, "answerBodyTabs")
    text_view(window, "Raw")
    open_tab(views, "Tree")
    press(window, "Ctrl+F")
    assert views.tabText(views.currentIndex()) == "Pretty"
    type_text(window, "needle")
    view = find(window, TextView, "answerView")
    assert marked(view) == ["needle"]
    press(window, "Esc")
    assert views.tabText(views.currentIndex()) == "Tree"
    assert receiver(window) is find(window, QTreeView, "answerTree")
    assert marked(view) == []


@pytest.mark.parametrize("title", ["Preview", "Cookies", "Timing"])
def test_where_there_is_no_text_the_focus_stays_and_the_window_says_where_to_search(
    window: MainWindow, wire: WireServer, qtbot: QtBot, title: str
) -> None:
    answered(window, wire, qtbot, b'{"a": 1}')
    tabs = "answerBodyTabs" if title == "Preview" else "answerTabs"
    open_tab(find(window, QTabWidget, tabs), title)
    before = receiver(window)
    press(window, "Ctrl+F")
    assert receiver(window) is before
    assert said(window).startswith("There is no text to find in here. ")
    assert window.findChildren(QLineEdit, "findEdit") == []


def test_the_bar_closes_for_a_tab_that_has_no_text_and_hands_on_the_cursor(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answered(window, wire, qtbot, b'{"a": 1}')
    press(window, "Ctrl+F")
    press(window, "Ctrl+Shift+Tab")
    find(window, QTabWidget, "answerTabs").setCurrentIndex(2)
    assert not field(window).isVisible()
    assert receiver(window).isVisible()


def test_one_searches_after_the_preview_was_in_front(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answered(window, wire, qtbot, b'{"a": "needle"}')
    views = find(window, QTabWidget, "answerBodyTabs")
    open_tab(views, "Preview")
    press(window, "Ctrl+F")
    text_view(window, "Pretty")
    press(window, "Ctrl+F")
    open_tab(views, "Raw")  # a signal that was never connected would warn here
    type_text(field(window), "needle")
    assert marked(text_view(window, "Raw")) == ["needle"]


def test_an_error_goes_while_another_expression_is_searched_for(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answered(window, wire, qtbot, b'{"a": "needle"}')
    press(window, "Ctrl+F", "Alt+R")
    type_text(window, "(")
    qtbot.waitUntil(lambda: trouble(window) != "", timeout=PATIENCE_MS)
    type_text(window, "n")
    assert (trouble(window), hits(window)) == ("", "searching …")
    qtbot.waitUntil(lambda: trouble(window) != "", timeout=PATIENCE_MS)


# --- in small ones --------------------------------------------------------------------------


@pytest.fixture
def three_hits(window: MainWindow, wire: WireServer, qtbot: QtBot) -> MainWindow:
    answered(window, wire, qtbot, json_answer({"a": "needle", "b": "NEEDLE", "c": "needles"}))
    return window


def test_hits_are_counted_and_stepped_through(three_hits: MainWindow) -> None:
    press(three_hits, "Ctrl+F")
    assert receiver(three_hits).objectName() == "findEdit"
    type_text(three_hits, "needle")
    assert hits(three_hits) == "1 of 3"
    shown = view_of(three_hits, "Pretty")
    assert shown.textCursor().blockNumber() == 1
    press(three_hits, "Return")
    assert hits(three_hits) == "2 of 3"
    assert shown.textCursor().blockNumber() == 2
    press(three_hits, "Return", "Return")
    assert hits(three_hits) == "1 of 3"
    press(three_hits, "Shift+Return")
    assert hits(three_hits) == "3 of 3"
    assert shown.textCursor().blockNumber() == 3
    assert len(shown.extraSelections()) == 3
    type_text(three_hits, "zzz")
    assert hits(three_hits) == "no hit"
    assert shown.extraSelections() == []


def test_finding_follows_the_tab_and_the_next_answer(
    three_hits: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    press(three_hits, "Ctrl+F")
    type_text(three_hits, "content-type")
    assert hits(three_hits) == "no hit"
    open_view(three_hits, "Headers")
    assert hits(three_hits) == "1 of 1"
    open_view(three_hits, "Pretty")
    retype(find(three_hits, QLineEdit, "findEdit"), "x")
    assert hits(three_hits) == "no hit"
    answered(three_hits, wire, qtbot, json_answer({"x": 1}))
    assert hits(three_hits) == "1 of 1"


def test_escape_closes_the_find_bar_and_gives_the_answer_the_cursor(
    three_hits: MainWindow,
) -> None:
    press(three_hits, "Ctrl+F")
    type_text(three_hits, "needle")
    press(three_hits, "Esc")
    assert not find(three_hits, QLineEdit, "findEdit").isVisible()
    assert view_of(three_hits, "Pretty").hasFocus()
    assert view_of(three_hits, "Pretty").extraSelections() == []
    press(three_hits, "Ctrl+F")
    assert hits(three_hits) == "1 of 3"


def test_escape_in_the_find_bar_does_not_cancel_a_request(
    three_hits: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    gate = threading.Event()
    wire.script(hold(gate, json_answer({"after": 1})))
    press(three_hits, "Ctrl+Return")
    qtbot.waitUntil(lambda: wire.waiting == 1)
    press(three_hits, "Ctrl+F")
    type_text(three_hits, "needle")
    press(three_hits, "Esc")
    assert not find(three_hits, QLineEdit, "findEdit").isVisible()
    assert three_hits.console.sending
    gate.set()
    qtbot.waitUntil(lambda: not three_hits.console.sending)
    assert status(three_hits).text().startswith("✓ 200 OK")
    assert wire.abandoned == 0
