"""Two answers side by side: what differs, what is ignored, and the ways to get there."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QTabWidget,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from gms_console.ui.panes.comparison.sides import CutLabel
from gms_console.ui.panes.comparison.value_dialog import ValueDialog
from gms_console.ui.panes.comparison.window import ComparisonWindow
from gms_console.ui.window import MainWindow
from tests.support.wire_server import WireServer, json_answer, text_answer
from tests.window.comparisons import (
    LEFT,
    RIGHT,
    choose_in_menu,
    compare,
    held_until,
    result,
    rows,
    show_all,
    summary,
    to_front,
    tree,
)
from tests.window.conftest import OpenWindow, close_window
from tests.window.driving import (
    active_dialog,
    add_row,
    back_in,
    click,
    click_cell,
    fill_row,
    find,
    open_tab,
    press,
    row,
    said,
    send,
    texts,
)
from tests.window.environments import open_on, write


def test_what_differs_is_shown_by_sign_and_the_rest_on_demand(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    shown = compare(window, wire, qtbot, json_answer(LEFT), json_answer(RIGHT))
    assert summary(shown) == "3 differences, 2 ignored"
    box = find(shown, QCheckBox, "comparisonOnlyBox")
    assert box.isChecked()
    assert box.text() == "Only &differences (2 ignored are hidden)"
    assert find(shown, QLabel, "comparisonLegend").text().split("     ") == [
        "+ only on the right",
        "− only on the left",
        "≠ differs",
        "⇄ moved",
        "○ ignored",
    ]
    assert rows(shown) == [
        ("≠ (answer)", "{4}", "{5}"),
        ("≠ queue", '"north"', '"south"'),
        ("≠ agents", "[1]", "[1]"),
        ("≠ 0", "{2}", "{2}"),
        ("≠ at", "1", "2"),
        ("+ vip", "", "true"),
    ]
    assert tree(shown).isExpanded(row(tree(shown), "≠ 0"))
    show_all(shown, qtbot)
    assert box.text() == "Only &differences"
    assert ("○ _id", '"a"', '"b"') in rows(shown)
    assert ("ewt", "3", "3") in rows(shown)
    spoken = row(tree(shown), "+ vip").data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "vip, only on the right"


def test_keys_go_from_difference_to_difference_and_round(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    shown = compare(window, wire, qtbot, json_answer(LEFT), json_answer(RIGHT))
    assert tree(shown).hasFocus()
    seen = [tree(shown).currentIndex().data()]
    for _ in range(3):
        press(shown, "F7")
        seen.append(tree(shown).currentIndex().data())
    assert seen == ["≠ queue", "≠ at", "+ vip", "≠ queue"]
    press(shown, "Alt+Up", "Shift+F7")
    assert tree(shown).currentIndex().data() == "≠ at"
    click(find(shown, QPushButton, "comparisonNextButton"))
    assert tree(shown).currentIndex().data() == "+ vip"


def test_from_within_what_was_added_the_keys_lead_to_what_counts(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    added = {"call": {"agent": {"name": "Ann"}}}
    right = json_answer({"ewt": 3, **added, "vip": True})
    shown = compare(window, wire, qtbot, json_answer({"ewt": 3}), right)
    assert tree(shown).currentIndex().data() == "+ call"
    press(tree(shown), "Right", "Down", "Right", "Down")
    assert tree(shown).currentIndex().data() == "+ name"
    press(shown, "Shift+F7")
    assert tree(shown).currentIndex().data() == "+ call"
    press(tree(shown), "Down", "Down")
    press(shown, "F7")
    assert tree(shown).currentIndex().data() == "+ vip"


def test_equal_answers_say_so_plainly(window: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    shown = compare(window, wire, qtbot, json_answer({"ewt": 3}), json_answer({"ewt": 3}))
    assert summary(shown) == "The answers are the same"
    assert not find(shown, QCheckBox, "comparisonOnlyBox").isChecked()
    assert ("ewt", "3", "3") in rows(shown)
    assert not find(shown, QPushButton, "comparisonNextButton").isEnabled()
    press(shown, "Esc")
    back_in(window, qtbot)
    shown = compare(window, wire, qtbot, json_answer({"_id": "a"}), json_answer({"_id": "b"}))
    assert summary(shown) == "The same but for what is ignored (1)"


def test_text_is_compared_line_by_line_and_headers_beside_it(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    shown = compare(
        window,
        wire,
        qtbot,
        text_answer("one\ntwo\nthree", headers=[("X-Node", "1"), ("Server", "s")]),
        text_answer("one\n2\nthree", 404, headers=[("X-Node", "2")]),
    )
    assert summary(shown) == "4 differences, 1 ignored"
    assert (
        find(shown, QLabel, "comparisonNote")
        .text()
        .startswith("Status: 200 OK on the left, 404 Not Found on the right.")
    )
    assert (texts(shown.lines, 0), texts(shown.lines, 1)) == (["≠"], ["two"])
    show_all(shown, qtbot)
    assert texts(shown.lines, 2) == ["one", "2", "three"]
    open_tab(find(shown, QTabWidget, "comparisonTabs"), "Headers (2)")
    assert texts(shown.headers) == ["Content-Type", "≠ X-Node", "− Server", "○ Content-Length"]
    shown.headers.setFocus(Qt.FocusReason.TabFocusReason)
    press(shown, "F7")
    assert shown.headers.chosen.cells == ("X-Node", "1", "2")
    choose_in_menu(shown, shown.headers, "≠ X-Node", "Ignore the header X-Node")
    qtbot.waitUntil(lambda: summary(shown) == "3 differences, 2 ignored")
    open_tab(find(shown, QTabWidget, "comparisonTabs"), "Timing")
    assert texts(shown.phases)[-1] == "total"
    assert all(text.endswith("ms") for text in (texts(shown.phases, n)[-1] for n in (1, 2, 3)))


def test_headers_that_are_hidden_are_told_of(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    shown = compare(
        window,
        wire,
        qtbot,
        json_answer({"a": 1}, headers=[("Date", "now")]),
        json_answer({"a": 222}, headers=[("Date", "then")]),
    )
    open_tab(find(shown, QTabWidget, "comparisonTabs"), "Headers")
    words = find(shown, QLabel, "comparisonHeadersWords")
    assert words.isVisible()
    assert words.text() == "The headers are the same but for 2 that are ignored."
    assert not find(shown, QPushButton, "comparisonNextButton").isEnabled()
    show_all(shown, qtbot)
    assert not words.isVisible()
    assert "○ Date" in texts(shown.headers)


def test_what_was_sent_is_compared_row_by_row_without_secrets(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer({"ok": True}), json_answer({"ok": True}))
    add_row(window, "phone", "5551001")
    add_row(window, "api_token", "first-S3cret")
    send(window, wire, qtbot)
    fill_row(window, "phone", "5551002")
    fill_row(window, "api_token", "other-S3cret")
    send(window, wire, qtbot)
    press(window, "Ctrl+Shift+L")
    shown = result(qtbot)
    assert "same" in summary(shown)  # the answers
    open_tab(find(shown, QTabWidget, "comparisonTabs"), "Request (2)")
    if find(shown, QCheckBox, "comparisonOnlyBox").isChecked():
        show_all(shown, qtbot)
    assert texts(shown.request) == [
        "(request)",
        "(Content-Type)",
        "≠ phone",
        "≠ api_token",
    ]
    assert (texts(shown.request, 1)[2], texts(shown.request, 2)[2]) == ("5551001", "5551002")
    assert (texts(shown.request, 1)[3], texts(shown.request, 2)[3]) == ("***", "***")
    shown.request.setFocus(Qt.FocusReason.TabFocusReason)
    press(shown, "F7")
    assert shown.request.chosen.cells[0] == "phone"


def test_a_long_place_is_cut_where_its_node_can_still_be_read(
    open_window: OpenWindow, wire: WireServer, tmp_path: Path, qtbot: QtBot
) -> None:
    name = "the-environment-of-the-second-data-centre-in-the-north"
    write(tmp_path, name, wire.base_url)
    window = open_on(open_window, tmp_path, name)
    window.console.services.choose("a-service-with-a-name-" * 6)
    shown = compare(window, wire, qtbot, json_answer({"a": 1}), json_answer({"a": 2}))
    shown.resize(1000, 500)
    place = find(shown, CutLabel, "comparisonLeftPlace")
    qtbot.waitUntil(lambda: place.shown != place.text())
    assert place.shown.endswith("node1")
    assert name in place.toolTip()
    assert find(shown, CutLabel, "comparisonLeftTitle").shown.endswith("…")


def test_sides_say_what_they_are_and_can_be_swapped(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    shown = compare(window, wire, qtbot, json_answer({"a": 1}), json_answer({"error": "x"}, 500))
    place = f"http://127.0.0.1:{wire.port}"
    assert find(shown, QLabel, "comparisonLeftPlace").text() == place
    assert find(shown, QLabel, "comparisonLeftTitle").text() == "create request-interaction"
    assert find(shown, QLabel, "comparisonLeftOutcome").text().startswith("200 OK · ")
    assert find(shown, QLabel, "comparisonRightOutcome").text().startswith("500 ")
    assert ("− a", "1", "") in rows(shown)
    click(find(shown, QToolButton, "comparisonSwapButton"))
    qtbot.waitUntil(lambda: summary(shown).startswith("3 differences"))
    assert find(shown, QLabel, "comparisonLeftOutcome").text().startswith("500 ")
    assert ("+ a", "", "1") in rows(shown)


def test_a_long_value_is_read_whole_and_copied_without_secrets(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    secret = "S3cretSession77"
    cookie = [("Set-Cookie", f"JSESSIONID={secret}; Path=/")]
    left = json_answer({"note": "x" * 500, "said": secret}, headers=cookie)
    shown = compare(window, wire, qtbot, left, json_answer({"note": "<b>" * 90}))
    click_cell(tree(shown), row(tree(shown), "≠ note"))
    assert "&lt;b&gt;" in tree(shown).currentIndex().siblingAtColumn(2).data(
        Qt.ItemDataRole.ToolTipRole
    )
    press(shown, "Return")
    dialog = active_dialog(qtbot, ValueDialog)
    left_edit = find(dialog, QPlainTextEdit, "comparisonLeftValue")
    assert left_edit.toPlainText().count("x") > 100
    press(dialog, "Esc")
    to_front(shown, qtbot)
    click_cell(tree(shown), row(tree(shown), "− said"))
    press(shown, "Ctrl+C")
    assert secret not in QApplication.clipboard().text()
    assert "***" in QApplication.clipboard().text()
    choose_in_menu(shown, tree(shown), "≠ note", "Copy &path")
    assert QApplication.clipboard().text() == "note"


def test_a_remembered_answer_is_compared_with_another_one(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    press(window, "Ctrl+Shift+D")
    assert "no answer to remember" in said(window)
    press(window, "Ctrl+Shift+M")
    assert "Nothing is remembered" in said(window)
    wire.script(json_answer({"a": 1}), json_answer({"a": 2}), json_answer({"a": 3}))
    send(window, wire, qtbot)
    press(window, "Ctrl+Shift+L")
    assert said(window).startswith("There is no earlier answer to create request-interaction")
    press(window, "Alt+9")
    assert said(window).startswith("Nothing is compared yet")
    press(window, "Ctrl+Shift+D", "Ctrl+Shift+M")
    assert said(window).startswith("Show another answer")
    send(window, wire, qtbot)
    send(window, wire, qtbot)
    press(window, "Ctrl+Shift+M")
    shown = result(qtbot)
    assert ("≠ a", "1", "3") in rows(shown)
    shown.resize(900, 500)
    press(shown, "Esc")
    back_in(window, qtbot)
    assert not shown.isVisible()
    press(window, "Alt+9")
    shown = result(qtbot)
    assert (shown.width(), shown.height()) == (900, 500)
    assert ("≠ a", "1", "3") in rows(shown)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Hold each comparison back until the gate is opened."""
    opened = threading.Event()
    monkeypatch.setattr("gms_console.comparison.compare", held_until(opened))
    yield opened
    opened.set()


def begin_to_compare(window: MainWindow, wire: WireServer, qtbot: QtBot) -> ComparisonWindow:
    """Send twice, and look at the window that compares before it has come to an end."""
    wire.script(json_answer({"a": 1}), json_answer({"a": 1, "x": 2}))
    send(window, wire, qtbot)
    send(window, wire, qtbot)
    press(window, "Ctrl+Shift+L")
    shown = active_dialog(qtbot, ComparisonWindow)
    assert window.console.comparison.busy
    return shown


def test_the_window_goes_with_the_main_window_while_it_compares(
    window: MainWindow, wire: WireServer, qtbot: QtBot, gate: threading.Event
) -> None:
    shown = begin_to_compare(window, wire, qtbot)
    gate.set()
    close_window(window, qtbot)
    assert not shown.isVisible()


def test_a_comparison_that_was_closed_goes_on_when_it_is_shown_again(
    window: MainWindow, wire: WireServer, qtbot: QtBot, gate: threading.Event
) -> None:
    shown = begin_to_compare(window, wire, qtbot)
    press(shown, "Esc")
    back_in(window, qtbot)
    gate.set()
    qtbot.waitUntil(lambda: not window.console.comparison.busy)
    assert window.console.comparison.compared is None
    press(window, "Alt+9")
    assert summary(result(qtbot)).startswith("1 difference")
