"""The settings of environments in tests: opening them, their fields, and a keychain."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import keyring
from keyring.backend import KeyringBackend
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMessageBox,
    QPushButton,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gms_console.ui.panes.environment.settings_dialog import SettingsDialog
from gms_console.ui.window import MainWindow
from tests.window.driving import (
    active_dialog,
    back_in,
    click,
    click_cell,
    find,
    open_tab,
    press,
    retype,
)

SECRET = "s3cret+/&<b>"
TABS = ("&General", "&Headers and variables", "&Credentials", "Co&nnection", "T&LS")
GENERAL, HEADERS, CREDENTIALS, CONNECTION, TLS = TABS

TEAM = """# The team's test cluster; ask before you restart it.
gms: 1
name: qa
guard: confirm-first # since March
nodes:
  # the old one
  - name: node1
    url: {url}
  - {{name: node2, url: "http://localhost:9"}}
credentials:
  user: admin
  password: {{secret: qa-password}}
"""


class Chain(KeyringBackend):
    """A keychain in memory."""

    priority = 9.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:  # noqa: ARG002 - keyring's
        return self.kept.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:  # noqa: ARG002
        self.kept[username] = password

    def delete_password(self, service: str, username: str) -> None:  # noqa: ARG002
        del self.kept[username]


@contextmanager
def keychain() -> Iterator[Chain]:
    """Let this system have a keychain."""
    before = keyring.get_keyring()
    chain = Chain()
    keyring.set_keyring(chain)
    yield chain
    keyring.set_keyring(before)


def open_settings(window: MainWindow, qtbot: QtBot, name: str = "") -> SettingsDialog:
    """Open the settings by their key, and choose an environment in the list."""
    press(window, "Ctrl+Shift+E")
    dialog = active_dialog(qtbot, SettingsDialog)
    if name:
        choose_environment(dialog, name)
        qtbot.waitUntil(lambda: dialog.editor.facts.asked)
    return dialog


def listed(dialog: SettingsDialog) -> list[str]:
    """Give the rows of the list as they are shown."""
    view = find(dialog, QListWidget, "environmentList")
    return [view.item(row).text() for row in range(view.count())]


def choose_environment(dialog: SettingsDialog, name: str) -> None:
    """Click an environment in the list."""
    view = find(dialog, QListWidget, "environmentList")
    click_cell(view, view.model().index(listed(dialog).index(name), 0))


def tab(dialog: SettingsDialog, title: str) -> None:
    """Click the tab of a section, whatever mark it has."""
    tabs = find(dialog, QTabWidget, "environmentSections")
    shown = next(one for one in map(tabs.tabText, range(tabs.count())) if one.endswith(title))
    open_tab(tabs, shown)


def line(dialog: QWidget, name: str) -> QLineEdit:
    """Give a field by its object name."""
    return find(dialog, QLineEdit, name)


def fill(dialog: QWidget, name: str, text: str) -> None:
    """Type a text over what stands in a field."""
    retype(line(dialog, name), text)


def push(dialog: QWidget, name: str) -> None:
    """Click a button by its object name."""
    click(find(dialog, QPushButton, name))


def check(dialog: QWidget, name: str) -> None:
    """Press Space on a check box."""
    box = find(dialog, QCheckBox, name)
    box.setFocus(Qt.FocusReason.TabFocusReason)
    press(box, "Space")


def state(dialog: SettingsDialog, name: str) -> str:
    """Say what stands below a secret's field."""
    return find(dialog, QLabel, f"{name}State").text()


def errors(dialog: SettingsDialog) -> list[str]:
    """Give the errors that can be seen, without their mark."""
    return [
        one.text().removeprefix("▲ ")
        for one in dialog.tabs.findChildren(QLabel)
        if one.isVisible() and one.property("role") == "error" and one.text()
    ]


def save(dialog: SettingsDialog, qtbot: QtBot) -> None:
    """Click Save and wait until it is done."""
    push(dialog, "saveButton")
    label = find(dialog, QLabel, "settingsStateLabel")
    qtbot.waitUntil(lambda: label.text().startswith("✓ Saved"))


def close(dialog: SettingsDialog, window: MainWindow, qtbot: QtBot) -> None:
    """Close by Escape, with nothing left to save."""
    press(dialog, "Esc")
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    qtbot.waitUntil(lambda: len(window.console.session.tasks) == 0)


def team_file(folder: Path, url: str = "http://localhost:8080") -> Path:
    """Write the file of an environment as a person keeps it, with comments."""
    file = folder / "environments" / "qa.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(TEAM.format(url=url), "utf-8")
    return file


def choose_entry(dialog: QWidget, name: str, text: str) -> None:
    """Choose an entry of a combo box by its keys."""
    combo = find(dialog, QComboBox, name)
    combo.setFocus(Qt.FocusReason.TabFocusReason)
    press(combo, "Home", *["Down"] * combo.findText(text))
    assert combo.currentText() == text


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
