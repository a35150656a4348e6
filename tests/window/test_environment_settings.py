"""The settings of environments: what is typed, what the file and the keychain have after it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QTabWidget,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gms_console.ui.panes.environment.settings_dialog import SettingsDialog
from gms_console.ui.window import MainWindow
from tests.support.wire_server import WireServer, json_answer
from tests.window.conftest import OpenWindow, close_window
from tests.window.driving import (
    active_dialog,
    back_in,
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
    GENERAL,
    HEADERS,
    TABS,
    TEAM,
    TLS,
    Chain,
    check,
    choose_entry,
    choose_environment,
    close,
    errors,
    fill,
    keychain,
    line,
    listed,
    open_settings,
    push,
    save,
    state,
    tab,
    team_file,
)
from tests.window.test_accessibility import is_control, part_of_a_control

SECRET = "s3cret+/&<b>"


@pytest.fixture
def chain() -> Iterator[Chain]:
    with keychain() as made:
        yield made


@pytest.fixture
def team(tmp_path: Path) -> Path:
    return team_file(tmp_path)


@pytest.fixture
def window(open_window: OpenWindow, tmp_path: Path, team: Path) -> MainWindow:
    """A window beside the team's environment, which it does not use."""
    return open_on(open_window, tmp_path, base_url="http://127.0.0.1:9")


@pytest.fixture
def dialog(window: MainWindow, qtbot: QtBot) -> SettingsDialog:
    return open_settings(window, qtbot, "qa")


def question(qtbot: QtBot, button: str) -> None:
    """Answer the question that is open."""
    box = active_dialog(qtbot, QMessageBox)
    push(box, button)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not box)


def leave(dialog: SettingsDialog, window: MainWindow, qtbot: QtBot) -> None:
    """Close the dialog and drop what is not saved."""
    press(dialog, "Esc")
    question(qtbot, "questionDiscardButton")
    back_in(window, qtbot)


# --- files ----------------------------------------------------------------------------------


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


# --- errors and unsaved changes --------------------------------------------------------------


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


# --- secrets --------------------------------------------------------------------------------


def test_a_password_is_shown_forgotten_and_removed_only_when_asked(
    chain: Chain, window: MainWindow, qtbot: QtBot, team: Path
) -> None:
    chain.kept["qa-password"] = SECRET
    dialog = open_settings(window, qtbot, "qa")
    tab(dialog, CREDENTIALS)
    edit = line(dialog, "passwordEdit")
    qtbot.waitUntil(lambda: state(dialog, "passwordEdit").startswith("Stored in the keychain"))
    assert edit.text() == ""
    assert SECRET not in everything_shown(dialog)

    show = find(dialog, QToolButton, "passwordEditShow")
    click(show)
    qtbot.waitUntil(lambda: edit.text() == SECRET)
    assert edit.echoMode() is QLineEdit.EchoMode.Normal
    assert listed(dialog) == ["qa"]  # to look is no change
    click(show)
    assert edit.text() == ""
    assert edit.echoMode() is QLineEdit.EchoMode.Password

    push(dialog, "passwordEditForget")
    assert listed(dialog) == ["qa  ●"]
    assert chain.kept == {"qa-password": SECRET}
    save(dialog, qtbot)
    qtbot.waitUntil(lambda: chain.kept == {})
    assert "secret: qa-password" in team.read_text("utf-8")
    qtbot.waitUntil(lambda: "is not known yet" in state(dialog, "passwordEdit"))

    fill(dialog, "passwordEdit", SECRET)
    press(edit, "Ctrl+A", "Ctrl+C")
    assert SECRET not in QApplication.clipboard().text()
    assert SECRET not in everything_shown(dialog)
    save(dialog, qtbot)
    assert chain.kept == {"qa-password": SECRET}
    assert edit.text() == ""
    push(dialog, "passwordEditRemove")
    save(dialog, qtbot)
    assert chain.kept == {}
    assert "secret" not in team.read_text("utf-8")
    close(dialog, window, qtbot)


def everything_shown(dialog: SettingsDialog) -> str:
    """Give all words of the dialog but those of its fields."""
    parts = [dialog.windowTitle()]
    for one in dialog.findChildren(QWidget):
        parts += [one.toolTip(), one.accessibleName(), one.accessibleDescription()]
        if isinstance(one, (QLabel, QAbstractButton)):
            parts.append(one.text())
        if isinstance(one, QLineEdit):
            parts += [one.placeholderText(), one.displayText()]
    return "\n".join(parts)


def test_a_header_that_carries_a_credential_is_a_secret_at_once(
    chain: Chain, window: MainWindow, qtbot: QtBot, team: Path
) -> None:
    dialog = open_settings(window, qtbot, "qa")
    tab(dialog, HEADERS)
    click(find(dialog, QToolButton, "headersTableAdd"))
    press(dialog, "Tab")
    type_text(dialog, SECRET)
    assert line(dialog, "header1ValueEdit").text() == SECRET
    fill(dialog, "header1NameEdit", "X-Api-Key")
    assert not line(dialog, "header1ValueEdit").isVisible()
    assert line(dialog, "header1ValueEdit").text() == ""
    assert line(dialog, "header1SecretEdit").echoMode() is QLineEdit.EchoMode.Password
    row = dialog.headers.headers.rows[0]
    words = "\n".join(one.text() for one in row.findChildren(QLabel))
    assert "goes to the keychain of this system" in words

    click(find(dialog, QToolButton, "headersTableAdd"))
    type_text(dialog, "X-Site")
    press(dialog, "Tab")
    type_text(dialog, "berlin")
    click(find(dialog, QToolButton, "variablesTableAdd"))
    type_text(dialog, "phone")
    press(dialog, "Tab")
    type_text(dialog, "+49 30: #1")
    save(dialog, qtbot)
    assert chain.kept == {"qa-x-api-key": SECRET}
    profile = window.console.environments.profiles[0].profile
    assert [(one.name, one.value, one.secret) for one in profile.headers] == [
        ("X-Api-Key", None, "qa-x-api-key"),
        ("X-Site", "berlin", None),
    ]
    assert profile.variables == {"phone": "+49 30: #1"}
    assert SECRET not in team.read_text("utf-8")

    check(dialog, "header2SecretCheck")
    assert line(dialog, "header2SecretEdit").text() == "berlin"
    check(dialog, "header2SecretCheck")
    assert line(dialog, "header2ValueEdit").text() == "berlin"
    assert not dialog.editor.dirty
    close(dialog, window, qtbot)


def test_the_pair_of_a_service_is_said_in_a_sentence(
    chain: Chain, window: MainWindow, qtbot: QtBot, team: Path
) -> None:
    dialog = open_settings(window, qtbot, "qa")
    tab(dialog, CREDENTIALS)
    click(find(dialog, QToolButton, "servicesTableAdd"))
    type_text(dialog, "request-chat")
    pair = find(dialog, QLabel, "service1Pair")
    assert pair.text() == "request-chat: user admin of the server, password of the server"
    fill(dialog, "service1UserEdit", "chat")
    assert pair.text() == "request-chat: user chat, password of the server"
    fill(dialog, "service1PasswordEdit", SECRET)
    assert pair.text() == "request-chat: user chat, its own password"
    fill(dialog, "bearerEdit", "t0ken")
    assert pair.text().endswith("but the bearer token goes before")
    save(dialog, qtbot)
    assert chain.kept == {"qa-request-chat-password": SECRET, "qa-bearer": "t0ken"}
    own = window.console.environments.profiles[0].profile.credentials
    assert own.services["request-chat"].user == "chat"
    assert own.services["request-chat"].password is not None
    close(dialog, window, qtbot)


def test_the_encrypted_file_is_made_and_unlocked_again(
    open_window: OpenWindow, tmp_path: Path, window: MainWindow, team: Path, qtbot: QtBot
) -> None:
    dialog = open_settings(window, qtbot, "qa")
    qtbot.waitUntil(lambda: "forgotten at the end" in note(dialog))
    combo = find(dialog, QComboBox, "secretStoreCombo")
    combo.setFocus(Qt.FocusReason.TabFocusReason)
    press(combo, "Down")
    press(combo.view(), "Up")  # from the last entry; the first one cannot be chosen
    assert combo.view().currentIndex().data() == "Encrypted file"
    press(combo.view(), "Return")
    qtbot.waitUntil(lambda: "chooses the passphrase" in note(dialog))
    tab(dialog, CREDENTIALS)
    fill(dialog, "passwordEdit", SECRET)
    push(dialog, "saveButton")
    trouble = find(dialog, QLabel, "settingsTroubleLabel")
    qtbot.waitUntil(lambda: "unlock the encrypted file" in trouble.text())
    fill(dialog, "storePassphraseEdit", "open sesame")
    press(dialog, "Return")
    qtbot.waitUntil(lambda: note(dialog).startswith("Kept in"))
    save(dialog, qtbot)
    assert SECRET.encode() not in b"".join(
        one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()
    )
    close(dialog, window, qtbot)
    close_window(window, qtbot)

    again = open_on(open_window, tmp_path, base_url="http://127.0.0.1:9")
    dialog = open_settings(again, qtbot, "qa")
    tab(dialog, CREDENTIALS)
    qtbot.waitUntil(lambda: "which is locked" in state(dialog, "passwordEdit"))
    fill(dialog, "storePassphraseEdit", "wrong")
    push(dialog, "unlockButton")
    qtbot.waitUntil(lambda: "passphrase" in note(dialog) and "needs" not in note(dialog))
    fill(dialog, "storePassphraseEdit", "open sesame")
    push(dialog, "unlockButton")
    qtbot.waitUntil(lambda: state(dialog, "passwordEdit").startswith("Stored in"))
    click(find(dialog, QToolButton, "passwordEditShow"))
    qtbot.waitUntil(lambda: line(dialog, "passwordEdit").text() == SECRET)
    close(dialog, again, qtbot)


def note(dialog: SettingsDialog) -> str:
    return find(dialog, QLabel, "secretStoreNote").text()


# --- proxy and TLS ----------------------------------------------------------------------------


def test_proxy_and_tls_are_set_with_paths_beside_the_file(
    chain: Chain, window: MainWindow, qtbot: QtBot, team: Path
) -> None:
    certificate = team.parent / "certs" / "client.pem"
    certificate.parent.mkdir()
    certificate.write_text("PEM")
    dialog = open_settings(window, qtbot, "qa")
    tab(dialog, CONNECTION)
    assert not line(dialog, "proxyUrlEdit").isEnabled()
    choose_entry(dialog, "proxyModeCombo", "This one")
    assert errors(dialog) == ["An explicit proxy needs its url, such as http://proxy:3128."]
    fill(dialog, "proxyUrlEdit", "http://proxy.example.test:3128")
    fill(dialog, "proxyUserEdit", "me")
    fill(dialog, "proxyPasswordEdit", SECRET)
    tab(dialog, TLS)
    warning = find(dialog, QLabel, "verifyTlsNote")
    assert warning.property("role") == "muted"
    check(dialog, "verifyTlsCheck")
    assert warning.text().startswith("▲ Off: anyone on the way can read")
    fill(dialog, "caFileEdit", "ca.pem")
    notes = [one.text() for one in dialog.tls.findChildren(QLabel) if one.isVisible()]
    assert f"There is no file {team.parent / 'ca.pem'}" in notes
    push(dialog, "clientCertificateEditChoose")
    chooser = active_dialog(qtbot, QFileDialog)
    retype(find(chooser, QLineEdit, "fileNameEdit"), str(certificate), "Return")
    qtbot.waitUntil(lambda: line(dialog, "clientCertificateEdit").text() == "certs/client.pem")
    save(dialog, qtbot)
    assert chain.kept == {"qa-proxy-password": SECRET}
    assert team.read_text("utf-8").endswith(
        "proxy:\n"
        "  mode: explicit\n"
        "  url: http://proxy.example.test:3128\n"
        "  user: me\n"
        "  password: {secret: qa-proxy-password}\n"
        "tls:\n"
        "  verify: false\n"
        "  ca_file: ca.pem\n"
        "  certificate: certs/client.pem\n"
        "credentials:\n"
        "  user: admin\n"
        "  password: {secret: qa-password}\n"
    )
    close(dialog, window, qtbot)


# --- for everyone -----------------------------------------------------------------------------


@pytest.fixture
def full(window: MainWindow, qtbot: QtBot, team: Path) -> SettingsDialog:
    """The settings of an environment that has one of everything."""
    more = (
        "headers: [{name: X-Key, secret: qa-key}, {name: X-Site, value: a}]\n"
        "variables: {phone: '1'}\n"
        "proxy: {mode: explicit, url: 'http://p:1', password: {secret: qa-proxy}}\n"
    )
    text = team.read_text("utf-8") + "  services: {callme: {user: chat}}\n" + more
    team.write_text(text, "utf-8")
    qtbot.waitUntil(lambda: "X-Site" in str(window.console.environments.profiles))
    return open_settings(window, qtbot, "qa")


def test_everything_has_a_name_and_is_reached_by_tab(
    full: SettingsDialog, window: MainWindow, qtbot: QtBot
) -> None:
    for title in TABS:
        tab(full, title)
        controls = [
            one
            for one in full.findChildren(QWidget)
            if is_control(one)
            and one.isVisible()
            and one.isEnabled()
            and one.focusPolicy() & Qt.FocusPolicy.TabFocus
            and not part_of_a_control(one)
        ]
        nameless = [one.objectName() for one in controls if not one.accessibleName()]
        assert nameless == []
        names = [one.accessibleName() for one in controls]
        assert sorted(set(names)) == sorted(names)
        assert set(controls) - tab_stops(full) == set(), title
    close(full, window, qtbot)


def tab_stops(dialog: SettingsDialog) -> set[QWidget]:
    begun = QApplication.focusWidget()
    assert begun is not None
    found = {begun}
    for _ in range(80):
        press(dialog, "Tab")
        here = QApplication.focusWidget()
        assert here is not None
        assert here.isVisible()
        found.add(here)
        if here is begun:
            return found
    raise AssertionError("Tab does not come back")


def test_tab_goes_through_the_settings_as_they_are_laid_out(
    full: SettingsDialog, window: MainWindow, qtbot: QtBot
) -> None:
    tab(full, GENERAL)
    stops = ["guardCombo", "node1NameEdit", "node1UrlEdit", "node2NameEdit", "nodesTableAdd"]
    stops += ["basePathCombo", "gmsUserEdit", "checkButton", "closeButton", "environmentList"]
    find(full, QComboBox, "guardCombo").setFocus(Qt.FocusReason.TabFocusReason)
    names = ["guardCombo", *_names_of_stops(full)]
    assert [one for one in names if one in stops] == stops
    tab(full, HEADERS)
    stops = ["header1NameEdit", "header1SecretEdit", "header2ValueEdit", "headersTableAdd"]
    stops += ["variable1NameEdit", "variable1ValueEdit", "variablesTableAdd", "checkButton"]
    line(full, "header1NameEdit").setFocus(Qt.FocusReason.TabFocusReason)
    names = ["header1NameEdit", *_names_of_stops(full)]
    assert [one for one in names if one in stops] == stops
    close(full, window, qtbot)


def _names_of_stops(dialog: SettingsDialog) -> list[str]:
    """Press Tab until it comes back; give the names of what had the focus on the way."""
    begun = QApplication.focusWidget()
    names: list[str] = []
    for _ in range(80):
        press(dialog, "Tab")
        here = QApplication.focusWidget()
        assert here is not None
        if here is begun:
            return names
        names.append(here.objectName())
    raise AssertionError("Tab does not come back")


def test_what_an_environment_is_can_be_read_whole(
    open_window: OpenWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(folder=tmp_path)
    dialog = open_settings(window, qtbot)
    text = find(dialog, QLabel, "emptyLabel")
    qtbot.waitUntil(text.isVisible)
    assert text.height() >= text.heightForWidth(text.width()) > text.fontMetrics().height()
    close(dialog, window, qtbot)


def test_settings_that_open_before_the_files_are_read_show_the_first(
    open_window: OpenWindow, tmp_path: Path, team: Path, qtbot: QtBot
) -> None:
    window = open_window(folder=tmp_path, ready=False)
    assert not window.console.environments.loaded
    window.environment_bar.settings_wanted.emit()  # before any event is handled
    dialog = next(iter(window.findChildren(SettingsDialog)))
    assert not window.console.environments.loaded
    qtbot.waitUntil(lambda: line(dialog, "environmentNameEdit").text() == "qa")
    assert line(dialog, "environmentNameEdit").isVisible()
    close(dialog, window, qtbot)


def test_no_letter_has_two_meanings_in_a_section(
    full: SettingsDialog, window: MainWindow, qtbot: QtBot
) -> None:
    for title in TABS:
        tab(full, title)
        texts = [
            one.text()
            for one in full.findChildren(QWidget)
            if isinstance(one, (QLabel, QAbstractButton))
            and one.isVisible()
            and (isinstance(one, QAbstractButton) or one.buddy() is not None)
        ]
        letters = [text[text.index("&") + 1].lower() for text in (*texts, *TABS) if "&" in text]
        assert sorted(set(letters)) == sorted(letters), title
    close(full, window, qtbot)


def test_general_is_where_one_begins(
    dialog: SettingsDialog, window: MainWindow, qtbot: QtBot
) -> None:
    tabs = find(dialog, QTabWidget, "environmentSections")
    assert tabs.tabText(tabs.currentIndex()) == GENERAL
    here = QApplication.focusWidget()
    assert here is not None
    assert here.objectName() == "environmentList"
    close(dialog, window, qtbot)
