"""What is not counted as a difference: chosen in the menu, typed as lines, kept per service."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from gms_console.ui.panes.comparison.rules_dialog import RulesDialog
from gms_console.ui.window import MainWindow
from gms_console.workspace import load_workspace
from tests.support.wire_server import WireServer, json_answer
from tests.window import history
from tests.window.comparisons import (
    LEFT,
    RIGHT,
    choose_in_menu,
    compare,
    rows,
    show_all,
    summary,
    to_front,
    tree,
)
from tests.window.conftest import OpenWindow, close_window
from tests.window.driving import (
    active_dialog,
    back_in,
    click,
    find,
    press,
)


@pytest.fixture
def kept(open_window: OpenWindow, wire: WireServer, tmp_path: Path) -> MainWindow:
    """A window that keeps what it knows in a folder."""
    return history.open_kept(open_window, tmp_path, wire)


def paste(edit: QPlainTextEdit, text: str) -> None:
    """Put a text with line breaks in the place of all that stands there."""
    QApplication.clipboard().setText(text)
    click(edit)
    press(edit, "Ctrl+A", "Ctrl+V")


def test_a_rule_of_a_service_hides_a_difference_and_outlasts_the_start(
    open_window: OpenWindow, kept: MainWindow, wire: WireServer, tmp_path: Path, qtbot: QtBot
) -> None:
    shown = compare(kept, wire, qtbot, json_answer(LEFT), json_answer(RIGHT))
    choose_in_menu(shown, tree(shown), "≠ at", "Ignore “agents[*].at” at this place")
    qtbot.waitUntil(lambda: summary(shown) == "2 differences, 3 ignored")
    choose_in_menu(shown, tree(shown), "≠ queue", "Ignore “queue” wherever it is")
    qtbot.waitUntil(lambda: summary(shown) == "1 difference, 4 ignored")
    assert [key for key, _, _ in rows(shown)] == ["≠ (answer)", "+ vip"]
    close_window(kept, qtbot)
    assert "queue" in load_workspace(tmp_path).ignore_rules["request-interaction"]
    again = open_window(folder=tmp_path)
    shown = compare(again, wire, qtbot, json_answer(LEFT), json_answer(RIGHT))
    assert summary(shown) == "1 difference, 4 ignored"
    show_all(shown, qtbot)
    choose_in_menu(shown, tree(shown), "○ queue", "Count “queue” again")
    qtbot.waitUntil(lambda: summary(shown) == "2 differences, 3 ignored")


def test_rules_are_those_of_a_service_alone(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    shown = compare(window, wire, qtbot, json_answer(LEFT), json_answer(RIGHT))
    choose_in_menu(shown, tree(shown), "≠ queue", "Ignore “queue” wherever it is")
    qtbot.waitUntil(lambda: summary(shown).startswith("2 differences"))
    press(shown, "Esc")
    back_in(window, qtbot)
    window.console.services.choose("request-chat")
    shown = compare(window, wire, qtbot, json_answer(LEFT), json_answer(RIGHT))
    assert summary(shown).startswith("3 differences")


def test_rules_are_edited_as_lines_with_errors_in_place(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    shown = compare(window, wire, qtbot, json_answer(LEFT), json_answer(RIGHT))
    press(shown, "Alt+I")
    dialog = active_dialog(qtbot, RulesDialog)
    edit = find(dialog, QPlainTextEdit, "comparisonRulesEdit")
    before = edit.toPlainText()
    assert "_id" in before.split("\n")
    assert "header: date" in before.split("\n")
    paste(edit, "queue\nagents[0].at")
    error = find(dialog, QLabel, "comparisonRulesError")
    assert error.text().startswith("Line 2: ")
    ok = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok)
    assert not ok.isEnabled()
    paste(edit, "queue\nagents[*].at\nvip")
    assert error.text() == ""
    click(ok)
    qtbot.waitUntil(lambda: summary(shown) == "2 differences, 3 ignored")  # _id, Content-Length
    to_front(shown, qtbot)
    press(shown, "Alt+I")
    click(find(active_dialog(qtbot, RulesDialog), QPushButton, "comparisonRulesReset"))
    press(active_dialog(qtbot, RulesDialog), "Tab", "Tab")
    click(active_dialog(qtbot, RulesDialog).buttons.button(QDialogButtonBox.StandardButton.Ok))
    qtbot.waitUntil(lambda: summary(shown) == "3 differences, 2 ignored")
    assert window.console.comparison.kept_rules == {}
