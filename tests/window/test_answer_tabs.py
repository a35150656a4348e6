"""The tabs beside the body: when they are empty, the timing, and the problem."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QPlainTextEdit, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from gms_console.ui.theme import colours
from gms_console.ui.window import MainWindow
from tests.support.wire_server import WireServer, close_before_answer, json_answer, text_answer
from tests.window.answers import clipboard, shown_in
from tests.window.driving import click, find, open_tab, press, send, type_text

TITLES = ["Body", "Headers", "Cookies", "Timing", "Request", "Problem"]
REFUSED = {"exception": "com.genesyslab.X", "message": "Office is closed.", "code": 400}


def tabs(window: MainWindow) -> QTabWidget:
    return find(window, QTabWidget, "answerTabs")


def sent(window: MainWindow, qtbot: QtBot) -> None:
    """Press Ctrl+Enter and wait for what comes of it."""
    press(window, "Ctrl+Return")
    qtbot.waitUntil(lambda: not window.console.sending)


def test_before_anything_was_sent_each_tab_says_what_it_is_for(window: MainWindow) -> None:
    bar = tabs(window)
    assert [bar.tabText(place) for place in range(bar.count())] == TITLES
    open_tab(bar, "Cookies")
    assert "set no cookie" in " ".join(
        one.text() for one in bar.currentWidget().findChildren(type(window.answer_pane.note_label))
    )
    open_tab(bar, "Problem")
    assert "Nothing is wrong" in find(window, QPlainTextEdit, "answerProblemView").placeholderText()
    open_tab(bar, "Timing")
    assert find(window, QWidget, "answerWaterfall").isVisible()


# --- timing ---------------------------------------------------------------------------------


def waterfall(window: MainWindow) -> QWidget:
    open_tab(tabs(window), "Timing")
    return find(window, QWidget, "answerWaterfall")


def test_first_byte_and_total_are_named_as_text_and_read_out(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    send(window, wire, qtbot)
    read_out = waterfall(window).accessibleDescription()
    for name in ("connect ", "send ", "wait for first byte ", "first byte after ", "total "):
        assert name in read_out
    text = shown_in(window, "Timing")
    [first_byte] = [line for line in text.splitlines() if line.startswith("first byte after")]
    assert f"first byte after {first_byte.split('after')[1].strip()}," in read_out
    send(window, wire, qtbot)
    assert waterfall(window).accessibleDescription() != read_out, "another answer, other times"


@pytest.mark.parametrize("scheme", [Qt.ColorScheme.Light, Qt.ColorScheme.Dark])
def test_the_waterfall_is_painted_in_the_colours_in_force(
    window: MainWindow, wire: WireServer, qtbot: QtBot, scheme: Qt.ColorScheme
) -> None:
    send(window, wire, qtbot)
    picture = waterfall(window)
    window.look.use_scheme(scheme)
    image = picture.grab().toImage()
    seen = {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }
    wanted = colours()
    for ink in (wanted.surface, wanted.parameter, wanted.warning):
        assert QColor(ink).name() in seen


def test_the_phases_are_gone_through_by_keys(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    send(window, wire, qtbot)
    picture = waterfall(window)
    press(window, "Alt+3")
    assert picture.hasFocus()
    press(window, "Down")
    assert picture.accessibleDescription().startswith("connect: ")
    press(window, "Down")
    assert picture.accessibleDescription().startswith("send: ")
    press(window, "Home")
    assert picture.accessibleDescription().startswith("connect: ")


def test_redirects_are_stacked_on_one_axis(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(
        text_answer("", 302, [("Location", "/gw/one")]),
        text_answer("", 302, [("Location", "/gw/two")]),
        json_answer({}),
    )
    sent(window, qtbot)
    read_out = waterfall(window).accessibleDescription()
    assert "Request 1 of 3, 302 Found – POST " in read_out
    assert "Request 3 of 3, 200 OK – " in read_out
    text = shown_in(window, "Timing")
    assert "2. 302 Found – " in text
    assert "total of all" in text


def test_the_phase_that_failed_is_told(window: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    wire.script(close_before_answer())
    sent(window, qtbot)
    assert " and failed, " in waterfall(window).accessibleDescription()
    assert "first byte" not in waterfall(window).accessibleDescription().replace("for first", "")


# --- problem --------------------------------------------------------------------------------


def is_marked(window: MainWindow) -> bool:
    return not tabs(window).tabIcon(TITLES.index("Problem")).isNull()


def test_the_problem_tab_is_marked_and_has_all_of_it(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer(REFUSED, 400), json_answer({}))
    assert not is_marked(window)
    send(window, wire, qtbot)
    assert is_marked(window)
    shown = shown_in(window, "Problem")
    assert shown.startswith("What was said\nOffice is closed.\n\nFacts\n")
    for text in ("com.genesyslab.X", "400 Bad Request", "\nProbably\n", "\nTry\n"):
        assert text in shown
    click(window.answer_pane.copy_button)
    assert clipboard() == shown
    send(window, wire, qtbot)
    assert not is_marked(window)
    assert shown_in(window, "Problem") == ""


def test_what_is_odd_is_marked_and_told_in_the_same_place(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer('{"_id": "1", "_id": "2"}'))
    send(window, wire, qtbot)
    assert is_marked(window)
    shown = shown_in(window, "Problem")
    assert shown.startswith("What is odd\n- The JSON has “_id” more than once")


def test_finding_in_the_problem(window: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    wire.script(json_answer(REFUSED, 400))
    send(window, wire, qtbot)
    shown_in(window, "Problem")
    press(window, "Ctrl+F")
    type_text(window, "genesyslab")
    assert window.answer_pane.find_bar.count_label.text() == "1 of 1"
    press(window, "Esc")
    assert find(window, QPlainTextEdit, "answerProblemView").hasFocus()
