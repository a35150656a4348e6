"""An answer never causes a request, nor a file to be read, by being displayed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QTabWidget, QTextBrowser
from pytestqt.qtbot import QtBot

from gms_console.ui.panes.cookies_dialog import CookiesDialog
from gms_console.ui.panes.reopen_dialog import ReopenDialog
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, PollSettings, Workspace
from tests.support.wire_server import (
    Answer,
    WireServer,
    answer_bytes,
    json_answer,
    raw_answer,
    text_answer,
)
from tests.window import driving as drive
from tests.window.bait import Bait, look_at_all
from tests.window.conftest import OpenWindow
from tests.window.phone_story import ID, idle, press_button


@pytest.fixture
def bait(tmp_path: Path) -> Iterator[Bait]:
    with Bait(tmp_path) as made:
        yield made


def see_every_view(window: MainWindow) -> None:
    """Go through all views of the answer, and all that stands beside it."""
    tabs = drive.find(window, QTabWidget, "answerTabs")
    for place in range(tabs.count()):
        tabs.setCurrentIndex(place)
        drive.settle()
        window.grab()
    tabs.setCurrentIndex(0)
    look_at_all(window)


def send(window: MainWindow, qtbot: QtBot) -> None:
    drive.press(window, "Ctrl+Return")
    qtbot.waitUntil(lambda: not window.console.sending)


def test_the_bait_is_one(bait: Bait, qtbot: QtBot) -> None:
    """A widget that takes markup opens the picture, so the tests below can fail."""
    if not bait.sees_files:
        pytest.skip("this system does not tell who opens a file")
    label = QLabel(bait.markup)
    qtbot.addWidget(label)
    label.show()
    label.grab()
    assert bait.times_opened() > 0
    plain = QLabel()
    qtbot.addWidget(plain)
    plain.setToolTip(bait.markup)
    plain.show()
    look_at_all(plain.window())
    outer = QTextBrowser()
    qtbot.addWidget(outer)
    outer.setHtml(bait.markup)
    outer.show()
    outer.grab()
    assert bait.times_opened() > 0


def page(bait: Bait) -> Answer:
    return text_answer(bait.markup, headers=[("Content-Type", "text/html")])


def refusal(bait: Bait) -> Answer:
    said = {"exception": bait.markup, "message": bait.markup, "phrase": bait.markup, "code": 400}
    return json_answer(said, 400)


def slots(bait: Bait) -> Answer:
    times = {f"2026-11-25T09:00:00.000Z{bait.markup}": 3, bait.markup: bait.markup}
    said = {"message": bait.markup, "availability": times}
    return json_answer(said, 400)


def head(bait: Bait) -> Answer:
    line = bait.markup.replace("\n", "")
    whole = answer_bytes(b'{"_id": 1}', headers=[("X-Bait", line), ("Location", line)])
    return raw_answer(whole.replace(b"200 OK", b"200 " + line.encode(), 1))


def no_http(bait: Bait) -> Answer:
    return raw_answer(bait.markup.encode() + b"\r\n\r\n", close=True)


def moved(bait: Bait) -> Answer:
    where = bait.server.url("/bait?q=<img src=x>")
    return json_answer({"message": bait.markup}, 302, headers=[("Location", where)])


@pytest.mark.parametrize("answer", [page, refusal, slots, head, no_http, moved])
def test_an_answer_is_shown_and_nothing_is_loaded(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, bait: Bait, answer: Any
) -> None:
    wire.script(answer(bait))
    draft = Draft(service="request-interaction")
    window = open_window(Workspace(base_url=wire.base_url, create=draft))
    send(window, qtbot)
    see_every_view(window)
    assert window.console.exchange is not None
    assert len(wire.requests) == 1
    bait.check()


def test_cards_timeline_and_attempts_load_nothing(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, bait: Bait
) -> None:
    created = {
        "_id": bait.markup,
        "_access_number": bait.markup,
        "_access_code": bait.markup,
        "_expiration_time": "30",
        "status": bait.markup,
    }
    wire.script(
        json_answer(created),
        json_answer({"status": f"1{bait.markup}"}),
        json_answer({"message": bait.markup}, 503),
        json_answer({"status": "agent-ready"}),
    )
    draft = Draft(service="request-interaction")
    poll = PollSettings(every=0.02)
    window = open_window(Workspace(base_url=wire.base_url, create=draft, poll=poll))
    send(window, qtbot)
    assert window.console.live.selected is not None
    drive.press(window, "Ctrl+Shift+T")
    drive.click(drive.find(window, QPushButton, "pollButton"))
    qtbot.waitUntil(lambda: len(wire.requests) == 4, timeout=10_000)
    qtbot.waitUntil(lambda: not window.console.session.running_polls())
    tabs = drive.find(window, QTabWidget, "timelineTabs")
    for place in range(tabs.count()):
        tabs.setCurrentIndex(place)
        look_at_all(window)
    see_every_view(window)
    for keys, kind in (("Ctrl+O", ReopenDialog), ("Ctrl+Shift+K", CookiesDialog)):
        drive.press(window, keys)
        dialog = drive.active_dialog(qtbot, kind)
        look_at_all(dialog)
        drive.press(dialog, "Esc")
        drive.back_in(window, qtbot)
    bait.check()


def screens(markup: str) -> list[dict[str, Any]]:
    """Give one screen of each kind, all texts of which are bait."""
    entries = [{"_label": markup, "_user_action_url": markup}]
    content = [{"_group_name": markup, "_group_content": entries}]
    number = {"_label": markup, "_tel_url": f"tel:{markup}", "_access_code": markup}
    return [
        {"_id": ID, "_action": "DisplayMenu", "_label": markup, "_content": content},
        {"_id": ID, "_action": "DialNumber", **number},
        {
            "_id": ID,
            "_dialog_id": markup,
            "_action": "ConfirmationDialog",
            "_text": markup,
            "_ok_title": markup,
        },
        {"_id": ID, "_action": markup, "_label": markup},
        {"_id": ID, "status": markup, "dialog": markup},
        {"_id": ID, "_text": markup, "_start_chat": markup, "_chat": {"x": markup}},
    ]


@pytest.mark.parametrize("place", range(6))
def test_the_phone_loads_nothing(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, bait: Bait, place: int
) -> None:
    wire.script(json_answer(screens(bait.markup)[place]))
    draft = Draft(service="callback/callme")
    window = open_window(Workspace(base_url=wire.base_url, create=draft))
    send(window, qtbot)
    drive.press(window, "Alt+8")
    idle(window, qtbot)
    see_every_view(window)
    assert len(wire.requests) == 1
    bait.check()


def test_a_page_on_the_phone_is_text(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, bait: Bait
) -> None:
    wire.script(json_answer({"_id": ID, "status": "s", "dialog": "/p.html"}), page(bait))
    draft = Draft(service="callback/callme")
    window = open_window(Workspace(base_url=wire.base_url, create=draft))
    send(window, qtbot)
    drive.press(window, "Alt+8")
    press_button(window, "phoneShowPage")
    idle(window, qtbot)
    browser = drive.find(window, QTextBrowser, "phonePage")
    assert "rich" in browser.toPlainText()
    see_every_view(window)
    assert bait.markup in drive.find(window, QPlainTextEdit, "answerView").toPlainText()
    assert len(wire.requests) == 2
    bait.check()
