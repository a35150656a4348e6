"""What is kept: stars, notes, deletion, private mode, and a damaged database."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QToolButton,
    QTreeView,
)
from pytestqt.qtbot import QtBot

from gms_console.history import HistoryRow
from gms_console.ui.window import MainWindow
from tests.support.wire_server import WireServer, json_answer
from tests.window import history
from tests.window.conftest import OpenWindow, close_window
from tests.window.driving import (
    active_dialog,
    add_row,
    back_in,
    click,
    find,
    press,
    said,
    send,
    type_text,
)


def sent(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, folder: Path, *bodies: object
) -> MainWindow:
    """Open a window, send a create for each body of an answer, and open the history."""
    window = history.open_kept(open_window, folder, wire)
    wire.script(*[json_answer(body) for body in bodies])
    for _ in bodies:
        send(window, wire, qtbot)
    history.open_history(window, qtbot, len(bodies))
    return window


def files_with(folder: Path, text: bytes) -> list[str]:
    """Name the files that have a word in any casing: the index of the search has small letters."""
    wanted = text.lower()
    return [one.name for one in history.history_files(folder) if wanted in one.read_bytes().lower()]


def row(window: MainWindow, place: int) -> HistoryRow:
    return history.rows(window)[place]


def answer_question(window: MainWindow, qtbot: QtBot, button: str) -> None:
    box = active_dialog(qtbot, QMessageBox)
    assert "Nothing of it is left on the disk" in box.informativeText()
    click(find(box, QPushButton, button))
    back_in(window, qtbot)


def test_a_star_and_a_note_survive_a_restart_and_the_note_is_found(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    window = sent(open_window, wire, qtbot, tmp_path, {"_id": "I-1"}, {"_id": "I-2"})
    history.click_row(window, 1)
    press(window, "Ctrl+Alt+B")
    qtbot.waitUntil(lambda: row(window, 1).starred)
    press(window, "Ctrl+Shift+J")
    dialog = active_dialog(qtbot, QDialog)
    type_text(find(dialog, QPlainTextEdit, "noteEdit"), "defect 4711")
    press(dialog, "Ctrl+Return")
    back_in(window, qtbot)
    qtbot.waitUntil(lambda: row(window, 1).note == "defect 4711")
    assert find(window, QLabel, "historyDetails").text() == "defect 4711"
    close_window(window, qtbot)

    again = open_window(folder=tmp_path)
    history.open_history(again, qtbot, 2)
    assert [one.starred for one in history.rows(again)] == [False, True]
    history.search(again, "4711")
    history.wait_for_rows(again, qtbot, 1)
    assert row(again, 0).note == "defect 4711"
    history.click_row(again, 0)
    click(find(again, QToolButton, "starButton"))
    qtbot.waitUntil(lambda: not row(again, 0).starred)


def test_what_is_deleted_is_in_no_file_any_more(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    window = history.open_kept(open_window, tmp_path, wire)
    add_row(window, "name", "Esmeralda")
    wire.script(json_answer({"_id": "I-1", "answer": "Quasimodo"}), json_answer({"_id": "I-2"}))
    send(window, wire, qtbot)
    add_row(window, "name", "Frollo")
    send(window, wire, qtbot)
    history.open_history(window, qtbot, 2)
    assert files_with(tmp_path, b"Quasimodo")
    history.click_row(window, 1)
    press(window, "Delete")
    answer_question(window, qtbot, "keepRowsButton")
    assert len(history.rows(window)) == 2
    press(find(window, QTreeView, "historyList"), "Delete")
    answer_question(window, qtbot, "deleteRowsButton")
    history.wait_for_rows(window, qtbot, 1)
    assert said(window) == "Deleted 1 row of the history."
    # The row that the next key means is seen to be it.
    view = find(window, QTreeView, "historyList")
    qtbot.waitUntil(lambda: view.selectedIndexes() == [next(history.indexes(window))])
    assert view.currentIndex() == view.selectedIndexes()[0]
    assert files_with(tmp_path, b"Quasimodo") == []
    close_window(window, qtbot)
    assert files_with(tmp_path, b"Quasimodo") == []

    again = open_window(folder=tmp_path)
    history.open_history(again, qtbot, 1)
    history.search(again, "esmeralda frollo")
    history.wait_for_rows(again, qtbot, 1)
    history.search(again, "quasimodo")
    history.wait_for_rows(again, qtbot, 0)


def test_all_that_was_found_is_deleted_at_once(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    bodies = ({"_id": "I-1", "x": "red"}, {"_id": "I-2", "x": "blue"}, {"_id": "I-3", "x": "red"})
    window = sent(open_window, wire, qtbot, tmp_path, *bodies)
    history.search(window, "red")
    history.wait_for_rows(window, qtbot, 2)
    press(window, "Ctrl+P", "Ctrl+Alt+X")
    assert said(window).startswith("Open the history first (Ctrl+H)")
    assert QApplication.activeModalWidget() is None
    press(window, "Ctrl+H", "Ctrl+Alt+X")
    assert "2 rows" in active_dialog(qtbot, QMessageBox).text()
    answer_question(window, qtbot, "deleteRowsButton")
    history.wait_for_rows(window, qtbot, 0)
    history.search(window, "")
    history.wait_for_rows(window, qtbot, 1)


def test_private_mode_writes_nothing_is_seen_and_stays_on(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    window = sent(open_window, wire, qtbot, tmp_path, {"_id": "I-1", "who": "before"})
    press(window, "Ctrl+Shift+N")
    assert find(window, QToolButton, "privateMark").isVisible()
    assert find(window, QLabel, "historyPrivateLabel").isVisible()
    wire.script(json_answer({"_id": "I-2", "who": "Unseen"}))
    send(window, wire, qtbot)
    close_window(window, qtbot)
    assert files_with(tmp_path, b"Unseen") == []

    again = open_window(folder=tmp_path)
    assert find(again, QToolButton, "privateMark").isVisible()
    history.open_history(again, qtbot, 1)
    press(again, "Ctrl+Shift+N")
    assert not find(again, QToolButton, "privateMark").isVisible()
    wire.script(json_answer({"_id": "I-3", "who": "Seen"}))
    send(again, wire, qtbot)
    history.wait_for_rows(again, qtbot, 2)


def test_the_settings_are_kept_and_everything_can_be_deleted(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    window = sent(open_window, wire, qtbot, tmp_path, {"_id": "I-1"}, {"_id": "I-2"})
    press(window, "Ctrl+Alt+H")
    dialog = active_dialog(qtbot, QDialog)
    facts = find(dialog, QLabel, "historyFactsLabel")
    qtbot.waitUntil(lambda: facts.text().startswith("2 rows, "))
    find(dialog, QSpinBox, "historyDaysSpin").setValue(30)
    find(dialog, QSpinBox, "historySizeSpin").setValue(0)
    assert not find(dialog, QCheckBox, "privateBox").isChecked()
    buttons = find(dialog, QDialogButtonBox, "historySettingsButtons")
    click(buttons.button(QDialogButtonBox.StandardButton.Ok))
    back_in(window, qtbot)
    close_window(window, qtbot)

    again = open_window(folder=tmp_path)
    assert (again.console.history.settings.days, again.console.history.settings.most_bytes) == (
        30,
        0,
    )
    history.open_history(again, qtbot, 2)
    press(again, "Ctrl+Alt+H")
    dialog = active_dialog(qtbot, QDialog)
    delete = find(dialog, QPushButton, "deleteAllButton")
    qtbot.waitUntil(delete.isEnabled)
    click(delete)
    box = active_dialog(qtbot, QMessageBox)
    assert "the whole history: 2 rows" in box.text()
    click(find(box, QPushButton, "deleteRowsButton"))
    history.wait_for_rows(again, qtbot, 0)


def test_a_damaged_database_is_moved_aside_and_said_and_the_console_works(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    window = sent(open_window, wire, qtbot, tmp_path, {"_id": "I-1"})
    close_window(window, qtbot)
    database = next(one for one in history.history_files(tmp_path) if one.suffix == ".sqlite")
    database.write_bytes(b"no database at all" * 1000)
    for one in history.history_files(tmp_path):
        if one.name.startswith(f"{database.name}-"):
            one.unlink()

    again = open_window(folder=tmp_path)
    trouble = find(again, QToolButton, "historyTroubleMark")
    assert trouble.isVisible()
    assert "damaged" in trouble.toolTip()
    wire.script(json_answer({"_id": "I-2"}))
    send(again, wire, qtbot)
    assert trouble.isVisible()
    history.open_history(again, qtbot, 1)
    assert find(again, QLabel, "historyTroubleLabel").isVisible()


@pytest.mark.parametrize("what", ["a search", "a load"])
def test_closing_while_the_history_reads_ends_cleanly(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path, what: str
) -> None:
    window = sent(open_window, wire, qtbot, tmp_path, {"_id": "I-1"}, {"_id": "I-2"})
    desk = window.console.history
    if what == "a search":
        history.search(window, "I-1")
        desk.list.reload()
    else:
        window.console.session.exchanges._by_id.clear()
        desk.show(row(window, 0))
    close_window(window, qtbot)
