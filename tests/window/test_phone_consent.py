"""A choice that leads to another host: shown and asked about first, and nothing goes along."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QCheckBox, QPushButton
from pytestqt.qtbot import QtBot

from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, Workspace
from tests.support.wire_server import WireServer, json_answer
from tests.window import driving as drive
from tests.window.conftest import OpenWindow
from tests.window.phone_story import (
    CONFIRMATION,
    ID,
    address,
    answer_beside,
    create,
    focus_name,
    foot,
    idle,
    menu,
    press_button,
    request_bytes,
    shown,
    spoken,
)

LINE = f"POST /genesys/1/service/{ID}/now"


@pytest.fixture
def other() -> Iterator[WireServer]:
    """Start the server of another host."""
    with WireServer(json_answer(CONFIRMATION)) as server:
        yield server


@pytest.fixture
def window(
    open_window: OpenWindow, wire: WireServer, other: WireServer, qtbot: QtBot
) -> MainWindow:
    """Open the phone of an instance with a cookie and headers, whose menu leads elsewhere."""
    entries = menu(("Call me now", address(other, "now")), ("Stay", address(wire, "stay")))
    cookie = [("Set-Cookie", "JSESSIONID=abc.node1; Path=/")]
    wire.script(json_answer(entries, headers=cookie), json_answer(entries))
    made = open_window(Workspace(base_url=wire.base_url, create=Draft(service="callback/callme")))
    assert made.console.environment is not None
    made.console.use_environment(
        replace(
            made.console.environment,
            headers=(("gms_user", "ann"), ("Authorization", "Basic YW5uOnNlY3JldA==")),
        )
    )
    create(made, qtbot)
    drive.press(made, "Alt+8")
    assert wire.requests[0].values("Authorization")
    return made


def test_nothing_is_sent_before_the_question_is_answered(
    window: MainWindow, wire: WireServer, other: WireServer
) -> None:
    press_button(window, "phoneItem1")
    assert len(wire.requests) == 1
    assert other.connections == 0
    text = "\n".join(shown(window))
    assert wire.base_url in text
    assert f"POST {address(other, 'now')}" in text
    assert "cookies, credentials and the headers" in text
    assert focus_name() == "phoneConsentDrop"
    send = drive.find(window, QPushButton, "phoneConsentSend")
    assert send.text() == f"Send to 127.0.0.1:{other.port}"


def test_what_is_sent_carries_nothing_of_the_instance(
    window: MainWindow, other: WireServer, qtbot: QtBot
) -> None:
    press_button(window, "phoneItem1")
    press_button(window, "phoneConsentSend")
    idle(window, qtbot)
    assert [one.raw for one in other.requests] == [request_bytes(other, LINE)]
    assert CONFIRMATION["_text"] in shown(window)
    assert "You will receive" in answer_beside(window)


@pytest.mark.parametrize("how", ["phoneConsentDrop", "Esc", "Return"])
def test_no_means_no(window: MainWindow, wire: WireServer, other: WireServer, how: str) -> None:
    press_button(window, "phoneItem1")
    if how.startswith("phone"):
        press_button(window, how)
    else:
        drive.press(window, how)
    assert "Call me now" in shown(window)
    assert f"Not sent to {other.base_url}" in foot(window)
    assert focus_name() == "phoneItem1"
    assert other.connections == 0
    assert len(wire.requests) == 1


def test_it_asks_each_time(window: MainWindow, other: WireServer, qtbot: QtBot) -> None:
    other.script(json_answer({}))
    for _ in range(2):
        press_button(window, "phoneItem1")
        press_button(window, "phoneConsentSend")
        idle(window, qtbot)
    assert len(other.requests) == 2


def test_it_asks_no_more_where_that_was_ticked(
    window: MainWindow, other: WireServer, qtbot: QtBot
) -> None:
    other.script(json_answer({}))
    press_button(window, "phoneItem1")
    drive.find(window, QCheckBox, "phoneConsentAlways").click()
    press_button(window, "phoneConsentSend")
    idle(window, qtbot)
    press_button(window, "phoneItem1")
    idle(window, qtbot)
    assert [one.raw for one in other.requests] == [request_bytes(other, LINE)] * 2
    assert window.console.saved().follow_methods == {}


def test_a_tick_alone_is_no_consent(window: MainWindow, other: WireServer) -> None:
    press_button(window, "phoneItem1")
    drive.find(window, QCheckBox, "phoneConsentAlways").click()
    press_button(window, "phoneConsentDrop")
    press_button(window, "phoneItem1")
    assert drive.find(window, QPushButton, "phoneConsentSend").isVisible()
    assert other.connections == 0


def test_the_own_host_keeps_what_is_its_own(
    window: MainWindow, wire: WireServer, other: WireServer, qtbot: QtBot
) -> None:
    other.script(json_answer({}, headers=[("Set-Cookie", "JSESSIONID=stolen; Path=/")]))
    press_button(window, "phoneItem1")
    press_button(window, "phoneConsentSend")
    idle(window, qtbot)
    press_button(window, "phoneItem2")
    idle(window, qtbot)
    last = wire.requests[-1]
    assert last.values("Cookie") == ["JSESSIONID=abc.node1"]
    assert last.values("Authorization") == ["Basic YW5uOnNlY3JldA=="]


def test_the_question_is_read_out(window: MainWindow, other: WireServer) -> None:
    press_button(window, "phoneItem1")
    assert "another host" in spoken(window)
    assert f"127.0.0.1:{other.port}" in spoken(window)
