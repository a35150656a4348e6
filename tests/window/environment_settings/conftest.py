"""A team's environment, a keychain, and the settings open on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gms_console.ui.panes.environment.settings_dialog import SettingsDialog
from gms_console.ui.window import MainWindow
from tests.window.conftest import OpenWindow
from tests.window.environments import open_on
from tests.window.settings import (
    Chain,
    keychain,
    open_settings,
    team_file,
)


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
