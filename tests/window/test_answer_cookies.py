"""The cookies of an answer: those that it set, and those that went along."""

from pathlib import Path

from PySide6.QtWidgets import (
    QLineEdit,
    QPushButton,
    QTabBar,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, Workspace
from tests.support.cluster import Cluster, created_with
from tests.support.wire_server import WireServer, json_answer
from tests.window.answers import STICKY, clipboard
from tests.window.conftest import OpenWindow, close_window
from tests.window.driving import click, find, open_tab, press, retype, said, send
from tests.window.history import open_history, open_kept


def tree_lines(item: QTreeWidgetItem, depth: int = 0) -> list[tuple[int, str, str]]:
    found = [(depth, item.text(0), item.text(1))]
    for place in range(item.childCount()):
        below = item.child(place)
        assert below is not None
        found += tree_lines(below, depth + 1)
    return found


def cookies(window: MainWindow) -> list[tuple[int, str, str]]:
    """Bring the cookies to the front; give each line with its depth, its name and its text."""
    open_tab(find(window, QTabWidget, "answerTabs"), "Cookies")
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
    open_tab(find(window, QTabWidget, "answerTabs"), "Body")
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
