"""Secrets that a send needs and that are not known yet are asked for, once."""

from base64 import b64encode
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from gms_console.environments.keeper import open_keeper
from gms_console.ui.panes.environment.confirm_dialog import ConfirmDialog
from gms_console.ui.panes.environment.secrets_dialog import SecretsDialog
from gms_console.ui.window import MainWindow
from tests.support.wire_server import WireServer, json_answer
from tests.window.conftest import OpenWindow, close_window
from tests.window.driving import active_dialog, back_in, click, find, press, said, send, type_text
from tests.window.environments import on, open_on, switch, write

PASSWORD = "right-horse-7"
PHRASE = "correct battery staple"
LOGIN = "credentials: {user: gms, password: {secret: qa-password}}\n"
BASIC = f"Basic {b64encode(f'gms:{PASSWORD}'.encode()).decode()}"


def mark(window: MainWindow) -> QToolButton:
    return find(window, QToolButton, "secretsMark")


def asked(window: MainWindow, qtbot: QtBot, key: str = "Ctrl+Return") -> SecretsDialog:
    press(window, key)
    return active_dialog(qtbot, SecretsDialog)


def field(dialog: SecretsDialog, name: str = "secretEdit_qa-password") -> QLineEdit:
    return find(dialog, QLineEdit, name)


def sent(window: MainWindow, wire: WireServer, count: int, qtbot: QtBot) -> dict[str, str]:
    qtbot.waitUntil(lambda: len(wire.requests) == count and not window.console.sending)
    return dict(wire.requests[-1].headers)


def test_a_password_is_asked_for_at_the_first_send_and_then_known(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, qtbot: QtBot
) -> None:
    write(tmp_path, "qa", wire.base_url, more=LOGIN)
    window = open_on(open_window, tmp_path, "qa")
    assert mark(window).text() == "Secret not known yet"
    assert "qa-password" in mark(window).toolTip()
    dialog = asked(window, qtbot)
    assert wire.requests == []
    button = find(dialog, QPushButton, "secretsOkButton")
    assert not button.isEnabled()
    assert field(dialog).hasFocus()
    assert field(dialog).echoMode() is QLineEdit.EchoMode.Password
    assert "password of the server" in field(dialog).accessibleName()
    type_text(dialog, PASSWORD)
    press(dialog, "Return")
    back_in(window, qtbot)
    assert sent(window, wire, 1, qtbot)["Authorization"] == BASIC
    assert not mark(window).isVisible()
    assert dict(send(window, wire, qtbot).headers)["Authorization"] == BASIC
    preview = window.request_pane.wire_preview.view.toPlainText()
    assert "Authorization: Basic ***" in preview
    close_window(window, qtbot)
    assert all(PASSWORD not in one.read_text("utf-8", "replace") for one in _files(tmp_path))


def _files(folder: Path) -> list[Path]:
    return [one for one in folder.rglob("*") if one.is_file()]


def test_who_cancels_has_sent_nothing(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, qtbot: QtBot
) -> None:
    write(tmp_path, "qa", wire.base_url, more=LOGIN)
    window = open_on(open_window, tmp_path, "qa")
    press(asked(window, qtbot), "Esc")
    back_in(window, qtbot)
    assert not window.console.sending
    assert wire.requests == []
    assert mark(window).isVisible()
    click(mark(window))
    type_text(active_dialog(qtbot, SecretsDialog), PASSWORD)
    press(window, "Return")
    back_in(window, qtbot)
    assert wire.requests == []
    assert not mark(window).isVisible()


def test_the_encrypted_file_is_unlocked_once_and_takes_what_it_lacks(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, qtbot: QtBot
) -> None:
    keeper = open_keeper(tmp_path)
    keeper.choose("file")
    keeper.unlock(PHRASE)
    keeper.set("qa-password", PASSWORD)
    more = f"{LOGIN}headers: [{{name: X-Api-Key, secret: key}}]\n"
    write(tmp_path, "qa", wire.base_url, more=more)
    window = open_on(open_window, tmp_path, "qa")
    assert mark(window).text() == "2 secrets not known yet"
    dialog = asked(window, qtbot)
    assert "asked once in each start" in dialog.help_label.text()
    type_text(dialog, "wrong")
    press(dialog, "Return")
    note = find(dialog, QLabel, "secretsNoteLabel")
    qtbot.waitUntil(note.isVisible, timeout=15_000)
    assert "passphrase" in note.text().lower()
    assert field(dialog, "passphraseEdit").selectedText()
    type_text(dialog, PHRASE)
    press(dialog, "Return")
    qtbot.waitUntil(
        lambda: any(one.hasFocus() for one in dialog.findChildren(QLineEdit, "secretEdit_key")),
        timeout=15_000,
    )
    assert dialog.findChildren(QLineEdit, "secretEdit_qa-password") == []
    assert find(dialog, QCheckBox, "keepSecretsBox").isChecked()
    type_text(dialog, "k-123")
    assert find(dialog, QPushButton, "secretsOkButton").isEnabled()
    press(dialog, "Return")
    # The key of the file is derived once more, which takes its time on a machine with much to do.
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None, timeout=15_000)
    back_in(window, qtbot)
    headers = sent(window, wire, 1, qtbot)
    assert (headers["Authorization"], headers["X-Api-Key"]) == (BASIC, "k-123")
    close_window(window, qtbot)
    again = open_keeper(tmp_path)
    again.unlock(PHRASE)
    assert again.values(["key", "qa-password"]) == {"key": "k-123", "qa-password": PASSWORD}


def test_a_secret_of_an_environment_variable_is_not_asked_for(
    open_window: OpenWindow,
    tmp_path: Path,
    wire: WireServer,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GMS_CONSOLE_SECRET_QA_PASSWORD", PASSWORD)
    write(tmp_path, "qa", wire.base_url, more=LOGIN)
    window = open_on(open_window, tmp_path, base_url=wire.base_url)
    switch(window, "qa")
    on(window, "qa", qtbot)
    press(window, "Ctrl+Return")
    assert sent(window, wire, 1, qtbot)["Authorization"] == BASIC
    assert QApplication.activeModalWidget() is None


def test_secrets_come_before_the_question_of_the_guard(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, qtbot: QtBot
) -> None:
    write(tmp_path, "qa", wire.base_url, more=f"guard: confirm-first\n{LOGIN}")
    window = open_on(open_window, tmp_path, "qa")
    type_text(asked(window, qtbot), PASSWORD)
    press(window, "Return")
    dialog = active_dialog(qtbot, ConfirmDialog)
    assert wire.requests == []
    click(find(dialog, QPushButton, "confirmCreateButton"))
    back_in(window, qtbot)
    assert sent(window, wire, 1, qtbot)["Authorization"] == BASIC


def test_polls_and_cards_ask_too(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer({"status": "waiting-for-agent"}))
    write(tmp_path, "qa", wire.base_url, more=LOGIN)
    window = open_on(open_window, tmp_path, "qa")
    window.console.live.reopening.reopen("abc-1", "request-inbound-poll")
    click(find(window, QToolButton, "requestButton_status"))
    press(active_dialog(qtbot, SecretsDialog), "Esc")
    back_in(window, qtbot)
    type_text(asked(window, qtbot, "Ctrl+R"), PASSWORD)
    press(window, "Return")
    back_in(window, qtbot)
    qtbot.waitUntil(lambda: len(wire.requests) >= 2)
    assert all(dict(one.headers)["Authorization"] == BASIC for one in wire.requests)
    assert PASSWORD not in said(window)


def test_a_secret_that_no_header_can_carry_is_told_without_it(
    open_window: OpenWindow,
    tmp_path: Path,
    wire: WireServer,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GMS_CONSOLE_SECRET_KEY", "two\nlines")
    write(tmp_path, "qa", wire.base_url, more="headers: [{name: X-Api-Key, secret: key}]\n")
    window = open_on(open_window, tmp_path, "qa")
    assert "X-Api-Key" in window.console.environment_error
    press(window, "Ctrl+Return")
    assert said(window).startswith("Not sent.")
    assert "lines" not in said(window)
    assert wire.requests == []


def test_what_waits_for_a_secret_goes_to_no_other_place(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, qtbot: QtBot
) -> None:
    write(tmp_path, "qa", wire.base_url, more=LOGIN)
    write(tmp_path, "other", wire.base_url.replace("127.0.0.1", "localhost"))
    window = open_on(open_window, tmp_path, "qa")
    board = window.tools.show("site")
    qtbot.waitUntil(board.isActiveWindow)
    press(board, "Alt+6")
    type_text(find(board, QLineEdit, "numberNumberEdit"), "0604")
    press(board, "F5")
    dialog = active_dialog(qtbot, SecretsDialog)
    window.console.environments.choose("other")
    on(window, "other", qtbot)
    type_text(dialog, PASSWORD)
    press(dialog, "Return")
    note = find(board, QLabel, "numberNote")
    qtbot.waitUntil(lambda: note.text() == "The request was for qa.")
    assert said(window) == "Not sent. The request was for qa."
    assert wire.requests == []
