"""The settings of environments and their files: made, changed, copied, deleted."""

from pathlib import Path

from PySide6.QtWidgets import (
    QAbstractButton,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from gms_console.ui.panes.environment.settings_dialog import SettingsDialog
from gms_console.ui.window import MainWindow
from tests.support.wire_server import WireServer, json_answer
from tests.window.conftest import OpenWindow
from tests.window.driving import (
    active_dialog,
    click,
    find,
    press,
    retype,
    send,
    type_text,
)
from tests.window.environments import on, open_on, switch, write
from tests.window.settings import (
    CONNECTION,
    CREDENTIALS,
    SECRET,
    TEAM,
    Chain,
    choose_entry,
    close,
    fill,
    leave,
    line,
    listed,
    open_settings,
    push,
    question,
    save,
    state,
    tab,
)


def test_the_first_environment_is_made_by_the_keyboard_and_used(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, chain: Chain, qtbot: QtBot
) -> None:
    wire.script(json_answer({"_id": "I-1"}))
    window = open_on(open_window, tmp_path, base_url="http://127.0.0.1:9")
    dialog = open_settings(window, qtbot)
    press(dialog, "Ctrl+N")
    assert listed(dialog) == ["environment  ●"]
    type_text(dialog, "local")
    press(dialog, "Tab", "Tab", "Space")  # past "No colour" to green
    click(line(dialog, "node1UrlEdit"))
    press(line(dialog, "node1UrlEdit"), "Ctrl+A")
    type_text(dialog, wire.base_url)
    press(dialog, "Alt+C", "Alt+E")
    type_text(dialog, "admin")
    press(dialog, "Alt+P")
    type_text(dialog, SECRET)
    press(dialog, "Ctrl+S")
    file = tmp_path / "environments" / "local.yaml"
    qtbot.waitUntil(lambda: chain.kept == {"local-password": SECRET})
    assert file.read_text("utf-8") == (
        "gms: 1\n"
        "name: local\n"
        "colour: green\n"
        "nodes:\n"
        "  - name: node1\n"
        f"    url: {wire.base_url}\n"
        "credentials:\n"
        "  user: admin\n"
        "  password: {secret: local-password}\n"
    )
    qtbot.waitUntil(lambda: listed(dialog) == ["local"])
    close(dialog, window, qtbot)
    switch(window, "local")
    on(window, "local", qtbot)
    assert send(window, wire, qtbot).values("authorization") == ["Basic YWRtaW46czNjcmV0Ky8mPGI+"]


def test_a_change_leaves_the_rest_of_the_file_as_it_is(
    dialog: SettingsDialog, window: MainWindow, qtbot: QtBot, team: Path
) -> None:
    fill(dialog, "node2UrlEdit", "http://localhost:10")
    assert listed(dialog) == ["qa  ●"]
    choose_entry(dialog, "guardCombo", "Read-only")
    tab(dialog, CONNECTION)
    fill(dialog, "readTimeoutEdit", "500 ms")
    save(dialog, qtbot)
    before = TEAM.format(url="http://localhost:8080")
    assert team.read_text("utf-8") == before.replace("confirm-first", "read-only").replace(
        '"http://localhost:9"', "http://localhost:10"
    ).replace("credentials:", "timeouts:\n  read: 500ms\ncredentials:")
    assert listed(dialog) == ["qa"]
    assert not find(dialog, QPushButton, "saveButton").isEnabled()
    close(dialog, window, qtbot)


def test_nodes_are_added_moved_and_removed(
    dialog: SettingsDialog, window: MainWindow, qtbot: QtBot, team: Path
) -> None:
    click(find(dialog, QToolButton, "nodesTableAdd"))
    type_text(dialog, "node3")
    press(dialog, "Tab")
    type_text(dialog, "http://localhost:11")
    press(dialog, "Tab", "Tab", "Space", "Space")  # up, twice: the focus goes along
    assert [line(dialog, f"node{n}NameEdit").text() for n in (1, 2, 3)] == [
        "node3",
        "node1",
        "node2",
    ]
    press(dialog, "Tab")  # from Move down, where Move up ended, to Remove
    click(next(b for b in buttons(dialog) if b.accessibleName() == "Remove node 3"))
    save(dialog, qtbot)
    text = team.read_text("utf-8")
    assert text.index("node3") < text.index("# the old one") < text.index("node1")
    assert "node2" not in text
    assert [one.name for one in window.console.environments.profiles[0].profile.nodes] == [
        "node3",
        "node1",
    ]
    close(dialog, window, qtbot)


def buttons(dialog: SettingsDialog) -> list[QAbstractButton]:
    return [one for one in dialog.findChildren(QAbstractButton) if one.isVisible()]


def test_another_name_moves_the_file_and_the_window_follows(
    open_window: OpenWindow, tmp_path: Path, team: Path, qtbot: QtBot
) -> None:
    window = open_on(open_window, tmp_path, "qa")
    on(window, "qa (node1)", qtbot)
    dialog = open_settings(window, qtbot, "qa")
    fill(dialog, "environmentNameEdit", "staging")
    save(dialog, qtbot)
    assert [one.name for one in team.parent.iterdir()] == ["staging.yaml"]
    on(window, "staging (node1)", qtbot)
    close(dialog, window, qtbot)


def test_a_copy_keeps_the_comments_and_the_password_of_the_first(
    chain: Chain, dialog: SettingsDialog, window: MainWindow, qtbot: QtBot, team: Path
) -> None:
    chain.kept["qa-password"] = "first"
    press(dialog, "Ctrl+D")
    qtbot.waitUntil(lambda: listed(dialog) == ["qa", "qa copy"])
    qtbot.waitUntil(lambda: line(dialog, "environmentNameEdit").text() == "qa copy")
    copy = team.parent / "qa copy.yaml"
    assert copy.read_text("utf-8") == team.read_text("utf-8").replace(
        "name: qa\n", "name: qa copy\n"
    )
    tab(dialog, CREDENTIALS)
    qtbot.waitUntil(lambda: "shared with qa" in state(dialog, "passwordEdit"))
    fill(dialog, "passwordEdit", "second")
    assert "qa keeps the present one" in state(dialog, "passwordEdit")
    save(dialog, qtbot)
    assert chain.kept == {"qa-password": "first", "qa-copy-password": "second"}
    assert "secret: qa-copy-password" in copy.read_text("utf-8")
    assert "secret: qa-password" in team.read_text("utf-8")
    close(dialog, window, qtbot)


def test_deleting_asks_and_forgets_what_nobody_else_needs(
    open_window: OpenWindow, tmp_path: Path, chain: Chain, team: Path, qtbot: QtBot
) -> None:
    chain.kept.update({"qa-password": "p", "corp-proxy": "q"})
    shared = "proxy: {mode: explicit, url: 'http://p:1', password: {secret: corp-proxy}}\n"
    team.write_text(team.read_text("utf-8") + shared, "utf-8")
    write(tmp_path, "live", "http://localhost:1", more=shared)
    window = open_on(open_window, tmp_path, base_url="http://127.0.0.1:9")
    dialog = open_settings(window, qtbot, "qa")
    push(dialog, "deleteEnvironmentButton")
    press(active_dialog(qtbot, QMessageBox), "Esc")
    assert team.exists()
    push(dialog, "deleteEnvironmentButton")
    question(qtbot, "confirmDeleteButton")
    qtbot.waitUntil(lambda: listed(dialog) == ["live"])
    assert not team.exists()
    qtbot.waitUntil(lambda: chain.kept == {"corp-proxy": "q"})
    close(dialog, window, qtbot)


def test_a_file_that_changed_meanwhile_is_reloaded_or_overwritten(
    dialog: SettingsDialog, window: MainWindow, qtbot: QtBot, team: Path
) -> None:
    trouble = find(dialog, QLabel, "settingsTroubleLabel")
    fill(dialog, "gmsUserEdit", "mine")
    theirs = team.read_text("utf-8").replace("node1", "nodeA")
    team.write_text(theirs, "utf-8")
    push(dialog, "saveButton")
    qtbot.waitUntil(trouble.isVisible)
    assert "qa.yaml" in trouble.text()
    assert "since" in trouble.text()
    assert team.read_text("utf-8") == theirs
    assert line(dialog, "gmsUserEdit").text() == "mine"
    qtbot.waitUntil(lambda: "nodeA" in str(window.console.environments.profiles))
    push(dialog, "reloadButton")
    assert line(dialog, "gmsUserEdit").text() == ""
    assert line(dialog, "node1NameEdit").text() == "nodeA"
    assert not trouble.isVisible()

    fill(dialog, "gmsUserEdit", "mine")
    team.write_text(theirs.replace("nodeA", "nodeB"), "utf-8")
    qtbot.waitUntil(trouble.isVisible)  # told as soon as the change is seen
    push(dialog, "overwriteButton")
    qtbot.waitUntil(lambda: "gms_user: mine" in team.read_text("utf-8"))
    assert "name: nodeA" in team.read_text("utf-8")
    assert "# since March" in team.read_text("utf-8")
    qtbot.waitUntil(lambda: not dialog.editor.dirty)
    close(dialog, window, qtbot)


def test_another_folder_is_chosen_and_broken_files_are_named(
    dialog: SettingsDialog, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    shared = tmp_path / "checkout"
    shared.mkdir()
    (shared / "team.yaml").write_text("gms: 1\nname: team\nnodes: [{name: a, url: 'http://a'}]\n")
    (shared / "bad.yaml").write_text("gms: 1\nname: bad\nnodes: [{name: a, url: 'ftp://a'}]\n")
    push(dialog, "chooseFolderButton")
    chooser = active_dialog(qtbot, QFileDialog)
    retype(find(chooser, QLineEdit, "fileNameEdit"), str(shared), "Return")
    qtbot.waitUntil(lambda: listed(dialog) == ["team"])
    view = find(dialog, QPlainTextEdit, "environmentMistakes")
    qtbot.waitUntil(view.isVisible)
    assert view.toPlainText().startswith("bad.yaml, line 3")
    assert "ftp" in view.toPlainText()
    assert find(dialog, QLabel, "environmentFolder").text() == str(shared)
    push(dialog, "usualFolderButton")
    qtbot.waitUntil(lambda: listed(dialog) == ["qa"])
    assert not view.isVisible()
    close(dialog, window, qtbot)


def test_a_file_that_no_field_can_show_is_left_alone(
    window: MainWindow, qtbot: QtBot, team: Path
) -> None:
    team.write_text(team.read_text("utf-8") + 'gms_user: "a"\nvariables: {x: "\\ud800"}\n', "utf-8")
    qtbot.waitUntil(lambda: "ud800" in repr(window.console.environments.profiles))
    dialog = open_settings(window, qtbot, "qa")
    assert "no field can show" in find(dialog, QLabel, "settingsTroubleLabel").text()
    fill(dialog, "gmsUserEdit", "b")
    assert not find(dialog, QPushButton, "saveButton").isEnabled()
    leave(dialog, window, qtbot)
