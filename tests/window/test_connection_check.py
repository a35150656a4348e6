"""Test connection in the settings: the environment as it is edited, stage by stage."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gms_console.ui.panes.environment.settings_dialog import SettingsDialog
from gms_console.ui.window import MainWindow
from tests.support.certificates import Authority
from tests.support.wire_server import (
    Answer,
    WireRequest,
    WireServer,
    by_request,
    json_answer,
    refused_port,
    slow_headers,
    text_answer,
)
from tests.window.conftest import OpenWindow
from tests.window.driving import active_dialog, choose, click, find, press
from tests.window.environments import open_on
from tests.window.settings import (
    CREDENTIALS,
    TLS,
    Chain,
    close,
    fill,
    keychain,
    line,
    open_settings,
    push,
    tab,
    team_file,
)

BASIC = "Basic YWRtaW46czNjcmV0"  # admin:s3cret


@pytest.fixture
def chain() -> Iterator[Chain]:
    with keychain() as made:
        made.kept["qa-password"] = "s3cret"
        yield made


@pytest.fixture
def team(tmp_path: Path) -> Path:
    return team_file(tmp_path, "http://localhost:1")


@pytest.fixture
def window(open_window: OpenWindow, tmp_path: Path, team: Path, chain: Chain) -> MainWindow:
    return open_on(open_window, tmp_path, base_url="http://127.0.0.1:9")


@pytest.fixture
def dialog(window: MainWindow, qtbot: QtBot) -> SettingsDialog:
    return open_settings(window, qtbot, "qa")


def gms(request: WireRequest) -> Answer:
    """A node that wants the right user and password, and says that it is online."""
    if request.values("authorization") != [BASIC]:
        return json_answer({"message": "who are you"}, 401)
    return text_answer("ONLINE")


@pytest.fixture
def node() -> Iterator[WireServer]:
    with WireServer(default=by_request(gms)) as server:
        yield server


def outcome(dialog: SettingsDialog) -> str:
    return find(dialog, QLabel, "checkOutcomeLabel").text()


def run_test(dialog: SettingsDialog, qtbot: QtBot) -> str:
    """Press Test connection and wait for its end; give the outcome."""
    push(dialog, "checkButton")
    button = find(dialog, QPushButton, "checkCancelButton")
    qtbot.waitUntil(lambda: not button.isEnabled())
    return outcome(dialog)


def stages(dialog: SettingsDialog) -> dict[str, tuple[str, str]]:
    """Give mark and sentence of each stage."""
    return {
        row.name.text(): (row.mark.text(), row.text.text())
        for row in dialog.check_panel.rows.values()
    }


def test_what_is_typed_is_tested_and_nothing_is_created_or_saved(
    dialog: SettingsDialog, window: MainWindow, node: WireServer, team: Path, qtbot: QtBot
) -> None:
    before = team.read_bytes()
    fill(dialog, "node1UrlEdit", node.base_url)
    assert run_test(dialog, qtbot) == "✓ GMS answers; nothing was created."
    shown = stages(dialog)
    assert list(shown) == ["Name", "Port", "Proxy", "TLS", "Path", "Credentials"]
    assert [mark for mark, _ in shown.values()] == ["✓", "✓", "–", "–", "✓", "✓"]
    assert "the node says ONLINE" in shown["Path"][1]
    assert "user admin" in shown["Credentials"][1]
    port = dialog.check_panel.rows[next(s for s in dialog.check_panel.rows if s.value == "port")]
    assert port.time.text().endswith(" ms")
    assert {one.method for one in node.requests} == {"GET"}
    assert [one.values("authorization") for one in node.requests] == [[BASIC]]
    assert team.read_bytes() == before

    tab(dialog, CREDENTIALS)
    fill(dialog, "passwordEdit", "wrong")
    assert run_test(dialog, qtbot) == "▲ Fails at: Credentials"
    assert "does not accept the user admin" in stages(dialog)["Credentials"][1]
    leave(dialog, window, qtbot)


def leave(dialog: SettingsDialog, window: MainWindow, qtbot: QtBot) -> None:
    """Close, and drop what was typed."""
    if dialog.editor.dirty:
        dialog.editor.reload()
    close(dialog, window, qtbot)


def test_the_node_is_chosen_and_the_failing_stage_is_named(
    dialog: SettingsDialog, window: MainWindow, node: WireServer, qtbot: QtBot
) -> None:
    with refused_port() as port:
        fill(dialog, "node1UrlEdit", f"http://127.0.0.1:{port}")
        fill(dialog, "node2UrlEdit", node.base_url)
        assert run_test(dialog, qtbot) == "▲ Fails at: Port"
        shown = stages(dialog)
        assert [mark for mark, _ in shown.values()] == ["✓", "▲", "–", "–", "–", "–"]
        assert "refuses connections" in shown["Port"][1]
        assert not find(dialog, QWidget, "certificateBox").isVisible()
        choose(find(dialog, QComboBox, "checkNodeCombo"), "node2")
        assert run_test(dialog, qtbot).startswith("✓")
    fill(dialog, "node1UrlEdit", "nonsense://")
    assert not find(dialog, QPushButton, "checkButton").isEnabled()
    leave(dialog, window, qtbot)


def test_a_certificate_that_is_not_trusted_is_shown_and_then_trusted(
    dialog: SettingsDialog, window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    authority = Authority(tmp_path)
    with WireServer(default=by_request(gms), tls=authority.issue().files) as server:
        fill(dialog, "node1UrlEdit", server.base_url)
        assert run_test(dialog, qtbot) == "▲ Fails at: TLS"
        box = find(dialog, QWidget, "certificateBox")
        assert box.isVisible()
        names = find(box, QLabel, "certificateNames")
        assert "localhost" in names.text().replace("\u200b", "")
        for name in ("Certificate", "Names", "Issuedby", "Valid", "SHA-256"):
            value = find(box, QLabel, f"certificate{name}")
            assert value.text()
            assert value.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
        assert server.requests == []

        tab(dialog, TLS)
        fill(dialog, "caFileEdit", str(authority.file))
        assert run_test(dialog, qtbot).startswith("✓")
        assert "valid until" in stages(dialog)["TLS"][1]
        assert not box.isVisible()
    leave(dialog, window, qtbot)


def test_a_secret_that_is_missing_is_asked_for_in_its_field(
    chain: Chain, dialog: SettingsDialog, window: MainWindow, node: WireServer, qtbot: QtBot
) -> None:
    chain.kept.clear()
    close(dialog, window, qtbot)
    window.console.environments.keeper.forget("qa-password")
    dialog = open_settings(window, qtbot, "qa")
    fill(dialog, "node1UrlEdit", node.base_url)
    said = run_test(dialog, qtbot)
    assert said.startswith("▲ Not tested. The value of qa-password is not known.")
    assert QApplication.focusWidget() is line(dialog, "passwordEdit")
    assert node.requests == []
    press(dialog, *"s3cret")
    assert run_test(dialog, qtbot).startswith("✓")
    assert chain.kept == {}
    leave(dialog, window, qtbot)


@pytest.mark.parametrize("way", ["button", "close", "another environment"])
def test_a_test_under_way_is_cancelled(
    dialog: SettingsDialog, window: MainWindow, qtbot: QtBot, way: str
) -> None:
    gate = threading.Event()
    with WireServer(default=slow_headers(gate)) as server:
        fill(dialog, "node1UrlEdit", server.base_url)
        push(dialog, "checkButton")
        qtbot.waitUntil(lambda: len(server.requests) == 1)
        assert stages(dialog)["Path"][0] == "…"
        if way == "button":
            push(dialog, "checkCancelButton")
            qtbot.waitUntil(lambda: outcome(dialog) == "Cancelled.")
            assert stages(dialog)["Path"][1] == "cancelled"
        elif way == "close":
            press(dialog, "Esc")
            push(active_dialog(qtbot, QMessageBox), "questionDiscardButton")
        else:
            press(dialog, "Ctrl+N")
            push(active_dialog(qtbot, QMessageBox), "questionDiscardButton")
            assert not find(dialog, QWidget, "checkPanel").isVisible()
        server.wait_for_disconnects(2)  # that of the port's stage, and this one
        qtbot.waitUntil(lambda: len(window.console.session.tasks) == 0)
        if way != "close":
            leave(dialog, window, qtbot)


def test_the_panel_is_closed_by_its_cross(
    dialog: SettingsDialog, window: MainWindow, node: WireServer, qtbot: QtBot
) -> None:
    fill(dialog, "node1UrlEdit", node.base_url)
    run_test(dialog, qtbot)
    click(dialog.check_panel.close_button)
    assert not find(dialog, QWidget, "checkPanel").isVisible()
    leave(dialog, window, qtbot)
