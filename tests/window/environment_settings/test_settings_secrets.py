"""Secrets in the settings: shown, forgotten, stored, and never in a file."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gms_console.ui.panes.environment.settings_dialog import SettingsDialog
from gms_console.ui.window import MainWindow
from tests.window.conftest import OpenWindow, close_window
from tests.window.driving import (
    active_dialog,
    click,
    find,
    press,
    retype,
    type_text,
)
from tests.window.environments import open_on
from tests.window.settings import (
    CONNECTION,
    CREDENTIALS,
    HEADERS,
    SECRET,
    TLS,
    Chain,
    check,
    choose_entry,
    close,
    errors,
    fill,
    line,
    listed,
    open_settings,
    push,
    save,
    state,
    tab,
)


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
