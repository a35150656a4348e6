"""What is taken from an answer: copies, which may be handed on, and the body in a file."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QTimer
from PySide6.QtGui import QContextMenuEvent, QTextCursor
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from gms_console.model.form import Form
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, Workspace
from tests.support.wire_server import WireServer, body_answer, cut_in_body, json_answer
from tests.window.answers import STICKY, answered, clipboard, open_view, shown_in
from tests.window.conftest import OpenWindow
from tests.window.driving import (
    active_dialog,
    add_row,
    back_in,
    click,
    find,
    press,
    retype,
    said,
    send,
)

# --- headers --------------------------------------------------------------------------------


def open_menu(view: QPlainTextEdit, line: str) -> QMenu:
    """Put the cursor into a line and press the menu key."""
    cursor = view.document().find(line)
    assert not cursor.isNull()
    cursor.clearSelection()
    view.setTextCursor(cursor)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
    QApplication.sendEvent(view, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def choose_entry(menu: QMenu, text: str) -> None:
    """Choose an entry of a menu by the keyboard."""
    texts = {one: one.text().replace("&", "") for one in menu.actions()}
    shown = [one for one, shown in texts.items() if shown == text] or [
        one for one, shown in texts.items() if shown.startswith(text)
    ]
    assert len(shown) == 1, [one.text() for one in menu.actions()]
    entries = [one for one in menu.actions() if one.isEnabled() and not one.isSeparator()]
    press(menu, *["Down"] * (entries.index(shown[0]) + 1), "Return")


def test_one_header_its_value_or_all_are_copied(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer({}, headers=(("X-One", "a: b"), ("x-one", "c"), STICKY)))
    send(window, wire, qtbot)
    shown = shown_in(window, "Headers")
    view = find(window, QPlainTextEdit, "answerHeadersView")
    choose_entry(open_menu(view, "X-One"), "Copy the header X-One")
    assert clipboard() == "X-One: a: b"
    choose_entry(open_menu(view, "X-One"), "Copy the value of X-One")
    assert clipboard() == "a: b"
    choose_entry(open_menu(view, "Set-Cookie"), "Copy the value")
    assert clipboard() == "JSESSIONID=***; Path=/genesys; HttpOnly"
    assert said(window) == "Copied the value of Set-Cookie. Secrets in it are masked."
    view.moveCursor(QTextCursor.MoveOperation.Start)
    menu = open_menu(view, "200 OK")
    assert [one.text() for one in menu.actions()] == ["Copy &all headers"], "no header there"
    choose_entry(menu, "Copy all")
    assert clipboard() == shown.replace("s3cr3t-a1.w1", "***")


# --- copying --------------------------------------------------------------------------------


def test_the_request_as_curl_has_no_password_in_it(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    form = Form.of(("language", "it's french"), ("password", "hunter22"))
    window = open_window(
        Workspace(base_url=wire.base_url, create=Draft(service="request-chat", form=form))
    )
    press(window, "Ctrl+U")
    assert said(window) == "There is no request to copy yet."
    window.console.draft.form_model.edit(form, "as it was typed")
    send(window, wire, qtbot)
    press(window, "Ctrl+U")
    command = clipboard()
    assert "curl " in command
    assert f"{wire.base_url}/genesys/1/service/request-chat" in command
    assert "french" in command
    assert "hunter22" not in command
    assert said(window).startswith("Copied the request as a curl command.")
    assert "***" in said(window)


@pytest.mark.parametrize(
    ("shell", "start"), [("cmd", 'curl ^"'), ("PowerShell", "curl.exe 'http:")]
)
def test_the_request_for_the_shells_of_windows(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, shell: str, start: str
) -> None:
    form = Form.of(("language", 'it\'s "french"'), ("a b", "100%"))
    draft = Draft(service="request-chat", form=form, body_kind="json")
    window = open_window(Workspace(base_url=wire.base_url, create=draft))
    send(window, wire, qtbot)
    choose_entry(copy_menu(window), f"The request as curl for {shell}")
    command = clipboard()
    assert start.removesuffix('^"') in command
    assert "french" in command
    assert said(window).startswith(f"Copied the request as a curl command for {shell}.")


def copy_menu(window: MainWindow) -> QMenu:
    """Open the list of what can be copied, by the keyboard."""
    find(window, QToolButton, "answerCopyMenuButton").setFocus()
    press(window, "Space")
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def test_the_whole_body_is_copied_whichever_tab_is_in_front(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    body = json.dumps({"größe": "é" * 1_500_000}, ensure_ascii=False)
    content = [("Content-Type", "application/json; charset=ISO-8859-1")]
    wire.script(body_answer(body.encode("latin-1"), headers=content))
    send(window, wire, qtbot)
    assert window.console.exchange.response.stored is not None
    open_view(window, "Headers")
    choose_entry(copy_menu(window), "The whole body")
    qtbot.waitUntil(lambda: said(window) == "Copied the body.")
    assert clipboard() == body


def test_what_the_copy_menu_has_beside_it(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer({"a": 1}))
    send(window, wire, qtbot)
    choose_entry(copy_menu(window), "What this view shows")
    assert clipboard() == '{\n  "a": 1\n}'
    choose_entry(copy_menu(window), "The request as curl")
    assert "curl " in clipboard()


def test_a_body_that_is_too_large_to_paste_is_not_copied(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(body_answer(b"x" * (17 * 1024 * 1024)))
    send(window, wire, qtbot)
    QApplication.clipboard().setText("before")
    choose_entry(copy_menu(window), "The whole body")
    assert said(window) == "The body has 17.0 MiB, too much to copy. Save it instead."
    assert clipboard() == "before"


def test_a_secret_that_the_server_echoes_is_masked_in_the_copied_body(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    add_row(window, "password", "hunter22")
    wire.script(json_answer({"echo": "it was hunter22"}))
    send(window, wire, qtbot)
    choose_entry(copy_menu(window), "The whole body")
    qtbot.waitUntil(lambda: said(window) == "Copied the body. Secrets in it are masked.")
    assert clipboard() == '{"echo": "it was ***"}'


def test_answers_are_compared_from_the_menu_of_the_head(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer({"a": 1}), json_answer({"a": 2}))
    send(window, wire, qtbot)
    menu = copy_menu(window)
    assert [one.text() for one in menu.actions() if not one.isEnabled()] == [
        "Compare with the &remembered one"
    ]
    choose_entry(menu, "Remember for comparison")
    first = window.console.exchange
    assert window.console.comparison.remembered is first
    send(window, wire, qtbot)
    choose_entry(copy_menu(window), "Compare with the one before")
    pair = window.console.comparison.pair
    assert (pair.left, pair.right) == (first, window.console.exchange)
    qtbot.waitUntil(lambda: not window.console.comparison.busy)


@pytest.mark.parametrize("tab", ["Pretty", "Raw", "Headers"])
def test_copy_takes_the_view_in_front(
    window: MainWindow, wire: WireServer, qtbot: QtBot, tab: str
) -> None:
    answered(window, wire, qtbot, json_answer('{"a":1}'))
    shown = shown_in(window, tab)
    click(window.answer_pane.copy_button)
    assert clipboard() == shown


# --- saving ---------------------------------------------------------------------------------


def save_as(window: MainWindow, qtbot: QtBot, name: str) -> None:
    press(window, "Ctrl+Shift+S")
    dialog = active_dialog(qtbot, QFileDialog)
    retype(find(dialog, QLineEdit, "fileNameEdit"), name, "Return")
    back_in(window, qtbot)


def test_the_whole_answer_is_saved_byte_for_byte(
    window: MainWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    body = b"\xff\x00\r\n" + b"y" * 1_000_000
    answered(window, wire, qtbot, body_answer(body))
    file = tmp_path / "saved.bin"
    save_as(window, qtbot, str(file))
    qtbot.waitUntil(lambda: said(window) == f"Saved {len(body):,} bytes to {file}")
    assert file.read_bytes() == body


def test_a_save_that_fails_is_said(
    window: MainWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    answered(window, wire, qtbot, json_answer({}))
    press(window, "Ctrl+Shift+S")
    dialog = active_dialog(qtbot, QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "gone in the meantime" / "x.json"))
    dialog.reject()
    qtbot.waitUntil(lambda: said(window).startswith("Save failed: "))
    assert "gone in the meantime" in said(window)


def test_a_file_is_overwritten_only_when_that_is_wanted(
    window: MainWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    answered(window, wire, qtbot, json_answer({"new": 1}))
    file = tmp_path / "old.json"
    file.write_text("old")
    asked: list[str] = []
    answering = QTimer(interval=10)

    def answer() -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            asked.append(box.text())
            wanted = QMessageBox.StandardButton.Yes if asked[1:] else QMessageBox.StandardButton.No
            click(box.button(wanted))

    answering.timeout.connect(answer)
    answering.start()
    press(window, "Ctrl+Shift+S")
    dialog = active_dialog(qtbot, QFileDialog)
    retype(find(dialog, QLineEdit, "fileNameEdit"), str(file), "Return")
    assert len(asked) == 1
    assert "old.json" in asked[0]
    assert file.read_text() == "old"
    press(dialog, "Return")
    back_in(window, qtbot)
    answering.stop()
    qtbot.waitUntil(lambda: said(window).startswith("Saved "))
    assert file.read_text() == '{"new": 1}'


def test_without_an_answer_there_is_nothing_to_save(window: MainWindow) -> None:
    press(window, "Ctrl+Shift+S")
    assert said(window) == "There is no answer to save."
    assert not window.answer_pane.save_button.isEnabled()


def test_what_came_of_a_cut_answer_can_be_saved(
    window: MainWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    answered(window, wire, qtbot, cut_in_body(b'{"_id": "', 100))
    assert shown_in(window, "Raw") == '{"_id": "'
    file = tmp_path / "part.json"
    save_as(window, qtbot, str(file))
    qtbot.waitUntil(file.exists)
    qtbot.waitUntil(lambda: said(window).startswith("Saved 9 bytes"))
    assert file.read_bytes() == b'{"_id": "'
