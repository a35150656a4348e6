"""The base URL: where requests go, why one is wrong, and how the other side answers."""

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, PollSettings, Workspace
from tests.support.wire_server import WireServer, close_before_answer, json_answer, refused_port
from tests.window.conftest import OpenWindow
from tests.window.driving import click, find, press, retype, said, send, type_text

CREATED = json_answer({"_id": "I-1"})
WAITING = json_answer({"status": "waiting-for-agent"})


def field(window: MainWindow) -> QLineEdit:
    return find(window, QLineEdit, "baseUrlEdit")


def connection(window: MainWindow) -> str:
    return find(window, QLabel, "connectionLabel").text()


def go_to(window: MainWindow, url: str, *keys: str) -> None:
    press(window, "Ctrl+L")
    type_text(window, url)
    press(window, *keys)


def test_ctrl_l_replaces_the_base_url(window: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    with WireServer() as other:
        go_to(window, other.base_url, "Return")
        assert field(window).text() == other.base_url
        assert connection(window) == "○ Not contacted yet"
        assert send(window, other, qtbot).target == "/genesys/1/service/request-interaction"
    assert wire.requests == []


def test_a_base_url_that_is_still_being_typed_is_used(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    with WireServer() as other:
        go_to(window, other.base_url)
        send(window, other, qtbot)
    assert wire.requests == []


@pytest.mark.parametrize(
    ("typed", "root"),
    [
        ("", "/genesys"),
        ("/", "/genesys"),
        ("/genesys", "/genesys"),
        ("/GMS-web/gms", "/GMS-web/gms"),
        ("/GMS-web/gms/", "/GMS-web/gms"),
        ("//", ""),
    ],
)
def test_both_roots_of_gms_and_others(
    window: MainWindow, wire: WireServer, qtbot: QtBot, typed: str, root: str
) -> None:
    go_to(window, wire.base_url + typed, "Return")
    paths = [one.text() for one in window.request_pane.target_bar.findChildren(QLabel)]
    assert f"{root}/1/service/" in paths
    assert send(window, wire, qtbot).target == f"{root}/1/service/request-interaction"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("ftp://example.com", "scheme 'ftp'"),
        ("http://", "host is missing"),
        ("http://host:99999", "port"),
        ("http://user:secret@host", "user name or password"),
        ("http://host/genesys/1/service/request-interaction", "address of a service"),
        ("http://host/?a=1", "? and #"),
        ("", "empty"),
    ],
)
def test_a_wrong_base_url_is_explained_kept_and_stops_the_send(
    window: MainWindow, wire: WireServer, qtbot: QtBot, wrong: str, why: str
) -> None:
    retype(field(window), wrong, "Return")
    assert connection(window).startswith("▲ ")
    assert why in connection(window)
    assert field(window).property("invalid") is True
    press(window, "Ctrl+Return")
    assert not window.console.sending
    assert said(window).startswith("Not sent.")
    assert why in said(window)
    assert field(window).text() == wrong

    retype(field(window), wire.base_url, "Return")
    assert field(window).property("invalid") is False
    assert connection(window) == "○ Not contacted yet"
    send(window, wire, qtbot)
    assert len(wire.requests) == 1


def test_an_answer_and_a_refusal_are_shown(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    assert connection(window) == "○ Not contacted yet"
    send(window, wire, qtbot)
    assert connection(window).startswith("● Answers (")
    with refused_port() as port:
        go_to(window, f"http://127.0.0.1:{port}", "Return")
        assert connection(window) == "○ Not contacted yet"
        press(window, "Ctrl+Return")
        qtbot.waitUntil(lambda: connection(window) == "▲ Connection refused")


def test_a_connection_closed_without_an_answer_is_shown(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(close_before_answer())
    send(window, wire, qtbot)
    assert connection(window).startswith("▲ ")


def test_a_wrong_base_url_of_the_last_start_is_kept_and_explained(
    open_window: OpenWindow,
) -> None:
    window = open_window(Workspace(base_url="ftp://kept", create=Draft(service="s")))
    assert field(window).text() == "ftp://kept"
    assert "scheme 'ftp'" in connection(window)
    assert window.console.simulator.simulator is None


def test_the_simulator_is_one_click_away(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    button = find(window, QToolButton, "simulatorButton")
    click(button)
    qtbot.waitUntil(lambda: button.text() == "On the simulator")
    assert not button.isEnabled()
    assert field(window).text() == window.console.simulator.base_url
    assert "nothing leaves this machine" in said(window)
    press(window, "Ctrl+Return")
    qtbot.waitUntil(lambda: connection(window).startswith("● Answers ("))
    go_to(window, wire.base_url, "Return")
    assert button.isEnabled()
    assert button.text() == "Use simulator"
    send(window, wire, qtbot)


def test_escape_in_a_list_of_completions_does_not_stop_the_poll(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(CREATED, WAITING)
    window = open_window(
        Workspace(
            base_url=wire.base_url,
            create=Draft(service="request-inbound-poll"),
            poll=PollSettings(every=0.1),
        )
    )
    press(window, "Ctrl+Shift+Return")
    qtbot.waitUntil(lambda: len(wire.requests) >= 2)
    retype(find(window, QLineEdit, "pollUntilEdit"), "status=con")
    assert QApplication.activePopupWidget() is not None
    press(window, "Esc")
    assert QApplication.activePopupWidget() is None
    assert window.console.live.poll.running
