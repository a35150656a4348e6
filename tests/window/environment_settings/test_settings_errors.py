"""Errors beside their fields, and changes that are not saved."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QMessageBox,
    QPushButton,
    QTabWidget,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from gms_console.ui.panes.environment.settings_dialog import SettingsDialog
from gms_console.ui.window import MainWindow
from tests.window.conftest import OpenWindow
from tests.window.driving import (
    active_dialog,
    click,
    find,
    press,
)
from tests.window.environments import open_on, write
from tests.window.settings import (
    CONNECTION,
    HEADERS,
    TLS,
    choose_environment,
    close,
    errors,
    fill,
    leave,
    line,
    listed,
    open_settings,
    push,
    question,
    tab,
)


def test_each_error_stands_beside_its_field_and_nothing_wrong_is_saved(
    dialog: SettingsDialog, window: MainWindow, qtbot: QtBot, team: Path
) -> None:
    before = team.read_bytes()
    save_button = find(dialog, QPushButton, "saveButton")
    fill(dialog, "environmentNameEdit", "a/b")
    fill(dialog, "node2NameEdit", "node1")
    fill(dialog, "node2UrlEdit", "ftp://x")
    fill(dialog, "colourEdit", "beige")
    found = errors(dialog)
    assert "leave out / \\" in found[0]
    assert "'beige' is none of green" in found[1]
    assert found[2] == "node1 is there twice. The scheme 'ftp' is not http or https."
    for title, field, text, why in (
        (HEADERS, "", "", "The name of the header is needed."),
        (CONNECTION, "readTimeoutEdit", "soon", "Is not a duration such as 15s"),
        (CONNECTION, "totalTimeoutEdit", "0", "Must be more than 0"),
        (CONNECTION, "maxBodyEdit", "7", "Must be from 1 KiB to 2 GiB"),
        (TLS, "clientKeyEdit", "key.pem", "A key without its certificate"),
    ):
        tab(dialog, title)
        if field:
            fill(dialog, field, text)
        else:
            click(find(dialog, QToolButton, "headersTableAdd"))
            fill(dialog, "header1ValueEdit", "x")
        assert any(one.startswith(why) for one in errors(dialog)), (why, errors(dialog))
        assert not save_button.isEnabled()
    tabs = find(dialog, QTabWidget, "environmentSections")
    assert [tabs.tabText(n).startswith("▲ ") for n in range(5)] == [True, True, False, True, True]

    push(dialog, "errorsButton")
    here = QApplication.focusWidget()
    assert here is line(dialog, "environmentNameEdit")
    assert here.accessibleDescription().startswith("Name cannot be a file's name")
    press(dialog, "Ctrl+S")
    assert team.read_bytes() == before
    leave(dialog, window, qtbot)


def test_what_is_not_saved_is_asked_about(
    open_window: OpenWindow, tmp_path: Path, team: Path, qtbot: QtBot
) -> None:
    write(tmp_path, "live", "http://localhost:1")
    window = open_on(open_window, tmp_path, base_url="http://127.0.0.1:9")
    dialog = open_settings(window, qtbot, "qa")
    fill(dialog, "gmsUserEdit", "mine")
    choose_environment(dialog, "live")
    question(qtbot, "questionKeepButton")
    assert listed(dialog) == ["live", "qa  ●"]
    assert line(dialog, "gmsUserEdit").text() == "mine"
    choose_environment(dialog, "live")
    question(qtbot, "questionSaveButton")
    qtbot.waitUntil(lambda: line(dialog, "environmentNameEdit").text() == "live")
    assert "gms_user: mine" in team.read_text("utf-8")
    assert listed(dialog) == ["live", "qa"]

    fill(dialog, "gmsUserEdit", "other")
    press(line(dialog, "gmsUserEdit"), "Ctrl+Z")  # as Qt undoes it
    qtbot.waitUntil(lambda: line(dialog, "gmsUserEdit").text() != "other")
    fill(dialog, "gmsUserEdit", "other")
    press(dialog, "Esc")
    press(active_dialog(qtbot, QMessageBox), "Esc")
    assert dialog.isVisible()
    leave(dialog, window, qtbot)
    assert "other" not in (team.parent / "live.yaml").read_text("utf-8")


def test_enter_saves_from_the_save_button_alone(
    dialog: SettingsDialog, window: MainWindow, qtbot: QtBot, team: Path
) -> None:
    fill(dialog, "gmsUserEdit", "mine")
    press(dialog, "Return")
    assert dialog.isVisible()
    assert "mine" not in team.read_text("utf-8")
    find(dialog, QPushButton, "saveButton").setFocus(Qt.FocusReason.TabFocusReason)
    press(dialog, "Return")
    qtbot.waitUntil(lambda: "gms_user: mine" in team.read_text("utf-8"))
    qtbot.waitUntil(lambda: not dialog.editor.dirty)
    close(dialog, window, qtbot)
