"""What the phone shows for every kind of dialog, and for what is none."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import segno
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QListView, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gms_console.ui.panes.phone.parts import Countdown, QrCode
from tests.support.wire_server import WireServer, json_answer
from tests.window import driving as drive
from tests.window.conftest import OpenWindow
from tests.window.phone_story import (
    CONFIRMATION,
    ID,
    NUMBER,
    address,
    answer_beside,
    choose,
    focus_name,
    menu,
    open_phone,
    press_button,
    request_bytes,
    screens,
    shown,
    spoken,
    two_choices,
)


def content(value: object) -> dict[str, Any]:
    return {"_id": ID, "_action": "DisplayMenu", "_label": "Choose", "_content": value}


@pytest.mark.parametrize(
    ("answer", "texts"),
    [
        (CONFIRMATION, ["You will receive the call shortly", "Ok"]),
        ({"_id": ID, "_text": "No action here"}, ["No action here", "OK"]),
        ({"_id": ID, "_action": "ConfirmationDialog"}, ["(no text)", "OK"]),
        (NUMBER, ["Call us", "8003449999", "Copy number"]),
        ({**NUMBER, "_tel_url": "tel:800,,7684"}, ["800", "Code 7684", "Copy code"]),
        ({**NUMBER, "_tel_url": "sip:x"}, ["Call us", "“sip:x” is no number to dial."]),
        ({"_id": ID, "_action": "DialNumber"}, ["Call this number"]),
        (content(None), ["Choose", "The menu has null as its _content."]),
        (content([]), ["Choose", "The menu has an empty _content."]),
        (content("x"), ["Choose", "The menu has a text as its _content, not a list."]),
        (content([{"_group_name": "G", "_group_content": None}]), ["Choose", "G"]),
        ({"_id": ID, "_action": "DisplayMenu"}, ["The menu has no _content."]),
        ({"_id": ID, "_action": "PlayVideo", "_text": "Watch"}, ["PlayVideo", "Watch"]),
        ({"_id": ID, "_action": 7}, ["7", "The _action is a number, not a text."]),
        ({"_id": ID, "_dialog_id": "0"}, ["Unknown dialog"]),
        ({"_id": ID, "dialog": ["x"]}, ["Unknown dialog"]),
        (
            {"_id": ID, "_action": "StartChat", "_chat_parameters": {"subject": "Order"}},
            ["Order", "Start the chat"],
        ),
        ({"_id": ID, "chatIxnState": "DISCONNECTED"}, ["Chat: DISCONNECTED", "No lines yet."]),
        ({"_id": ID, "status": "waiting", "dialog": "/w.html"}, ["waiting", "/w.html"]),
        (
            {"_id": ID, "_access_number": "8003449999", "_access_code": "7684"},
            ["8003449999", "Code 7684", "Copy number", "Copy code"],
        ),
    ],
)
def test_each_dialog_is_shown_for_what_it_is(
    open_window: OpenWindow,
    wire: WireServer,
    qtbot: QtBot,
    answer: dict[str, Any],
    texts: list[str],
) -> None:
    window = open_phone(open_window, wire, qtbot, answer)
    assert [text for text in texts if text not in shown(window)] == []
    assert spoken(window)
    assert focus_name()


def test_an_instance_without_a_dialog_has_a_phone_that_says_what_to_do(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_phone(open_window, wire, qtbot, {"_id": ID})
    assert "Nothing to show yet" in shown(window)
    assert focus_name() == "phoneScreen"


def test_without_an_instance_the_phone_says_what_to_do(
    open_window: OpenWindow, wire: WireServer
) -> None:
    window = open_window()
    drive.press(window, "Alt+8")
    assert "No phone yet" in shown(window)
    assert "Create a service" in spoken(window)


@pytest.mark.parametrize(
    "answer",
    [
        json_answer({"_id": ID, "error": "The office is closed"}),
        json_answer({"exception": "x.Y", "message": "The office is closed"}, status=500),
    ],
)
def test_an_error_stops_the_flow_also_inside_a_200(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, answer: object
) -> None:
    window = open_phone(open_window, wire, qtbot, two_choices(wire), answer)
    choose(window, "phoneItem1", wire, qtbot)
    assert "The office is closed" in shown(window)
    assert "The office is closed" in spoken(window)
    assert focus_name() == "phoneScreen"
    window.console.phone.show_screen(1)
    assert "Call me now" in shown(window)


def test_all_entries_of_all_groups_are_there_and_ten_are_no_trouble(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    entries = menu(*((f"Entry {n}", address(wire, f"e{n}")) for n in range(1, 11)))
    more = [{"_label": "Entry 11", "_user_action_url": address(wire, "e11")}]
    entries["_content"].append({"_group_name": "More", "_group_content": more})
    window = open_phone(open_window, wire, qtbot, entries, CONFIRMATION)
    drive.find(window, QPushButton, "phoneItem11").setFocus(Qt.FocusReason.TabFocusReason)
    drive.press(window, "Return")
    qtbot.waitUntil(lambda: len(wire.requests) == 2)
    assert wire.requests[-1].target.endswith("/e11")


HOSTILE = '<b>bold</b><img src="{0}/pixel.png">&amp;'


@pytest.mark.parametrize("field", ["_label", "_group_name", "item", "_text", "_action", "service"])
def test_no_text_of_an_answer_is_taken_for_html(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, field: str
) -> None:
    text = HOSTILE.format(wire.base_url)
    dialogs: dict[str, Any] = {
        "_label": menu(("A", "/a"), label=text),
        "_group_name": content([{"_group_name": text, "_group_content": [{"_label": "A"}]}]),
        "item": menu((text, "/a")),
        "_text": {"_id": ID, "_text": text},
        "_action": {"_id": ID, "_action": text},
        "service": {"_id": text, "_text": "x"},
    }
    window = open_phone(open_window, wire, qtbot, dialogs[field])
    if field != "service":
        assert any(text in one for one in shown(window))
    labels = drive.find(window, QWidget, "phonePane").findChildren(QLabel)
    assert [one.text() for one in labels if one.textFormat() is not Qt.TextFormat.PlainText] == []
    window.grab()
    assert len(wire.requests) == 1


def test_very_long_texts_do_not_push_the_window_wider(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_phone(open_window, wire, qtbot, two_choices(wire), {})
    before = window.minimumSizeHint().width()
    long = "x" * 2000
    wire.script(json_answer(menu((long, "/a"), label=long)))
    choose(window, "phoneItem1", wire, qtbot)
    assert long in shown(window)
    assert window.minimumSizeHint().width() <= before


# --- numbers -----------------------------------------------------------------------------------


def test_number_and_code_are_copied(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answer = {"_id": ID, "_access_number": "+1 800 344 9999", "_access_code": "0084"}
    window = open_phone(open_window, wire, qtbot, answer)
    press_button(window, "phoneCopyNumber")
    assert QApplication.clipboard().text() == "+1 800 344 9999"
    press_button(window, "phoneCopyCode")
    assert QApplication.clipboard().text() == "0084"
    assert "0084" in drive.said(window)
    assert len(wire.requests) == 1


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({**NUMBER, "_tel_url": "tel:+18003449999,,7684"}, "tel:+18003449999,,7684"),
        ({"_id": ID, "_access_number": "+1 800 344 9999"}, "tel:+18003449999"),
        ({"_id": ID, "_access_number": "#9*1"}, "tel:%239*1"),
    ],
)
def test_the_qr_code_is_that_of_the_tel_address(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, answer: object, code: str
) -> None:
    window = open_phone(open_window, wire, qtbot, answer)
    qr = drive.find(window, QrCode, "phoneQr")
    assert qr.accessibleName() == f"QR code of {code}"
    wanted = [[bool(cell) for cell in row] for row in segno.make(code, micro=False).matrix]
    assert [list(row) for row in qr.matrix] == wanted
    assert painted_modules(qr) == wanted


def painted_modules(qr: QrCode) -> list[list[bool]]:
    """Read the modules from the picture, as a camera would."""
    picture = qr.grab().toImage()
    count = len(qr.matrix) + 8
    side = max(1, min(picture.width(), picture.height()) // count)
    left, top = (picture.width() - side * count) // 2, (picture.height() - side * count) // 2
    return [
        [
            picture.pixelColor(
                left + (column + 4) * side + side // 2, top + (row + 4) * side + side // 2
            ).lightness()
            < 128
            for column in range(count - 8)
        ]
        for row in range(count - 8)
    ]


def test_a_tel_address_too_long_for_a_code_has_none(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answer = {**NUMBER, "_tel_url": "tel:" + "1" * 8000}
    window = open_phone(open_window, wire, qtbot, answer)
    assert window.findChildren(QrCode) == []


def test_the_countdown_of_an_access_warns_and_ends(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answer = {"_id": ID, "_access_number": "800", "_expiration_time": "30"}
    window = open_phone(open_window, wire, qtbot, answer)
    countdown = drive.find(window, Countdown, "phoneRemaining")
    assert countdown.text().startswith("Held for another")
    assert countdown.isVisible()
    now = datetime.now(UTC)
    countdown._expires = lambda: now + timedelta(seconds=5)
    countdown.refresh()
    assert countdown._role == "warning"
    countdown._expires = lambda: now - timedelta(seconds=1)
    countdown.refresh()
    assert countdown.text() == "The booking has ended"


def test_the_number_to_dial_counts_down_where_the_access_is_held(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answer = {**NUMBER, "_access_number": "800-344-9999", "_expiration_time": "30"}
    window = open_phone(open_window, wire, qtbot, answer)
    assert drive.find(window, Countdown, "phoneRemaining").isVisible()


def test_another_number_s_time_is_not_that_of_this_one(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answer = {**NUMBER, "_access_number": "700", "_expiration_time": "30"}
    window = open_phone(open_window, wire, qtbot, answer)
    assert not drive.find(window, Countdown, "phoneRemaining").isVisible()


# --- chat ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [True, False])
def test_a_chat_is_started_by_post_whatever_choices_go_out_by(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, *, given: bool
) -> None:
    url = address(wire, "chat/start") if given else ""
    chat = {"_id": ID, "_action": "StartChat", "_start_chat_url": url}
    joined = ["Notice.Joined", "Ana", "", "1", "AGENT"]
    line = ["Message.Text", "Ana", "Hello <b>", "1", "AGENT"]
    answer = {"chatIxnState": "CONNECTED", "transcriptToShow": [joined, line]}
    window = open_phone(open_window, wire, qtbot, chat, answer)
    window.console.phone.set_method("GET")
    request = choose(window, "phoneStartChat", wire, qtbot)
    path = "chat/start" if given else "ixn/chat"
    assert request.raw == request_bytes(wire, f"POST /genesys/1/service/{ID}/{path}")
    for text in ("Chat: CONNECTED", "Ana joined", "Ana: Hello <b>"):
        assert text in shown(window)


# --- the trail -----------------------------------------------------------------------------


def test_the_trail_keeps_every_step_and_shows_each_again(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    inner = menu(("Back", address(wire, "back")), label="When?")
    window = open_phone(open_window, wire, qtbot, two_choices(wire), inner, two_choices(wire))
    choose(window, "phoneItem1", wire, qtbot)
    choose(window, "phoneItem1", wire, qtbot)
    trail = drive.find(window, QListView, "phoneTrail")
    assert drive.texts(trail) == [
        "1  Menu · How may we help?",
        "2  Menu · When?",
        "3  Menu · How may we help?",
    ]
    assert [one.came_by for one in screens(window)] == [
        "create callback/callme",
        "Call me now",
        "Back",
    ]
    assert trail.currentIndex().row() == 2
    drive.click_cell(trail, trail.model().index(1, 0))
    assert "When?" in shown(window)
    assert '"When?"' in answer_beside(window)
    assert len(wire.requests) == 3
    press_button(window, "phoneBackToLatest")
    assert "How may we help?" in shown(window)
    assert trail.currentIndex().row() == 2
    assert not drive.find(window, QPushButton, "phoneBackToLatest").isVisible()
    assert focus_name() == "phoneItem1"


def test_the_trail_is_walked_by_the_keyboard(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_phone(open_window, wire, qtbot, two_choices(wire), CONFIRMATION)
    choose(window, "phoneItem1", wire, qtbot)
    drive.find(window, QListView, "phoneTrail").setFocus(Qt.FocusReason.TabFocusReason)
    drive.press(window, "Up")
    assert "Call me now" in shown(window)
    assert focus_name() == "phoneTrail"
    drive.press(window, "Down")
    assert CONFIRMATION["_text"] in shown(window)
    drive.press(window, "Up", "Alt+8", "2")
    qtbot.waitUntil(lambda: len(wire.requests) == 3)
    assert wire.requests[-1].target.endswith("/later")


def test_a_screen_of_the_past_stays_while_the_phone_goes_on(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_phone(open_window, wire, qtbot, two_choices(wire), CONFIRMATION, NUMBER)
    choose(window, "phoneItem1", wire, qtbot)
    window.console.phone.show_screen(1)
    instance = window.console.live.selected
    assert instance is not None
    window.console.session.tasks.start(
        instance.send(instance.prepare("status")), name="status", owner=instance
    )
    qtbot.waitUntil(lambda: len(screens(window)) == 3)
    drive.settle()
    assert "Call me now" in shown(window)
    assert drive.find(window, QPushButton, "phoneBackToLatest").isVisible()


def test_each_instance_has_its_own_trail(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_phone(
        open_window, wire, qtbot, two_choices(wire), {**CONFIRMATION, "_id": "second"}
    )
    drive.press(window, "Ctrl+Return")
    qtbot.waitUntil(lambda: len(window.console.session.instances) == 2)
    qtbot.waitUntil(lambda: not window.console.sending)
    drive.press(window, "Alt+8")
    trail = drive.find(window, QListView, "phoneTrail")
    assert drive.texts(trail) == ["1  Message · You will receive the call shortly"]
    window.console.live.select(window.console.session.instances[0])
    drive.settle()
    assert drive.texts(trail) == ["1  Menu · How may we help?"]
    assert "Call me now" in shown(window)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_phone_is_drawn_in_both_schemes(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, scheme: str
) -> None:
    window = open_phone(open_window, wire, qtbot, two_choices(wire))
    window.action(scheme).trigger()
    area = drive.find(window, QWidget, "phoneScreen")
    place = area.mapTo(window, area.rect().center())
    place.setY(area.mapTo(window, area.rect().bottomLeft()).y() - 12)
    colour = window.grab().toImage().pixelColor(place)
    assert colour.lightness() > 200 if scheme == "light" else colour.lightness() < 60


def test_a_larger_text_makes_the_phone_s_texts_larger(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_phone(open_window, wire, qtbot, two_choices(wire))
    item = drive.find(window, QPushButton, "phoneItem1")
    before = item.height()
    drive.press(window, "Ctrl+=", "Ctrl+=", "Ctrl+=", "Ctrl+=")
    assert item.height() > before
