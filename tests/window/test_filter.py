"""The filter of the answer: JMESPath, as one types."""

from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QTabWidget, QToolButton
from pytestqt.qtbot import QtBot

from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, Workspace, load_workspace, save_workspace
from tests.support.wire_server import WireServer, text_answer
from tests.window.answers import answered
from tests.window.conftest import OpenWindow, close_window
from tests.window.driving import (
    add_row,
    click,
    find,
    open_tab,
    press,
    receiver,
    retype,
    send,
    type_text,
)
from tests.window.large_answers import (
    PATIENCE_MS,
    all_is_ready,
    all_of_it,
    rows_of_json,
    size_text,
    text_view,
)

BODY = b'{"items": [{"id": 1, "price": 1.10}, {"id": 12345678901234567890, "price": 2.50}]}'


def field(window: MainWindow) -> QLineEdit:
    return find(window, QLineEdit, "filterEdit")


def mark(window: MainWindow) -> str:
    shown = find(window, QLabel, "filterMark")
    return shown.text() if shown.isVisible() else ""


def is_on(window: MainWindow) -> bool:
    return mark(window).partition(":")[0] == "Filtered"


def trouble(window: MainWindow) -> str:
    shown = find(window, QLabel, "filterErrorLabel")
    return shown.text() if shown.isVisible() else ""


def filtered(window: MainWindow, qtbot: QtBot, expression: str) -> str:
    """Type a filter, and give what Pretty shows once it is on."""
    press(window, "Ctrl+Shift+F")
    retype(field(window), expression)
    qtbot.waitUntil(
        lambda: is_on(window) and window.console.bodies.shown.filtered_by == expression,
        timeout=PATIENCE_MS,
    )
    return str(text_view(window, "Pretty").toPlainText())


def test_a_filter_shows_what_it_finds_with_numbers_as_they_were_sent(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answered(window, wire, qtbot, BODY)
    assert filtered(window, qtbot, "items[].price") == "[\n  1.10,\n  2.50\n]"
    assert filtered(window, qtbot, "items[1].id") == "12345678901234567890"
    assert text_view(window, "Raw").toPlainText() == BODY.decode()
    press(window, "Ctrl+Shift+F", "Esc")
    assert not field(window).isVisible()
    assert text_view(window, "Pretty").toPlainText().startswith('{\n  "items": [')


def test_a_wrong_filter_is_explained_in_place_and_leaves_what_is_shown(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answered(window, wire, qtbot, BODY)
    before = filtered(window, qtbot, "items[].id")
    retype(field(window), "items[?")
    qtbot.waitUntil(lambda: trouble(window) != "", timeout=PATIENCE_MS)
    assert field(window).property("invalid") is True
    assert text_view(window, "Pretty").toPlainText() == before
    assert mark(window) == "Filtered as before"
    assert filtered(window, qtbot, "items[0].id") == "1"
    assert trouble(window) == ""


def test_a_filter_stays_for_the_next_answer(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answered(window, wire, qtbot, BODY)
    filtered(window, qtbot, "items[0].id")
    answered(window, wire, qtbot, b'{"items": [{"id": "next"}]}')
    view = text_view(window, "Pretty")
    qtbot.waitUntil(lambda: view.toPlainText() == '"next"', timeout=PATIENCE_MS)
    wire.script(text_answer("no JSON"))
    send(window, wire, qtbot)
    qtbot.waitUntil(lambda: "no JSON" in trouble(window), timeout=PATIENCE_MS)
    assert view.toPlainText() == "no JSON"
    assert mark(window) == ""
    answered(window, wire, qtbot, b'{"items": [{"id": "last"}]}')
    qtbot.waitUntil(lambda: view.toPlainText() == '"last"', timeout=PATIENCE_MS)
    assert trouble(window) == ""


def test_a_large_answer_is_filtered_to_a_small_and_to_a_large_one(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    all_of_it(window, wire, qtbot, rows_of_json(30_000))
    assert filtered(window, qtbot, "[?id==`4711`].name") == '[\n  "needle 4711"\n]'
    assert size_text(window) == ""
    filtered(window, qtbot, "[].[name, text]")
    all_is_ready(window, qtbot)
    press(window, "Alt+3", "Ctrl+End")
    view = text_view(window, "Pretty")
    qtbot.waitUntil(lambda: '"needle 29999"' in view.toPlainText(), timeout=PATIENCE_MS)


def test_filters_that_were_used_are_offered_again_at_the_next_start(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    save_workspace(
        tmp_path,
        Workspace(base_url=wire.base_url, create=Draft(service="request-interaction")),
    )
    window = open_window(folder=tmp_path)
    answered(window, wire, qtbot, BODY)
    filtered(window, qtbot, "items[0].id")
    press(window, "Return")
    filtered(window, qtbot, "items[1].price")
    press(window, "Esc")
    close_window(window, qtbot)
    assert load_workspace(tmp_path).recent_filters == ("items[1].price", "items[0].id")
    again = open_window(folder=tmp_path)
    answered(again, wire, qtbot, BODY)
    press(again, "Ctrl+Shift+F", "Alt+Down")
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    offered: list[QAction] = menu.actions()
    assert [action.text() for action in offered] == ["items[1].price", "items[0].id"]
    press(menu, "Down", "Down", "Return")
    view = text_view(again, "Pretty")
    qtbot.waitUntil(lambda: view.toPlainText() == "1", timeout=PATIENCE_MS)


def test_a_filter_with_a_secret_in_it_goes_into_no_file(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    create = Draft(service="request-interaction")
    save_workspace(tmp_path, Workspace(base_url=wire.base_url, create=create))
    window = open_window(folder=tmp_path)
    add_row(window, "password", "hunter2-hunter2")
    answered(window, wire, qtbot, BODY)
    for expression in ("items[0].id", "items[?id=='hunter2-hunter2']"):
        filtered(window, qtbot, expression)
        press(window, "Return")
    close_window(window, qtbot)
    assert load_workspace(tmp_path).recent_filters == ("items[0].id",)


@pytest.mark.parametrize("end", ["Esc", "next answer"])
def test_a_filter_that_is_being_worked_on_lands_nowhere_else(
    window: MainWindow, wire: WireServer, qtbot: QtBot, end: str
) -> None:
    all_of_it(window, wire, qtbot, rows_of_json(30_000))
    press(window, "Ctrl+Shift+F")
    type_text(window, "[].name")
    press(window, "Return")
    assert mark(window) == "Filtering …"
    if end == "Esc":
        press(window, "Esc")
        qtbot.waitUntil(lambda: len(window.console.session.tasks) == 0, timeout=PATIENCE_MS)
        assert text_view(window, "Pretty").toPlainText().startswith('[\n  {\n    "id": 0,')
    else:
        answered(window, wire, qtbot, b'[{"name": "new"}]')
        view = text_view(window, "Pretty")
        qtbot.waitUntil(lambda: view.toPlainText() == '[\n  "new"\n]', timeout=PATIENCE_MS)
        qtbot.waitUntil(lambda: len(window.console.session.tasks) == 0, timeout=PATIENCE_MS)
        assert view.toPlainText() == '[\n  "new"\n]'
    assert receiver(window).isVisible()


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("items[].id", "Filtered: 2 elements"),
        ("items[?id==`1`]", "Filtered: 1 element"),
        ("items[0]", "Filtered"),
        ("nowhere", "Filtered: nothing"),
    ],
    ids=["two", "one", "an object", "nothing"],
)
def test_the_mark_says_how_much_was_found(
    window: MainWindow, wire: WireServer, qtbot: QtBot, expression: str, said: str
) -> None:
    answered(window, wire, qtbot, BODY)
    filtered(window, qtbot, expression)
    assert mark(window) == said


def test_the_button_in_the_head_opens_the_filter_from_any_tab(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    button = find(window, QToolButton, "answerFilterButton")
    assert not button.isEnabled()
    answered(window, wire, qtbot, BODY)
    open_tab(find(window, QTabWidget, "answerTabs"), "Headers")
    click(button)
    assert receiver(window) is field(window)


def test_a_wrong_filter_is_not_offered_again(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answered(window, wire, qtbot, BODY)
    press(window, "Ctrl+Shift+F")
    type_text(window, "items[?")
    press(window, "Return")
    qtbot.waitUntil(lambda: trouble(window) != "", timeout=PATIENCE_MS)
    assert window.console.bodies.recent == []
    retype(field(window), "items[0].id", "Return")
    qtbot.waitUntil(lambda: window.console.bodies.recent == ["items[0].id"], timeout=PATIENCE_MS)
