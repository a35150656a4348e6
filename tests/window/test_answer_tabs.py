"""The tabs beside the body: headers, cookies, timing, request and problem, and what is copied."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QTextCursor
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QTabBar,
    QTabWidget,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gms_console.model.form import Form
from gms_console.ui.theme import colours
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, Workspace
from tests.support.cluster import Cluster, cluster, created_with
from tests.support.wire_server import (
    WireServer,
    body_answer,
    close_before_answer,
    json_answer,
    text_answer,
)
from tests.window.conftest import OpenWindow, close_window
from tests.window.driving import (
    add_row,
    click,
    find,
    open_tab,
    press,
    retype,
    said,
    send,
    type_text,
)
from tests.window.history import open_history, open_kept

TITLES = ["Body", "Headers", "Cookies", "Timing", "Request", "Problem"]
STICKY = ("Set-Cookie", "JSESSIONID=s3cr3t-a1.w1; Path=/genesys; HttpOnly")
REFUSED = {"exception": "com.genesyslab.X", "message": "Office is closed.", "code": 400}


@pytest.fixture
def qa() -> Iterator[Cluster]:
    with cluster() as made:
        yield made


def tabs(window: MainWindow) -> QTabWidget:
    return find(window, QTabWidget, "answerTabs")


def open_view(window: MainWindow, title: str, name: str) -> str:
    """Click a tab, and give the text of its view."""
    open_tab(tabs(window), title)
    view = find(window, QPlainTextEdit, name)
    assert view.isVisible()
    return view.toPlainText()


def sent(window: MainWindow, qtbot: QtBot) -> None:
    """Press Ctrl+Enter and wait for what comes of it."""
    press(window, "Ctrl+Return")
    qtbot.waitUntil(lambda: not window.console.sending)


def clipboard() -> str:
    return QApplication.clipboard().text()


def test_before_anything_was_sent_each_tab_says_what_it_is_for(window: MainWindow) -> None:
    bar = tabs(window)
    assert [bar.tabText(place) for place in range(bar.count())] == TITLES
    open_tab(bar, "Cookies")
    assert "set no cookie" in " ".join(
        one.text() for one in bar.currentWidget().findChildren(type(window.answer_pane.note_label))
    )
    open_tab(bar, "Problem")
    assert "Nothing is wrong" in find(window, QPlainTextEdit, "answerProblemView").placeholderText()
    open_tab(bar, "Timing")
    assert find(window, QWidget, "answerWaterfall").isVisible()


# --- cookies --------------------------------------------------------------------------------


def tree_lines(item: QTreeWidgetItem, depth: int = 0) -> list[tuple[int, str, str]]:
    found = [(depth, item.text(0), item.text(1))]
    for place in range(item.childCount()):
        below = item.child(place)
        assert below is not None
        found += tree_lines(below, depth + 1)
    return found


def cookies(window: MainWindow) -> list[tuple[int, str, str]]:
    """Bring the cookies to the front; give each line with its depth, its name and its text."""
    open_tab(tabs(window), "Cookies")
    tree = find(window, QTreeWidget, "answerCookies")
    return [
        line
        for place in range(tree.topLevelItemCount())
        if (item := tree.topLevelItem(place)) is not None
        for line in tree_lines(item)
    ]


def test_cookies_that_were_set_with_all_that_was_said_of_them(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    odd = ("Set-Cookie", "lang=fr; Priority=High; SameSite=None")
    wire.script(json_answer({"_id": "1"}, headers=(STICKY, odd)))
    send(window, wire, qtbot)
    assert cookies(window) == [
        (0, "Set by the answer · 2", ""),
        (1, "JSESSIONID", "***.w1"),
        (2, "Points to", "unknown worker w1"),
        (2, "Domain", "127.0.0.1 alone"),
        (2, "Path", "/genesys"),
        (2, "Expires", "with the session"),
        (2, "Marks", "HttpOnly"),
        (1, "lang", "***"),
        (2, "Domain", "127.0.0.1 alone"),
        (2, "Path", "/genesys/1/service (none was named)"),
        (2, "Expires", "with the session"),
        (2, "Marks", "SameSite=None"),
        (2, "Priority", "High"),
        (2, "⚠ SameSite=None needs Secure beside it; browsers drop it.", ""),
        (0, "Sent with the request · 0", ""),
        (1, "none", ""),
    ]


def test_a_cookie_shows_its_value_when_asked_and_masks_it_at_the_next_look(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer({"_id": "1"}, headers=(STICKY,)))
    send(window, wire, qtbot)
    cookies(window)
    show = find(window, QPushButton, "answerCookiesShow")
    click(show)
    assert (1, "JSESSIONID", "s3cr3t-a1.w1") in cookies(window)
    open_tab(tabs(window), "Body")
    assert (1, "JSESSIONID", "***.w1") in cookies(window)
    assert not show.isChecked()


def test_a_cookies_value_is_copied_by_key_and_the_view_without_it(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer({"_id": "1"}, headers=(STICKY,)))
    send(window, wire, qtbot)
    cookies(window)
    press(window, "Alt+3")
    tree = find(window, QTreeWidget, "answerCookies")
    assert tree.hasFocus()
    press(window, "Home")
    assert not find(window, QPushButton, "answerCookiesCopy").isEnabled()
    press(window, "Down", "Down", "Ctrl+C")
    assert clipboard() == "s3cr3t-a1.w1"
    assert said(window) == "Value of JSESSIONID copied"
    click(window.answer_pane.copy_button)
    assert "JSESSIONID: ***.w1\n" in clipboard()
    click(find(window, QPushButton, "answerCookiesShow"))
    click(window.answer_pane.copy_button)
    assert "s3cr3t" not in clipboard()


def test_a_sticky_cookie_names_its_node_and_warns_of_another(
    open_window: OpenWindow, qa: Cluster, qtbot: QtBot
) -> None:
    qa.one.script(created_with("w2"), json_answer({"status": "ok"}, headers=(STICKY,)))
    window = open_window(Workspace(base_url=qa.one.base_url, create=Draft(service="request-chat")))
    window.console.use_environment(qa.environment)
    send(window, qa.one, qtbot)
    [points_to] = [text for _, name, text in cookies(window) if name == "Points to"]
    assert points_to == "⚠ node2; the request went to node1"
    open_tab(find(window, QTabBar, "targetTabs"), "Request on an instance")
    retype(find(window, QLineEdit, "requestNameEdit"), "status")
    send(window, qa.one, qtbot)
    shown = cookies(window)
    assert shown[0] == (0, "Set by the answer · 1", "")
    assert shown[-3:] == [
        (0, "Sent with the request · 1", ""),
        (1, "JSESSIONID", "***.w2"),
        (2, "Points to", "⚠ node2; the request went to node1"),
    ]


def test_finding_in_cookies_says_where_they_stand_as_text(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer({"_id": "1"}, headers=(STICKY,)))
    send(window, wire, qtbot)
    cookies(window)
    press(window, "Ctrl+F")
    assert "among the headers" in said(window)
    assert window.findChildren(QWidget, "findEdit") == []


# --- timing ---------------------------------------------------------------------------------


def waterfall(window: MainWindow) -> QWidget:
    open_tab(tabs(window), "Timing")
    return find(window, QWidget, "answerWaterfall")


def test_first_byte_and_total_are_named_as_text_and_read_out(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    send(window, wire, qtbot)
    read_out = waterfall(window).accessibleDescription()
    for name in ("connect ", "send ", "wait for first byte ", "first byte after ", "total "):
        assert name in read_out
    text = open_view(window, "Timing", "answerTimingView")
    [first_byte] = [line for line in text.splitlines() if line.startswith("first byte after")]
    assert f"first byte after {first_byte.split('after')[1].strip()}," in read_out
    send(window, wire, qtbot)
    assert waterfall(window).accessibleDescription() != read_out, "another answer, other times"


@pytest.mark.parametrize("scheme", [Qt.ColorScheme.Light, Qt.ColorScheme.Dark])
def test_the_waterfall_is_painted_in_the_colours_in_force(
    window: MainWindow, wire: WireServer, qtbot: QtBot, scheme: Qt.ColorScheme
) -> None:
    send(window, wire, qtbot)
    picture = waterfall(window)
    window.look.use_scheme(scheme)
    image = picture.grab().toImage()
    seen = {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }
    wanted = colours()
    for ink in (wanted.surface, wanted.parameter, wanted.warning):
        assert QColor(ink).name() in seen


def test_the_phases_are_gone_through_by_keys(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    send(window, wire, qtbot)
    picture = waterfall(window)
    press(window, "Alt+3")
    assert picture.hasFocus()
    press(window, "Down")
    assert picture.accessibleDescription().startswith("connect: ")
    press(window, "Down")
    assert picture.accessibleDescription().startswith("send: ")
    press(window, "Home")
    assert picture.accessibleDescription().startswith("connect: ")


def test_redirects_are_stacked_on_one_axis(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(
        text_answer("", 302, [("Location", "/gw/one")]),
        text_answer("", 302, [("Location", "/gw/two")]),
        json_answer({}),
    )
    sent(window, qtbot)
    read_out = waterfall(window).accessibleDescription()
    assert "Request 1 of 3, 302 Found – POST " in read_out
    assert "Request 3 of 3, 200 OK – " in read_out
    text = open_view(window, "Timing", "answerTimingView")
    assert "2. 302 Found – " in text
    assert "total of all" in text


def test_the_phase_that_failed_is_told(window: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    wire.script(close_before_answer())
    sent(window, qtbot)
    assert " and failed, " in waterfall(window).accessibleDescription()
    assert "first byte" not in waterfall(window).accessibleDescription().replace("for first", "")


# --- problem --------------------------------------------------------------------------------


def is_marked(window: MainWindow) -> bool:
    return not tabs(window).tabIcon(TITLES.index("Problem")).isNull()


def test_the_problem_tab_is_marked_and_has_all_of_it(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer(REFUSED, 400), json_answer({}))
    assert not is_marked(window)
    send(window, wire, qtbot)
    assert is_marked(window)
    shown = open_view(window, "Problem", "answerProblemView")
    assert shown.startswith("What was said\nOffice is closed.\n\nFacts\n")
    for text in ("com.genesyslab.X", "400 Bad Request", "\nProbably\n", "\nTry\n"):
        assert text in shown
    click(window.answer_pane.copy_button)
    assert clipboard() == shown
    send(window, wire, qtbot)
    assert not is_marked(window)
    assert open_view(window, "Problem", "answerProblemView") == ""


def test_what_is_odd_is_marked_and_told_in_the_same_place(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer('{"_id": "1", "_id": "2"}'))
    send(window, wire, qtbot)
    assert is_marked(window)
    shown = open_view(window, "Problem", "answerProblemView")
    assert shown.startswith("What is odd\n- The JSON has “_id” more than once")


def test_finding_in_the_problem(window: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    wire.script(json_answer(REFUSED, 400))
    send(window, wire, qtbot)
    open_view(window, "Problem", "answerProblemView")
    press(window, "Ctrl+F")
    type_text(window, "genesyslab")
    assert window.answer_pane.find_bar.count_label.text() == "1 of 1"
    press(window, "Esc")
    assert find(window, QPlainTextEdit, "answerProblemView").hasFocus()


# --- headers --------------------------------------------------------------------------------


def open_menu(view: QPlainTextEdit, line: str) -> QMenu:
    """Put the cursor into a line and press the menu key."""
    cursor = view.document().find(line)
    assert not cursor.isNull()
    cursor.clearSelection()
    view.setTextCursor(cursor)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
    QApplication.sendEvent(view, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def choose_entry(menu: QMenu, text: str) -> None:
    """Choose an entry of a menu by the keyboard."""
    shown = [one for one in menu.actions() if one.text().replace("&", "").startswith(text)]
    assert len(shown) == 1, [one.text() for one in menu.actions()]
    entries = [one for one in menu.actions() if one.isEnabled() and not one.isSeparator()]
    press(menu, *["Down"] * (entries.index(shown[0]) + 1), "Return")


def test_one_header_its_value_or_all_are_copied(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer({}, headers=(("X-One", "a: b"), ("x-one", "c"), STICKY)))
    send(window, wire, qtbot)
    shown = open_view(window, "Headers", "answerHeadersView")
    view = find(window, QPlainTextEdit, "answerHeadersView")
    choose_entry(open_menu(view, "X-One"), "Copy the header X-One")
    assert clipboard() == "X-One: a: b"
    choose_entry(open_menu(view, "X-One"), "Copy the value of X-One")
    assert clipboard() == "a: b"
    choose_entry(open_menu(view, "Set-Cookie"), "Copy the value")
    assert clipboard() == "JSESSIONID=***; Path=/genesys; HttpOnly"
    assert said(window) == "Copied the value of Set-Cookie. Secrets in it are masked."
    view.moveCursor(QTextCursor.MoveOperation.Start)
    menu = open_menu(view, "200 OK")
    assert [one.text() for one in menu.actions()] == ["Copy &all headers"], "no header there"
    choose_entry(menu, "Copy all")
    assert clipboard() == shown.replace("s3cr3t-a1.w1", "***")


# --- copying --------------------------------------------------------------------------------


def test_the_request_as_curl_has_no_password_in_it(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    form = Form.of(("language", "it's french"), ("password", "hunter22"))
    window = open_window(
        Workspace(base_url=wire.base_url, create=Draft(service="request-chat", form=form))
    )
    press(window, "Ctrl+U")
    assert said(window) == "There is no request to copy yet."
    window.console.draft.form_model.edit(form, "as it was typed")
    send(window, wire, qtbot)
    press(window, "Ctrl+U")
    command = clipboard()
    assert "curl " in command
    assert f"{wire.base_url}/genesys/1/service/request-chat" in command
    assert "french" in command
    assert "hunter22" not in command
    assert said(window).startswith("Copied the request as a curl command.")
    assert "***" in said(window)


def copy_menu(window: MainWindow) -> QMenu:
    """Open the list of what can be copied, by the keyboard."""
    find(window, QToolButton, "answerCopyMenuButton").setFocus()
    press(window, "Space")
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def test_the_whole_body_is_copied_whichever_tab_is_in_front(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    text = json.dumps({"größe": "é" * 1_500_000}, ensure_ascii=False)
    content = [("Content-Type", "application/json; charset=ISO-8859-1")]
    wire.script(body_answer(text.encode("latin-1"), headers=content))
    send(window, wire, qtbot)
    assert window.console.exchange.response.stored is not None
    open_tab(tabs(window), "Headers")
    choose_entry(copy_menu(window), "The whole body")
    qtbot.waitUntil(lambda: said(window) == "Copied the body.")
    assert clipboard() == text


def test_what_the_copy_menu_has_beside_it(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer({"a": 1}))
    send(window, wire, qtbot)
    choose_entry(copy_menu(window), "What this view shows")
    assert clipboard() == '{\n  "a": 1\n}'
    choose_entry(copy_menu(window), "The request as curl")
    assert "curl " in clipboard()


def test_a_body_that_is_too_large_to_paste_is_not_copied(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(body_answer(b"x" * (17 * 1024 * 1024)))
    send(window, wire, qtbot)
    QApplication.clipboard().setText("before")
    choose_entry(copy_menu(window), "The whole body")
    assert said(window) == "The body has 17.0 MiB, too much to copy. Save it instead."
    assert clipboard() == "before"


def test_a_secret_that_the_server_echoes_is_masked_in_the_copied_body(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    add_row(window, "password", "hunter22")
    wire.script(json_answer({"echo": "it was hunter22"}))
    send(window, wire, qtbot)
    choose_entry(copy_menu(window), "The whole body")
    qtbot.waitUntil(lambda: said(window) == "Copied the body. Secrets in it are masked.")
    assert clipboard() == '{"echo": "it was ***"}'


def test_what_the_history_kept_of_a_cookie_can_be_neither_shown_nor_copied(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    first = open_kept(open_window, tmp_path, wire)
    wire.script(json_answer({"_id": "1"}, headers=(STICKY,)))
    send(first, wire, qtbot)
    cookies(first)
    assert find(first, QPushButton, "answerCookiesShow").isEnabled()
    close_window(first, qtbot)
    window = open_window(folder=tmp_path)
    open_history(window, qtbot, 1)
    press(window, "Down")
    qtbot.waitUntil(lambda: window.console.exchange is not None)
    assert "s3cr3t" not in str(cookies(window))
    for name in ("answerCookiesShow", "answerCookiesCopy"):
        button = find(window, QPushButton, name)
        assert not button.isEnabled()
        assert "history keeps no values" in button.toolTip()


def test_answers_are_compared_from_the_menu_of_the_head(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer({"a": 1}), json_answer({"a": 2}))
    send(window, wire, qtbot)
    menu = copy_menu(window)
    assert [one.text() for one in menu.actions() if not one.isEnabled()] == [
        "Compare with the &remembered one"
    ]
    choose_entry(menu, "Remember for comparison")
    first = window.console.exchange
    assert window.console.comparison.remembered is first
    send(window, wire, qtbot)
    choose_entry(copy_menu(window), "Compare with the one before")
    pair = window.console.comparison.pair
    assert (pair.left, pair.right) == (first, window.console.exchange)
    qtbot.waitUntil(lambda: not window.console.comparison.busy)
