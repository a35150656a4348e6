"""A question stands, or secrets are still being read, and meanwhile something else changes."""

import threading
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from gms_console.ui.panes.environment.secrets_dialog import SecretsDialog
from gms_console.ui.panes.environment.switch_dialog import SwitchDialog
from gms_console.ui.window import MainWindow
from tests.support.wire_server import WireServer, json_answer
from tests.window.conftest import OpenWindow, close_window
from tests.window.driving import active_dialog, back_in, click, find, press, retype, said, type_text
from tests.window.environments import on, open_on, switch, write
from tests.window.settings import Chain, line, open_settings, push

PASSWORD = "right-horse-7"
LOGIN = "credentials: {user: gms, password: {secret: qa-password}}\n"
WAITING = json_answer({"status": "waiting-for-agent"})


class SlowChain(Chain):
    """A keychain that takes its time, as one that asks for its own password: until `gate` opens."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.gate.set()

    def get_password(self, service: str, username: str) -> str | None:
        """Give a password when the gate has opened."""
        assert self.gate.wait(5)
        return super().get_password(service, username)


@pytest.fixture
def chain() -> Iterator[SlowChain]:
    before = keyring.get_keyring()
    chain = SlowChain()
    keyring.set_keyring(chain)
    yield chain
    chain.gate.set()
    keyring.set_keyring(before)


@pytest.fixture
def window(open_window: OpenWindow, tmp_path: Path, wire: WireServer) -> MainWindow:
    """Open a window on `qa`, whose password is not known when it opens."""
    write(tmp_path, "qa", wire.base_url, more=LOGIN)
    return open_on(open_window, tmp_path, "qa")


def quiet(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: len(window.console.session.tasks) == 0)


def test_send_pressed_twice_while_a_keychain_is_read_sends_once(
    chain: SlowChain, window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    chain.kept["qa-password"] = PASSWORD
    chain.gate.clear()
    press(window, "Ctrl+Return")
    assert said(window) == "Reading secrets …"
    press(window, "Ctrl+Return")
    assert "still being read" in said(window)
    chain.gate.set()
    qtbot.waitUntil(lambda: len(wire.requests) == 1)
    quiet(window, qtbot)
    assert len(wire.requests) == 1


def test_escape_ends_a_send_that_waits_for_a_keychain(
    chain: SlowChain, window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    chain.kept["qa-password"] = PASSWORD
    chain.gate.clear()
    press(window, "Ctrl+Return")
    press(window, "Esc")
    assert said(window).startswith("Not sent.")
    chain.gate.set()
    quiet(window, qtbot)
    assert wire.requests == []
    assert not window.console.can_cancel
    press(window, "Ctrl+Return")
    qtbot.waitUntil(lambda: len(wire.requests) == 1)


@pytest.mark.parametrize("begin", ["poll", "card"])
def test_an_instance_that_is_closed_while_secrets_are_read_is_asked_nothing(
    chain: SlowChain, window: MainWindow, wire: WireServer, qtbot: QtBot, begin: str
) -> None:
    chain.kept["qa-password"] = PASSWORD
    chain.gate.clear()
    window.console.live.reopening.reopen("abc-1", "request-inbound-poll")
    if begin == "poll":
        press(window, "Ctrl+R")
    else:
        click(find(window, QToolButton, "requestButton_status"))
    press(window, "Alt+4", "Delete")
    assert window.console.session.instances == []
    chain.gate.set()
    quiet(window, qtbot)
    assert said(window).endswith("abc-1 was closed here.")
    assert wire.requests == []


def test_secrets_told_for_one_place_send_nothing_to_another(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    click(find(window, QToolButton, "simulatorButton"))
    press(window, "Ctrl+Return")
    dialog = active_dialog(qtbot, SecretsDialog)
    qtbot.waitUntil(lambda: window.console.place.on_simulator)
    type_text(dialog, PASSWORD)
    press(dialog, "Return")
    back_in(window, qtbot)
    quiet(window, qtbot)
    assert said(window).startswith("Not sent. create request-interaction was for qa")
    assert window.console.exchange is None
    assert wire.requests == []


def test_a_question_is_carried_out_as_it_was_asked(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer({"_id": "I-1"}), WAITING)
    write(tmp_path, "qa", wire.base_url)
    write(tmp_path, "live", "http://localhost:9")
    window = open_on(open_window, tmp_path, "qa", service="request-inbound-poll")
    press(window, "Ctrl+Shift+Return")
    qtbot.waitUntil(lambda: len(wire.requests) >= 2)
    switch(window, "live")
    dialog = active_dialog(qtbot, SwitchDialog)
    # As when it was begun before, and is up only now.
    window.console.use_simulator()
    qtbot.waitUntil(lambda: said(window).startswith("Not switched to http://127.0.0.1:"))
    click(find(dialog, QPushButton, "stopAndSwitchButton"))
    back_in(window, qtbot)
    on(window, "live", qtbot)
    quiet(window, qtbot)
    assert window.console.environments.chosen == "live"


def test_an_instance_of_a_file_that_broke_sends_no_empty_password(
    window: MainWindow, tmp_path: Path, wire: WireServer, qtbot: QtBot
) -> None:
    window.console.live.reopening.reopen("abc-1", "request-inbound-poll")
    (tmp_path / "environments" / "qa.yaml").write_text("gms: [", "utf-8")
    qtbot.waitUntil(lambda: bool(window.console.environments.mistakes))
    click(find(window, QToolButton, "requestButton_status"))
    quiet(window, qtbot)
    assert said(window).startswith("Not sent. qa cannot be read.")
    assert wire.requests == []


def test_a_dialog_goes_with_its_window_and_sends_nothing(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    press(window, "Ctrl+Return")
    dialog = active_dialog(qtbot, SecretsDialog)
    type_text(dialog, PASSWORD)
    close_window(window, qtbot)
    assert [one for one in QApplication.topLevelWidgets() if _is_open(one)] == []
    assert wire.requests == []


def _is_open(widget: object) -> bool:
    return isinstance(widget, QDialog) and widget.isVisible()


def test_what_is_typed_while_a_file_is_written_is_kept(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = open_settings(window, qtbot, "qa")
    user = line(dialog, "gmsUserEdit")
    retype(user, "first")
    window.console.environments.changed.connect(lambda: user.setText("first and second"))
    push(dialog, "saveButton")
    qtbot.waitUntil(lambda: not dialog.editor.saving)
    file = tmp_path / "environments" / "qa.yaml"
    assert "gms_user: first\n" in file.read_text("utf-8")
    assert user.text() == "first and second"
    assert dialog.editor.dirty
    push(dialog, "saveButton")
    qtbot.waitUntil(lambda: not dialog.editor.dirty)
    assert "gms_user: first and second\n" in file.read_text("utf-8")
