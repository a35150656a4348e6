"""Known secrets are put in every place of the window that takes one, and looked for afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QTabWidget,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gms_console.environments.folder import save
from gms_console.environments.keeper import open_keeper, variable_of
from gms_console.environments.profile import Profile
from gms_console.ui.panes.environment.secrets_dialog import SecretsDialog
from gms_console.ui.window import MainWindow
from tests.support.wire_server import WireServer, json_answer, refused_port
from tests.trust.canaries import Canaries
from tests.trust.echo import echo
from tests.trust.profiles import STORED, bearer, behind_proxy, profile
from tests.window import driving as drive
from tests.window.conftest import OpenWindow, close_window
from tests.window.environments import on, open_on, switch

ROWS = ("password row", "secureKey row")
COOKIE = "session cookie"
PASSPHRASE = "file passphrase"
VIEWS = ("answerRequestView", "answerHeadersView")


@pytest.fixture
def canaries() -> Canaries:
    # Keys of other letters than ASCII's cannot be pressed by Qt's tests.
    return Canaries(*STORED, *ROWS, COOKIE, PASSPHRASE, seasoning="/&+'")


@pytest.fixture
def server(canaries: Canaries) -> Iterator[WireServer]:
    """A server that repeats in its answers all secrets that the console sends it."""
    names = profile("http://127.0.0.1:1").secret_names
    with WireServer(echo(canaries, (*names, *ROWS), COOKIE)) as running:
        yield running


class Told:
    """Collects what a window says where it can be read over a shoulder, or by other programs."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.texts: list[str] = []
        window.console.message.connect(self.texts.append)
        window.windowTitleChanged.connect(self.texts.append)

    def look(self, *roots: QWidget) -> None:
        """Take the texts of all labels and buttons, with tooltips and spoken names."""
        self.texts.append(self.window.windowTitle())
        for root in roots or (self.window,):
            for one in (root, *root.findChildren(QWidget)):
                self.texts += [one.toolTip(), one.accessibleName(), one.accessibleDescription()]
                self.texts += [one.windowTitle(), one.objectName(), one.statusTip()]
                if isinstance(one, QLabel | QPushButton | QToolButton):
                    self.texts.append(one.text())
        self.texts.append(drive.find(self.window, QPlainTextEdit, "wirePreview").toPlainText())


def copy_all(window: MainWindow, qtbot: QtBot) -> list[str]:
    """Press every button that copies a view; give what was in the clipboard each time."""
    copied = []
    tabs = drive.find(window, QTabWidget, "answerTabs")
    for place in range(tabs.count()):
        tabs.setCurrentIndex(place)
        window.answer_pane.copy()
        copied.append(QApplication.clipboard().text())
    tabs.setCurrentIndex(0)
    return copied


def typed_rows(window: MainWindow, canaries: Canaries) -> None:
    drive.add_row(window, "password", canaries["password row"])
    drive.add_row(window, "secureKey", canaries["secureKey row"])


def send(window: MainWindow, qtbot: QtBot) -> None:
    drive.press(window, "Ctrl+Return")
    qtbot.waitUntil(lambda: not window.console.sending, timeout=10_000)


def keep(folder: Path, one: Profile) -> None:
    save(folder / "environments", one)


def test_a_day_of_work_leaves_no_secret_behind(
    open_window: OpenWindow, tmp_path: Path, server: WireServer, qtbot: QtBot, canaries: Canaries
) -> None:
    """Unlock the encrypted file, create, poll, copy all, fail, close, and open again."""
    home = tmp_path / "home"
    one = profile(server.base_url)
    keeper = open_keeper(home)
    keeper.choose("file")
    keeper.unlock(canaries[PASSPHRASE])
    for name in one.secret_names[:-1]:
        keeper.set(name, canaries[name])
    last = one.secret_names[-1]
    keep(home, one)
    window = open_on(open_window, home, "qa", service="callback/callme", every=0.02)
    told = Told(window)
    typed_rows(window, canaries)
    drive.press(window, "Ctrl+Return")
    dialog = drive.active_dialog(qtbot, SecretsDialog)
    drive.type_text(dialog, canaries[PASSPHRASE])
    told.look(dialog)
    drive.press(dialog, "Return")
    edits = f"secretEdit_{last}"
    qtbot.waitUntil(lambda: any(one.hasFocus() for one in dialog.findChildren(QWidget, edits)))
    drive.type_text(dialog, canaries[last])
    told.look(dialog)
    drive.press(dialog, "Return")
    drive.back_in(window, qtbot)
    qtbot.waitUntil(lambda: len(server.requests) == 1 and not window.console.sending)
    told.look()
    assert window.console.live.selected is not None
    copied = copy_all(window, qtbot)
    assert any("***" in text for text in copied)
    assert any("instance-1" in text for text in copied)
    drive.click(drive.find(window, QPushButton, "pollButton"))
    qtbot.waitUntil(lambda: len(server.requests) >= 3)
    drive.click(drive.find(window, QPushButton, "pollButton"))
    qtbot.waitUntil(lambda: not window.console.session.running_polls())
    copied += copy_all(window, qtbot)
    told.look()
    for name in VIEWS:
        told.texts.append(_without_cookies(drive.find(window, QPlainTextEdit, name)))
    close_window(window, qtbot)
    sent = set(canaries.found_in(b"".join(request.raw for request in server.requests)))
    assert {"api key", "header of the store", "service password", *ROWS, COOKIE} <= sent
    check(canaries, told, copied, tmp_path)
    again = open_window(folder=home)
    told = Told(again)
    told.look()
    close_window(again, qtbot)
    check(canaries, told, [], tmp_path)


def _without_cookies(view: QPlainTextEdit) -> str:
    """Give what a view of the request shows; a person may see cookies and rows there."""
    lines = view.toPlainText().partition("— sent —")[2] or view.toPlainText()
    return "\n".join(
        line for line in lines.splitlines() if ":" in line and not line.startswith("Cookie")
    )


def check(canaries: Canaries, told: Told, copied: list[str], *folders: Path) -> None:
    """Look for all secrets in what the window said, gave away and wrote."""
    for text in copied:
        assert canaries.found_in(text) == [], text
    typed = set(ROWS)  # rows are shown as they are typed
    for text in told.texts:
        assert set(canaries.found_in(text)) - typed == set(), text
    assert canaries.found_below(*folders) == {}


@pytest.fixture
def in_variables(canaries: Canaries, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in STORED:
        monkeypatch.setenv(variable_of(name), canaries[name])


@pytest.mark.usefixtures("in_variables")
def test_what_fails_says_no_secret(
    open_window: OpenWindow, tmp_path: Path, qtbot: QtBot, canaries: Canaries
) -> None:
    """A refused login, no server, no TLS, a proxy that refuses, one environment after the other."""
    refusal = json_answer({"message": "No"}, 401, headers=[("WWW-Authenticate", "Basic realm=x")])
    home = tmp_path / "home"
    with WireServer(refusal) as server, WireServer() as plain, refused_port() as nobody:
        places: dict[str, Profile] = {
            "refused": profile(server.base_url),
            "token": bearer(profile(server.base_url)),
            "nobody": profile(f"http://127.0.0.1:{nobody}"),
            "no tls": profile(
                f"https://127.0.0.1:{plain.port}", timeouts={"read": 0.3, "connect": 0.3}
            ),
            "proxy": behind_proxy(profile("http://gms.invalid"), server.base_url),
            "no proxy": behind_proxy(profile("https://gms.invalid"), f"http://127.0.0.1:{nobody}"),
        }
        for name, one in places.items():
            keep(home, one.changed(name=name))
        window = open_on(open_window, home, "refused")
        told = Told(window)
        typed_rows(window, canaries)
        copied = []
        for name in places:
            if window.console.environments.chosen != name:
                switch(window, name)
            on(window, name, qtbot)
            send(window, qtbot)
            answer = window.console.answer
            assert answer is not None
            assert answer.problem is not None, name
            told.look()
            copied += copy_all(window, qtbot)
        plain.problems.clear()
        proxied = server.requests[-1].raw
        close_window(window, qtbot)
    assert "proxy password" in canaries.found_in(proxied)
    check(canaries, told, copied, tmp_path)


def test_neither_workspace_nor_history_keeps_a_row_that_carries_a_credential(
    open_window: OpenWindow, tmp_path: Path, qtbot: QtBot, canaries: Canaries
) -> None:
    """At a base URL alone: the console knows no other secret, and the server repeats no other."""
    with WireServer(echo(canaries, ROWS, COOKIE)) as server:
        window = open_on(open_window, tmp_path / "home", base_url=server.base_url)
        typed_rows(window, canaries)
        send(window, qtbot)
        drive.press(window, "Ctrl+Z", "Ctrl+Y")
        close_window(window, qtbot)
    workspace = (tmp_path / "home" / "workspace.json").read_text("utf-8")
    assert "secureKey" in workspace
    assert canaries.found_below(tmp_path) == {}
