"""The customer's phone: what choosing on it sends, and what becomes of the answer."""

import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QListView, QPushButton, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from gms_console.model.dialog import Confirmation, FailedDialog
from gms_console.model.exchange import FailureKind
from gms_console.workspace import Draft, Workspace
from tests.support.wire_server import WireServer, close_before_answer, hold, json_answer
from tests.window import driving as drive
from tests.window.conftest import OpenWindow, close_window
from tests.window.phone_story import (
    CONFIRMATION,
    ID,
    NUMBER,
    address,
    answer_beside,
    choose,
    create,
    focus_name,
    foot,
    idle,
    menu,
    open_phone,
    press_button,
    request_bytes,
    screens,
    shown,
    spoken,
    two_choices,
)

# --- a choice ------------------------------------------------------------------------------


def test_a_choice_sends_the_documented_post(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_phone(open_window, wire, qtbot, two_choices(wire), CONFIRMATION)
    request = choose(window, "phoneItem1", wire, qtbot)
    assert request.raw == request_bytes(wire, f"POST /genesys/1/service/{ID}/now")
    assert CONFIRMATION["_text"] in shown(window)


def test_a_choice_goes_out_by_get_where_that_is_set(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_phone(open_window, wire, qtbot, two_choices(wire), CONFIRMATION)
    drive.choose(drive.find(window, QComboBox, "followMethodCombo"), "GET")
    request = choose(window, "phoneItem2", wire, qtbot)
    assert request.raw == request_bytes(wire, f"GET /genesys/1/service/{ID}/later", post=False)


def test_the_method_is_kept_for_each_environment(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_phone(open_window, wire, qtbot, two_choices(wire))
    drive.choose(drive.find(window, QComboBox, "followMethodCombo"), "GET")
    assert window.console.live.selected is not None
    place = window.console.live.selected.environment.base_url
    kept = window.console.saved()
    assert kept.follow_methods == {place: "GET"}
    later = open_phone(open_window, wire, qtbot, two_choices(wire), workspace=kept)
    assert drive.find(later, QComboBox, "followMethodCombo").currentText() == "GET"
    with WireServer() as other:
        other.script(json_answer(two_choices(other)))
        later.console.set_base_url(other.base_url)
        later.console.show_phone()
        drive.press(later, "Ctrl+Return")
        qtbot.waitUntil(lambda: len(later.console.session.instances) == 2)
        assert drive.find(later, QComboBox, "followMethodCombo").currentText() == "POST"


def test_the_instance_s_cookies_go_along_to_its_own_host(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    cookie = [("Set-Cookie", "JSESSIONID=abc.node1; Path=/genesys; HttpOnly")]
    created = json_answer(two_choices(wire), headers=cookie)
    window = open_phone(open_window, wire, qtbot, created, CONFIRMATION)
    request = choose(window, "phoneItem1", wire, qtbot)
    line = f"POST /genesys/1/service/{ID}/now"
    assert request.raw == request_bytes(wire, line, cookie="JSESSIONID=abc.node1")


def test_a_relative_address_is_one_of_the_instance_s_own_host(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_phone(open_window, wire, qtbot, menu(("Go", "/genesys/x?a=1")), CONFIRMATION)
    assert choose(window, "phoneItem1", wire, qtbot).target == "/genesys/x?a=1"


def test_the_exchange_comes_to_the_front_beside_the_phone(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_phone(open_window, wire, qtbot, two_choices(wire), CONFIRMATION)
    drive.press(window, "Alt+7", "Alt+8")
    tabs = drive.find(window, QTabBar, "sideTabs")
    assert tabs.tabText(tabs.currentIndex()) != "Answer"
    choose(window, "phoneItem1", wire, qtbot)
    assert tabs.tabText(tabs.currentIndex()) == "Answer"
    assert "You will receive the call shortly" in answer_beside(window)
    assert window.console.exchange is not None
    assert window.console.exchange.operation.title == "Call me now"


def test_an_entry_without_an_address_cannot_be_chosen(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    entries = menu(("Leave a message", ""), ("Call me", address(wire, "now")))
    window = open_phone(open_window, wire, qtbot, entries)
    item = drive.find(window, QPushButton, "phoneItem1")
    assert not item.isEnabled()
    assert item.accessibleDescription()
    assert focus_name() == "phoneItem2"
    drive.press(window, "1")
    assert len(wire.requests) == 1


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://host/file", "not an http or https address"),
        ("javascript:alert(1)", "not an http or https address"),
        ("http://", "cannot be followed"),
        ("http://ann:secret@host/x", "user name or password"),
    ],
)
def test_an_address_that_cannot_be_followed_is_explained_on_the_phone(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, url: str, reason: str
) -> None:
    window = open_phone(open_window, wire, qtbot, menu(("Go", url)))
    press_button(window, "phoneItem1")
    assert reason in foot(window) or "host" in foot(window)
    assert reason in spoken(window) or "host" in spoken(window)
    assert len(wire.requests) == 1
    assert len(window.console.session.tasks) == 0


def test_a_confirmation_is_acknowledged_and_sends_nothing(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_phone(open_window, wire, qtbot, CONFIRMATION)
    assert focus_name() == "phoneOk"
    press_button(window, "phoneOk")
    button = drive.find(window, QPushButton, "phoneOk")
    assert button.text() == "Ok ✓"
    assert not button.isEnabled()
    assert len(wire.requests) == 1


def test_an_answer_without_a_dialog_leaves_the_screen_and_says_so(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_phone(open_window, wire, qtbot, two_choices(wire), {"done": True})
    choose(window, "phoneItem1", wire, qtbot)
    assert "nothing for a phone" in foot(window)
    assert "Call me now" in shown(window)
    assert focus_name() == "phoneItem1"


def test_the_same_screen_again_is_said_to_be_the_same(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_phone(open_window, wire, qtbot, two_choices(wire))
    choose(window, "phoneItem1", wire, qtbot)
    assert "same screen" in foot(window)
    assert len(screens(window)) == 1


def test_a_lost_connection_is_the_next_screen_and_the_flow_can_go_on_from_the_one_before(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answers = (two_choices(wire), close_before_answer(), CONFIRMATION)
    window = open_phone(open_window, wire, qtbot, *answers)
    press_button(window, "phoneItem1")
    idle(window, qtbot)
    assert isinstance(screens(window)[-1].dialog, FailedDialog)
    trail = drive.find(window, QListView, "phoneTrail")
    drive.click_cell(trail, trail.model().index(0, 0))
    choose(window, "phoneItem2", wire, qtbot)
    assert [type(one.dialog) for one in screens(window)][1:] == [FailedDialog, Confirmation]
    assert CONFIRMATION["_text"] in shown(window)


# --- the keyboard ----------------------------------------------------------------------------


def test_a_customer_s_journey_by_the_keyboard_alone(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    inner = menu(("Today", address(wire, "today")), ("Tomorrow", address(wire, "tomorrow")))
    wire.script(*map(json_answer, (two_choices(wire), inner, NUMBER, CONFIRMATION)))
    window = open_window(Workspace(base_url=wire.base_url, create=Draft(service="callback/callme")))
    create(window, qtbot)
    drive.press(window, "Alt+8")
    assert focus_name() == "phoneItem1"
    drive.press(window, "2")
    idle(window, qtbot)
    assert focus_name() == "phoneItem1"
    drive.press(window, "Tab", "Return")
    idle(window, qtbot)
    assert [one.target.rpartition("/")[2] for one in wire.requests[1:]] == ["later", "tomorrow"]
    assert focus_name() == "phoneCopyNumber"
    drive.press(window, "Shift+Tab")
    assert focus_name() == "phoneScreen"
    for _ in range(20):
        if focus_name() == "pushButton":
            break
        drive.press(window, "Tab")
    drive.press(window, "Return")
    idle(window, qtbot)
    assert isinstance(screens(window)[-1].dialog, Confirmation)
    drive.press(window, "Alt+8", "Return")
    assert drive.find(window, QPushButton, "phoneOk").text() == "Ok ✓"
    assert len(wire.requests) == 4


def test_tab_goes_through_the_phone_from_top_to_bottom(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_phone(open_window, wire, qtbot, two_choices(wire))
    drive.press(window, "Shift+Tab")
    names = [focus_name()]
    for _ in range(8):
        drive.press(window, "Tab")
        names.append(focus_name())
    assert names == [
        "phoneScreen",
        "phoneItem1",
        "phoneItem2",
        "followMethodCombo",
        "phoneTrail",
        "pushRequestCombo",
        "pushEdit",
        "pushPaste",
        "pushButton",
    ]


def test_every_part_of_the_phone_has_a_name_that_is_read_out(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_phone(open_window, wire, qtbot, two_choices(wire))
    pane = drive.find(window, QWidget, "phonePane")
    parts = [
        one
        for one in pane.findChildren(QWidget)
        if one.focusPolicy().value and one.isVisible() and not one.objectName().startswith("qt_")
    ]
    assert [one.objectName() for one in parts if not one.accessibleName()] == []
    assert "How may we help?" in spoken(window)
    assert "2, Call me later" in spoken(window)


# --- under way ---------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["Esc", "button"])
def test_a_choice_is_cancelled(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, how: str
) -> None:
    window = open_phone(open_window, wire, qtbot, two_choices(wire), hold())
    press_button(window, "phoneItem1")
    qtbot.waitUntil(lambda: len(wire.requests) == 2)
    assert focus_name() == "phoneCancel"
    assert not drive.find(window, QPushButton, "phoneItem1").isEnabled()
    assert not drive.find(window, QPushButton, "phoneItem2").isEnabled()
    assert "Sending POST" in foot(window)
    if how == "Esc":
        drive.press(window, "Esc")
    else:
        drive.press(window, "Return")
    idle(window, qtbot)
    wire.wait_for_abandoned()
    assert foot(window) == "Cancelled."
    assert drive.find(window, QPushButton, "phoneItem1").isEnabled()
    assert focus_name() == "phoneItem1"
    failure = window.console.exchange.failure if window.console.exchange is not None else None
    assert failure is not None
    assert failure.kind is FailureKind.CANCELLED
    assert len(screens(window)) == 1


def test_a_second_choice_waits_for_the_first(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    gate = threading.Event()
    answers = (two_choices(wire), hold(gate, json_answer(CONFIRMATION)))
    window = open_phone(open_window, wire, qtbot, *answers)
    press_button(window, "phoneItem1")
    drive.press(window, "2", "1")
    qtbot.waitUntil(lambda: len(wire.requests) == 2)
    gate.set()
    idle(window, qtbot)
    assert len(wire.requests) == 2
    assert CONFIRMATION["_text"] in shown(window)


def test_two_phones_have_requests_under_way_at_once(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    gate = threading.Event()
    other = {**two_choices(wire), "_id": "second"}
    answers = (two_choices(wire), hold(gate, json_answer(CONFIRMATION)), other, NUMBER)
    window = open_phone(open_window, wire, qtbot, *answers)
    first = window.console.live.selected
    assert first is not None
    press_button(window, "phoneItem1")
    qtbot.waitUntil(lambda: len(wire.requests) == 2)
    create(window, qtbot)
    drive.press(window, "Alt+8")
    assert drive.find(window, QPushButton, "phoneItem1").isEnabled()
    choose(window, "phoneItem2", wire, qtbot)
    gate.set()
    qtbot.waitUntil(lambda: len(first.trail.screens) == 2)
    assert "8003449999" in shown(window)
    assert "8003449999" in answer_beside(window)
    window.console.live.select(first)
    drive.settle()
    assert CONFIRMATION["_text"] in shown(window)


def test_an_instance_is_closed_while_its_phone_sends(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_phone(open_window, wire, qtbot, two_choices(wire), hold())
    press_button(window, "phoneItem1")
    qtbot.waitUntil(lambda: len(wire.requests) == 2)
    selected = window.console.live.selected
    assert selected is not None
    window.console.live.close_instance(selected)
    qtbot.waitUntil(lambda: len(window.console.session.tasks) == 0)
    wire.wait_for_abandoned()
    drive.settle()
    assert "No phone yet" in shown(window)
    assert focus_name()


def test_the_window_is_closed_while_the_phone_sends(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_phone(open_window, wire, qtbot, two_choices(wire), hold())
    press_button(window, "phoneItem1")
    qtbot.waitUntil(lambda: len(wire.requests) == 2)
    close_window(window, qtbot)
    wire.wait_for_abandoned()


def test_a_poll_that_brings_the_same_screen_leaves_focus_and_widgets_alone(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_phone(open_window, wire, qtbot, two_choices(wire))
    drive.press(window, "Tab")
    before = drive.find(window, QPushButton, "phoneItem2")
    instance = window.console.live.selected
    assert instance is not None
    window.console.session.tasks.start(
        instance.send(instance.prepare("status")), name="status", owner=instance
    )
    qtbot.waitUntil(lambda: len(window.console.session.tasks) == 0)
    assert len(wire.requests) == 2
    assert drive.find(window, QPushButton, "phoneItem2") is before
    assert focus_name() == "phoneItem2"
