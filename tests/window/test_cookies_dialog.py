"""The cookie inspector: what an instance's cookies say, and taking them away."""

from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTabBar,
    QTreeWidget,
)
from pytestqt.qtbot import QtBot

from gms_console.ui.panes.cookies_dialog import CookiesDialog
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, Workspace
from tests.support.cluster import Cluster, created_with
from tests.support.wire_server import WireServer, json_answer
from tests.window.conftest import OpenWindow
from tests.window.driving import (
    active_dialog,
    back_in,
    click,
    click_row,
    find,
    open_tab,
    press,
    retype,
    said,
    send,
)

SECRET = "s3cr3t-a1.w2"


def opened(open_window: OpenWindow, qa: Cluster, qtbot: QtBot) -> MainWindow:
    """Open a window on node1 of `qa`, where an instance was created."""
    window = open_window(Workspace(base_url=qa.one.base_url, create=Draft(service="request-chat")))
    window.console.use_environment(qa.environment)
    send(window, qa.one, qtbot)
    return window


def inspect(window: MainWindow, qtbot: QtBot) -> CookiesDialog:
    press(window, "Ctrl+Shift+K")
    return active_dialog(qtbot, CookiesDialog)


def table(dialog: CookiesDialog) -> list[list[str]]:
    view = find(dialog, QTreeWidget, "cookieList")
    items = [view.topLevelItem(row) for row in range(view.topLevelItemCount())]
    return [[item.text(column) for column in range(7)] for item in items if item is not None]


def all_texts(dialog: CookiesDialog) -> str:
    view = find(dialog, QTreeWidget, "cookieList")
    items = [view.topLevelItem(row) for row in range(view.topLevelItemCount())]
    tips = [item.toolTip(column) for item in items if item is not None for column in range(7)]
    labels = [part.text() for part in dialog.findChildren(QLabel)]
    return "\n".join([*tips, *labels, *(text for row in table(dialog) for text in row)])


def button(dialog: CookiesDialog, name: str) -> QPushButton:
    return find(dialog, QPushButton, name)


def test_a_cookie_is_shown_with_its_value_masked_until_asked_for(
    open_window: OpenWindow, qa: Cluster, qtbot: QtBot
) -> None:
    qa.one.script(created_with("w2"))
    window = opened(open_window, qa, qtbot)
    dialog = inspect(window, qtbot)
    [row] = table(dialog)
    assert row == [
        "JSESSIONID",
        "***.w2",
        "⚠ node2",
        "127.0.0.1",
        "/genesys",
        "with the session",
        "HttpOnly",
    ]
    assert "s3cr3t" not in all_texts(dialog)
    show = button(dialog, "cookieShowButton")
    click(show)
    assert table(dialog)[0][1] == SECRET
    click(show)
    assert "s3cr3t" not in all_texts(dialog)
    click(show)
    press(dialog, "Esc")
    back_in(window, qtbot)
    # Another look begins masked again.
    assert "s3cr3t" not in all_texts(inspect(window, qtbot))


def test_a_cookie_that_leads_to_another_node_is_warned_of(
    open_window: OpenWindow, qa: Cluster, qtbot: QtBot
) -> None:
    qa.one.script(created_with("w2"))
    dialog = inspect(opened(open_window, qa, qtbot), qtbot)
    warning = find(dialog, QLabel, "cookieWarning")
    assert warning.isVisible()
    assert "JSESSIONID points to node2, and this instance is on node1." in warning.text()
    click(button(dialog, "cookieDeleteButton"))
    assert not warning.isVisible()


def test_a_cookie_of_the_own_node_is_no_warning(
    open_window: OpenWindow, qa: Cluster, qtbot: QtBot
) -> None:
    qa.one.script(created_with("node1"))
    dialog = inspect(opened(open_window, qa, qtbot), qtbot)
    assert table(dialog)[0][2] == "node1"
    assert not find(dialog, QLabel, "cookieWarning").isVisible()


def test_a_deleted_cookie_goes_from_the_preview_and_the_wire(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    two = (("Set-Cookie", "a=1; path=/"), ("Set-Cookie", "b=2; path=/; secure"))
    wire.script(json_answer({"_id": "I-1"}, headers=(*two, ("Set-Cookie", "c=3; path=/"))))
    window = open_window(Workspace(base_url=wire.base_url, create=Draft(service="request-chat")))
    send(window, wire, qtbot)
    wire.script(json_answer({}))
    open_tab(find(window, QTabBar, "targetTabs"), "Request on an instance")
    retype(find(window, QLineEdit, "requestNameEdit"), "status")
    preview = find(window, QPlainTextEdit, "wirePreview")
    qtbot.waitUntil(lambda: "Cookie: a=1; c=3\n" in preview.toPlainText())
    dialog = inspect(window, qtbot)
    view = find(dialog, QTreeWidget, "cookieList")
    assert [row[0] for row in table(dialog)] == ["a", "b", "c"]
    assert table(dialog)[1][6] == "Secure"
    click_row(view, "a")
    press(dialog, "Delete")
    assert [row[0] for row in table(dialog)] == ["b", "c"]
    assert said(window) == "a deleted; requests go without it"
    # The one below is chosen then, as in other lists.
    current = view.currentItem()
    assert current is not None
    assert current.text(0) == "b"
    press(dialog, "Esc")
    back_in(window, qtbot)
    assert "Cookie: c=3\n" in preview.toPlainText()
    assert send(window, wire, qtbot).values("cookie") == ["c=3"]
    dialog = inspect(window, qtbot)
    click(button(dialog, "cookieDeleteAllButton"))
    assert said(window) == "2 cookies deleted"
    assert find(dialog, QLabel, "cookieEmpty").isVisible()
    for name in ("Show", "Copy", "Delete", "DeleteAll"):
        assert not button(dialog, f"cookie{name}Button").isEnabled()
    click(find(dialog, QDialogButtonBox, "").buttons()[0])
    back_in(window, qtbot)
    assert send(window, wire, qtbot).values("cookie") == []


def test_the_value_is_copied_and_not_said(
    open_window: OpenWindow, qa: Cluster, qtbot: QtBot
) -> None:
    qa.one.script(created_with("w2"))
    window = opened(open_window, qa, qtbot)
    dialog = inspect(window, qtbot)
    click(button(dialog, "cookieCopyButton"))
    assert QGuiApplication.clipboard().text() == SECRET
    assert said(window) == "Value of JSESSIONID copied"
    QGuiApplication.clipboard().clear()
    find(dialog, QTreeWidget, "cookieList").setFocus()
    press(dialog, "Ctrl+C")
    assert QGuiApplication.clipboard().text() == SECRET


def test_cookies_that_come_meanwhile_are_shown(
    open_window: OpenWindow, qa: Cluster, qtbot: QtBot
) -> None:
    qa.one.script(created_with("node1"), created_with("w2", more="; secure"))
    window = opened(open_window, qa, qtbot)
    instance = window.console.session.instances[0]
    dialog = inspect(window, qtbot)
    work = instance.send(instance.prepare("status"))
    window.console.session.tasks.start(work, name="status", owner=instance)
    qtbot.waitUntil(lambda: table(dialog)[0][2] == "node2")
    assert table(dialog)[0][6] == "HttpOnly, Secure"


def test_an_instance_without_cookies_says_what_they_are_for(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer({"_id": "I-1"}))
    window = open_window(Workspace(base_url=wire.base_url, create=Draft(service="request-chat")))
    press(window, "Ctrl+Shift+K")
    assert said(window).startswith("Create a service, or choose an instance in the list")
    send(window, wire, qtbot)
    empty = find(inspect(window, qtbot), QLabel, "cookieEmpty")
    assert empty.isVisible()
    assert "JSESSIONID" in empty.text()


def test_what_a_server_writes_is_shown_as_it_is(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    name = "<b>x</b>"
    wire.script(json_answer({"_id": "I-1"}, headers=(("Set-Cookie", f"{name}=1; path=/"),)))
    window = open_window(Workspace(base_url=wire.base_url, create=Draft(service="request-chat")))
    send(window, wire, qtbot)
    dialog = inspect(window, qtbot)
    view = find(dialog, QTreeWidget, "cookieList")
    item = view.itemAt(QPoint(5, 5))
    assert item is not None
    assert item.text(0) == name
    assert item.toolTip(0) == "<qt>&lt;b&gt;x&lt;/b&gt;</qt>"
