"""Pages of a dialog: opened in the browser, or shown here without loading anything by itself."""

from time import perf_counter

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QLineEdit, QPushButton, QTextBrowser
from pytestqt.qtbot import QtBot

from gms_console.safe_html import safe_html
from gms_console.ui.panes.phone.page_browser import PageBrowser
from gms_console.ui.window import MainWindow
from tests.support.wire_server import WireServer, body_answer, json_answer, text_answer
from tests.window import driving as drive
from tests.window.conftest import OpenWindow
from tests.window.phone_story import (
    ID,
    answer_beside,
    choose,
    focus_name,
    foot,
    idle,
    open_phone,
    press_button,
    request_bytes,
    screens,
    shown,
)

PAGE = {"_id": ID, "status": "waiting-for-agent", "dialog": "/waitingforagent.html"}
HTML = """<!DOCTYPE html><html><head><title>T</title><link rel="stylesheet" href="/style.css">
<style>@import url(/more.css); body { background: url(/back.png) }</style>
<script src="/code.js"></script></head><body onload="steal()" background="/b.png">
<h1>Please wait</h1><p style="background:url(/p.png)">You are <b>third</b>.</p>
<img src="/logo.png" alt="Logo"><iframe src="/frame.html">in the frame</iframe>
<script>document.write("written")</script><a href="/next.html">Next</a>
<form action="/send"><input value="Field"></form></body></html>"""


@pytest.fixture
def window(open_window: OpenWindow, wire: WireServer, qtbot: QtBot) -> MainWindow:
    """Open the phone of an instance that shows a page path."""
    page = text_answer(HTML, headers=[("Content-Type", "text/html;charset=utf-8")])
    return open_phone(open_window, wire, qtbot, PAGE, page)


def url_edit(window: MainWindow) -> QLineEdit:
    return drive.find(window, QLineEdit, "phonePageUrl")


def page_text(window: MainWindow) -> str:
    return drive.find(window, QTextBrowser, "phonePage").toPlainText()


def test_a_page_path_is_shown_with_its_state_and_address(
    window: MainWindow, wire: WireServer
) -> None:
    assert {"waiting-for-agent", "/waitingforagent.html"} <= set(shown(window))
    assert url_edit(window).text() == wire.url("/waitingforagent.html")
    assert len(wire.requests) == 1
    assert focus_name() == "phoneShowPage"


def test_the_browser_is_given_the_address_and_nothing_is_sent(
    window: MainWindow, wire: WireServer
) -> None:
    opened: list[str] = []
    window.console.phone.open_address = opened.append
    press_button(window, "phoneOpenPage")
    assert opened == [wire.url("/waitingforagent.html")]
    drive.retype(url_edit(window), "/other.html#part")
    press_button(window, "phoneOpenPage")
    assert opened[1:] == [wire.url("/other.html#part")]
    assert len(wire.requests) == 1


@pytest.mark.parametrize("text", ["javascript:alert(1)", "file:///etc/passwd", "ftp://h/x", ""])
@pytest.mark.parametrize("button", ["phoneOpenPage", "phoneShowPage"])
def test_no_other_kind_of_address_is_opened(
    window: MainWindow, wire: WireServer, text: str, button: str
) -> None:
    opened: list[str] = []
    window.console.phone.open_address = opened.append
    drive.retype(url_edit(window), text)
    press_button(window, button)
    assert foot(window)
    assert opened == []
    assert len(wire.requests) == 1


def test_a_system_without_a_browser_is_told(window: MainWindow) -> None:
    window.console.phone.open_address = lambda _: False
    press_button(window, "phoneOpenPage")
    assert "no browser" in foot(window)


def test_showing_a_page_is_one_request_and_loads_nothing_more(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    request = choose(window, "phoneShowPage", wire, qtbot)
    assert request.raw == request_bytes(wire, "GET /waitingforagent.html", post=False)
    text = page_text(window)
    for part in ("Please wait", "You are third.", "[picture: Logo]", "Next", "[Field]"):
        assert part in text
    for part in ("steal", "written", "in the frame", "@import", "\ufffc"):
        assert part not in text
    assert "<script src" in answer_beside(window)
    assert focus_name() == "phonePage"
    window.grab()
    drive.settle()
    assert len(wire.requests) == 2
    assert wire.connections == 1
    assert len(screens(window)) == 1


def test_a_link_of_the_page_is_named_and_not_followed(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    choose(window, "phoneShowPage", wire, qtbot)
    browser = drive.find(window, QTextBrowser, "phonePage")
    before = browser.toPlainText()
    browser.anchorClicked.emit(QUrl("/next.html"))
    browser.setSource(QUrl(wire.url("/next.html")))
    drive.settle()
    assert browser.toPlainText() == before
    assert len(wire.requests) == 2


def test_a_link_is_reached_and_pressed_by_the_keyboard(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    choose(window, "phoneShowPage", wire, qtbot)
    drive.press(window, "Tab", "Return")
    assert "/next.html" in drive.said(window)
    assert len(wire.requests) == 2


def test_the_address_is_edited_and_stays_so(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    drive.retype(url_edit(window), "/genesys/other.html", "Return")
    idle(window, qtbot)
    assert wire.requests[-1].target == "/genesys/other.html"
    assert url_edit(window).text() == "/genesys/other.html"


def test_a_page_of_another_host_asks_first(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    with WireServer(text_answer("<p>Far away</p>", headers=[("Content-Type", "text/html")])) as far:
        drive.retype(url_edit(window), far.url("/p.html"))
        press_button(window, "phoneShowPage")
        assert far.connections == 0
        press_button(window, "phoneConsentSend")
        idle(window, qtbot)
        assert [one.raw for one in far.requests] == [request_bytes(far, "GET /p.html", post=False)]
        assert page_text(window) == "Far away"
    assert len(wire.requests) == 1


def test_a_plain_text_page_is_not_taken_for_html(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_phone(open_window, wire, qtbot, PAGE, text_answer("a <b>bold</b> &amp; word"))
    choose(window, "phoneShowPage", wire, qtbot)
    assert page_text(window) == "a <b>bold</b> &amp; word"


@pytest.mark.parametrize(
    ("body", "kind", "note"),
    [
        (b"", "text/html", "The page is empty."),
        (b"\x89PNG", "image/png", "A page of the type image/png cannot be shown here."),
    ],
)
def test_what_is_no_page_is_said_to_be_none(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, body: bytes, kind: str, note: str
) -> None:
    page = body_answer(body, headers=[("Content-Type", kind)])
    window = open_phone(open_window, wire, qtbot, PAGE, page)
    choose(window, "phoneShowPage", wire, qtbot)
    assert note in shown(window)


def test_a_page_that_is_not_there_is_the_next_screen(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_phone(open_window, wire, qtbot, PAGE, text_answer("Not here", 404))
    choose(window, "phoneShowPage", wire, qtbot)
    assert "Not here" in shown(window)


def test_a_dialog_instead_of_a_page_is_the_next_screen(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_phone(open_window, wire, qtbot, PAGE, json_answer({"_text": "Come in"}))
    choose(window, "phoneShowPage", wire, qtbot)
    assert "Come in" in shown(window)


def test_the_browser_widget_loads_nothing(qtbot: QtBot) -> None:
    browser = PageBrowser(HTML, is_html=True)
    qtbot.addWidget(browser)
    for kind in (
        QTextDocument.ResourceType.ImageResource,
        QTextDocument.ResourceType.StyleSheetResource,
        QTextDocument.ResourceType.HtmlResource,
    ):
        assert not browser.loadResource(kind.value, QUrl("file:///etc/hostname"))
    assert not browser.openLinks()


# --- what is left of HTML ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "kept"),
    [
        ("<p>a &lt;b&gt; &amp;amp;</p>", "<p>a &lt;b&gt; &amp;amp;</p>"),
        ("<P CLASS=x>a<BR/>b", "<p>a<br>b</p>"),
        ("a<script>x</p></SCRIPT >b", "ab"),
        ("a<script>never ends", "a"),
        ("<head><meta><title>t</title></head>a", "a"),
        ("<head><body>a", "a"),
        ("a<!-- <p>b</p> -->c<!doctype x>d", "acd"),
        ("<a href='javascript:x()' onclick=y>z</a>", '<a href="javascript:x()">z</a>'),
        ("<a name=x>z</a>", "<span>z</span>"),
        ("<img src=x alt='1 > 0'>", "[picture: 1 &gt; 0]"),
        ("<img src=x>", "[picture]"),
        ("1 < 2", "1 &lt; 2"),
        ("</p>a<b><i>c</b>d", "a<b><i>c</i></b>d"),
        ("<blink>a</blink>", "a"),
        ("<td>a</td>", "<div>a</div>"),
        ("<svg><a href=x>b</a></svg>c", "c"),
        ("<object data=x>a</object>b<embed src=y>c", "bc"),
    ],
)
def test_only_text_and_structure_are_left(page: str, kept: str) -> None:
    assert safe_html(page) == kept


@pytest.mark.parametrize(
    "page",
    [
        "<" * 200_000,
        "<a" * 100_000,
        '<a b="' * 33_000,
        "</a" * 66_000,
        "<!--" * 50_000,
        "<div>" * 40_000,
        "<table><tr><td>" * 13_000,
        "<img " + "a" * 190_000 + ">",
        "<script>" * 25_000,
    ],
    ids=lambda page: page[:8],
)
def test_a_page_made_to_hurt_takes_no_time(page: str) -> None:
    begun = perf_counter()
    safe_html(page)
    assert perf_counter() - begun < 5


def test_the_page_is_reached_and_left_by_tab(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    choose(window, "phoneShowPage", wire, qtbot)
    browser = drive.find(window, QTextBrowser, "phonePage")
    browser.setFocus(Qt.FocusReason.TabFocusReason)
    names = []
    for _ in range(4):
        drive.press(window, "Tab")
        names.append(focus_name())
    assert "followMethodCombo" in names
    assert drive.find(window, QPushButton, "phoneShowPage").isEnabled()
